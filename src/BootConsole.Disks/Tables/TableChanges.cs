// What a restore changes in the image's partition table besides fitting it to the target.
using System.Buffers.Binary;
using System.Security.Cryptography;
using BootConsole.Core;

namespace BootConsole.Disks.Tables;

/// <summary>Changes to a partition table; by default none.</summary>
public sealed record TableChanges
{
    // The type GUID stands before it; an entry whose type is zero is not used.
    private const int TypeBytes = 16;
    private const int LastLbaOffset = 40;
    private const int SignatureOffset = 440;

    // What cylinders, heads and sectors count since disks have hidden their own.
    private const int Heads = 255, TrackSectors = 63, Cylinders = 1024;

    /// <summary>Gives the new GUID of the disk and of each partition, and on MBR the new signature; null to leave them as they are.</summary>
    public Func<Guid>? NewId { get; init; }

    /// <summary>The partition that grows; null for none.</summary>
    public PartitionGrowth? Growth { get; init; }

    /// <summary>True when nothing is changed.</summary>
    public bool IsNone => NewId is null && Growth is null;

    /// <summary>A random GUID (RFC 9562, version 4) from the system's source of secrets.</summary>
    public static Guid RandomId()
    {
        Span<byte> bytes = stackalloc byte[16];
        RandomNumberGenerator.Fill(bytes);
        bytes[6] = (byte)((bytes[6] & 0x0F) | 0x40);
        bytes[8] = (byte)((bytes[8] & 0x3F) | 0x80);
        return new Guid(bytes, bigEndian: true);
    }

    /// <summary>Refuses what cannot be changed so.</summary>
    /// <exception cref="RefusedFault">The disk has no table that can be believed.</exception>
    public void Require(DiskLayout layout)
    {
        if (IsNone || (layout.Kind != TableKind.None && layout.IsConsistent)) return;
        throw new RefusedFault("the disk in the image has no partition table that can be believed, and so none that can be changed") { Remedy = "Restore it without --new-ids and --grow-last." };
    }

    /// <summary>The changed table; the header's checksum fits, its place is the old one.</summary>
    internal GptTable Apply(GptTable gpt, int sectorBytes)
    {
        if (IsNone) return gpt;
        var entries = gpt.Entries.ToArray();
        for (var start = 0; NewId is not null && start < entries.Length; start += gpt.Header.EntryBytes)
            if (entries.AsSpan(start, TypeBytes).ContainsAnyExcept((byte)0)) NewId().TryWriteBytes(entries.AsSpan(start + TypeBytes));
        if (Growth is not null) BinaryPrimitives.WriteInt64LittleEndian(entries.AsSpan((Growth.Partition.Number - 1) * gpt.Header.EntryBytes + LastLbaOffset), Growth.Grown.End / sectorBytes - 1);
        return gpt with { Header = gpt.Header.With(NewId?.Invoke() ?? gpt.Header.DiskGuid, Crc32.Of(entries)), Entries = entries };
    }

    /// <summary>The changed first sector of an MBR disk.</summary>
    internal byte[] Apply(ReadOnlySpan<byte> firstSector, int sectorBytes)
    {
        var sector = firstSector.ToArray();
        if (NewId is not null) BinaryPrimitives.WriteUInt32LittleEndian(sector.AsSpan(SignatureOffset), NewSignature(BinaryPrimitives.ReadUInt32LittleEndian(firstSector[SignatureOffset..])));
        if (Growth is not null) SetEnd(sector.AsSpan(MbrSector.EntriesOffset + (Growth.Partition.Number - 1) * MbrSector.EntryBytes, MbrSector.EntryBytes), Growth.Grown, sectorBytes);
        return sector;
    }

    private static void SetEnd(Span<byte> entry, ByteRange grown, int sectorBytes)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(entry[12..], (uint)(grown.Length / sectorBytes));
        var last = grown.End / sectorBytes - 1;
        var (cylinder, head, sector) = (last / TrackSectors / Heads, last / TrackSectors % Heads, last % TrackSectors + 1);
        if (cylinder >= Cylinders) (cylinder, head, sector) = (Cylinders - 1, Heads - 1, TrackSectors);
        // The two high bits of the cylinder stand above the sector.
        (entry[5], entry[6], entry[7]) = ((byte)head, (byte)(sector | (cylinder >> 8 << 6)), (byte)(cylinder & 0xFF));
    }

    // Zero means "none": Windows would write one of its own.
    private uint NewSignature(uint old)
    {
        Span<byte> bytes = stackalloc byte[16];
        while (true)
        {
            NewId!().TryWriteBytes(bytes);
            if (BinaryPrimitives.ReadUInt32LittleEndian(bytes) is var found && found != 0 && found != old) return found;
        }
    }
}
