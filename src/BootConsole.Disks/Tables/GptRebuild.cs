// The partition table for a target of another size, or with changes: both copies of a GPT right, the backup at the true end.
using System.Buffers.Binary;
using BootConsole.Core;

namespace BootConsole.Disks.Tables;

/// <summary>Bytes that take the place of the image's bytes on the target.</summary>
/// <param name="Offset">Where, a multiple of the sector size.</param>
/// <param name="Bytes">What.</param>
public sealed record TableWrite(long Offset, ReadOnlyMemory<byte> Bytes)
{
    /// <summary>The bytes of the target it fills.</summary>
    public ByteRange Range => new(Offset, Bytes.Length);
}

/// <summary>Fits the partition table of an image to its target (UEFI 2.10, section 5.3). A pure function of the image's table and the target's size.</summary>
public static class GptRebuild
{
    /// <summary>What to write instead of the image's bytes, in ascending order. Partitions stay where they are, with their GUIDs.</summary>
    /// <param name="layout">The table of the image's disk, as <see cref="PartitionTables"/> reads it.</param>
    /// <param name="firstSector">The first sector of the image's disk: the protective MBR.</param>
    /// <param name="sourceBytes">Length of the image's disk.</param>
    /// <param name="targetBytes">Length of the target; at least <see cref="TargetFit.MinimumBytes"/>.</param>
    /// <param name="changes">What else is changed; null for nothing.</param>
    /// <returns>Nothing when the image's own bytes are right: nothing changed and equal size, no GPT, or a table that contradicts itself.</returns>
    /// <exception cref="RefusedFault">The target is too small, a partition stands in the way of a table, or there is no table to change.</exception>
    public static IReadOnlyList<TableWrite> For(DiskLayout layout, ReadOnlySpan<byte> firstSector, long sourceBytes, long targetBytes, TableChanges? changes = null)
    {
        changes ??= new TableChanges();
        changes.Require(layout);
        if (targetBytes < TargetFit.MinimumBytes(layout, sourceBytes))
        {
            throw new RefusedFault("the target is too small for the image")
            {
                Expected = $"at least {TargetFit.MinimumBytes(layout, sourceBytes)} bytes",
                Found = $"{targetBytes} bytes",
            };
        }

        if (!changes.IsNone && layout.Kind == TableKind.Mbr) return [new TableWrite(0, changes.Apply(firstSector[..layout.SectorBytes], layout.SectorBytes))];
        if ((targetBytes == sourceBytes && changes.IsNone) || layout.Gpt is not { } gpt || !layout.IsConsistent) return [];
        var writes = Rebuild(changes.Apply(gpt, layout.SectorBytes), layout.SectorBytes, firstSector, sourceBytes, targetBytes);
        if (!layout.Partitions.Any(partition => writes.Exists(write => write.Range.Overlaps(partition.Range)))) return writes;
        throw new RefusedFault("a partition of the image stands where the partition table of the target must be")
        {
            Remedy = "Use a target of the size of the image's disk, and leave its table as it is.",
        };
    }

    private static List<TableWrite> Rebuild(GptTable gpt, int sectorBytes, ReadOnlySpan<byte> firstSector, long sourceBytes, long targetBytes)
    {
        var lastLba = targetBytes / sectorBytes - 1;
        var entriesSectors = TargetFit.EntriesBytes(gpt, sectorBytes) / sectorBytes;
        var lastUsable = lastLba - entriesSectors - 1;
        // A table read from its backup does not say where the primary entries were; they belong right after the header.
        var primaryEntries = gpt.Header.MyLba == 1 ? gpt.Header.EntriesLba : 2;
        var primary = gpt.Header.Moved(1, lastLba, lastUsable, primaryEntries);
        var backup = gpt.Header.Moved(lastLba, 1, lastUsable, lastUsable + 1);

        var writes = new List<TableWrite>
        {
            new(0, ProtectiveMbr(firstSector, sectorBytes, sourceBytes, targetBytes)),
            new(sectorBytes, primary.Sector.ToArray()),
            new(primaryEntries * sectorBytes, Padded(gpt.Entries, entriesSectors * sectorBytes)),
        };
        if (OldBackup(gpt, sectorBytes, sourceBytes, targetBytes) is { } old) writes.Add(old);
        writes.Add(new TableWrite((lastUsable + 1) * sectorBytes, Padded(gpt.Entries, entriesSectors * sectorBytes)));
        writes.Add(new TableWrite(lastLba * sectorBytes, backup.Sector.ToArray()));
        return writes;
    }

    // The image's backup GPT would stand in the middle of a larger disk, as data that looks like a table. It is cleared where the new one leaves room.
    private static TableWrite? OldBackup(GptTable gpt, int sectorBytes, long sourceBytes, long targetBytes)
    {
        var bytes = TargetFit.EntriesBytes(gpt, sectorBytes) + sectorBytes;
        var oldStart = Math.Max(sourceBytes - bytes, (gpt.Header.LastUsableLba + 1) * sectorBytes);
        var end = Math.Min(sourceBytes, targetBytes - bytes);
        return oldStart < end ? new TableWrite(oldStart, new byte[end - oldStart]) : null;
    }

    // The protective entry covers the disk; in a hybrid MBR it may do so or not, and what that says on purpose stays.
    private static byte[] ProtectiveMbr(ReadOnlySpan<byte> firstSector, int sectorBytes, long sourceBytes, long targetBytes)
    {
        var sector = firstSector[..sectorBytes].ToArray();
        var isHybrid = MbrSector.Parse(firstSector)?.IsHybrid ?? true;
        for (var i = 0; i < 4; i++)
        {
            var entry = sector.AsSpan(MbrSector.EntriesOffset + i * MbrSector.EntryBytes, MbrSector.EntryBytes);
            if (entry[4] != MbrSector.ProtectiveType) continue;
            if (isHybrid && BinaryPrimitives.ReadUInt32LittleEndian(entry[12..]) != SizeInLba(sourceBytes)) continue;
            BinaryPrimitives.WriteUInt32LittleEndian(entry[12..], SizeInLba(targetBytes));
        }

        return sector;

        uint SizeInLba(long diskBytes) => (uint)Math.Min(diskBytes / sectorBytes - 1, uint.MaxValue);
    }

    private static byte[] Padded(ReadOnlyMemory<byte> bytes, long length)
    {
        var padded = new byte[length];
        bytes.CopyTo(padded);
        return padded;
    }
}
