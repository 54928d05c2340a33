// From the entries of a GPT to a layout.
using System.Buffers.Binary;
using System.Text;
using BootConsole.Core;

namespace BootConsole.Disks.Tables;

/// <summary>Reads the partition entries of a GPT (UEFI 2.10, section 5.3.3).</summary>
internal static class GptLayout
{
    private const int NameOffset = 56;
    private const int NameBytes = 72;

    internal static DiskLayout Of(TableReader reader, GptTable gpt, MbrSector mbr)
    {
        var notes = new List<string>(gpt.Notes);
        if (mbr.IsHybrid) notes.Add("The disk has a hybrid MBR besides its GPT; the GPT was used.");
        var layout = new DiskLayout(TableKind.Gpt, reader.SectorBytes, [])
        {
            DiskId = Text(gpt.Header.DiskGuid),
            Usable = reader.Sectors(gpt.Header.FirstUsableLba, gpt.Header.LastUsableLba - gpt.Header.FirstUsableLba + 1),
            TableBytes = gpt.Places.Union(RangeSet.Of(reader.Sectors(0, 1))),
            Gpt = gpt,
            Notes = notes,
        };

        var partitions = new List<Partition>();
        for (var i = 0; i < gpt.Header.EntryCount; i++)
        {
            var entry = gpt.Entries.Span.Slice(i * gpt.Header.EntryBytes, gpt.Header.EntryBytes);
            var type = new Guid(entry[..16]);
            if (type == Guid.Empty) continue;
            var first = BinaryPrimitives.ReadUInt64LittleEndian(entry[32..]);
            var last = BinaryPrimitives.ReadUInt64LittleEndian(entry[40..]);
            if (last < first || last > (ulong)reader.LastLba)
                return layout.Distrusted($"Partition {i + 1} has an impossible place. The partition table is not to be trusted; the whole disk is saved.");
            partitions.Add(new Partition(i + 1, reader.Sectors((long)first, (long)(last - first) + 1), Text(type))
            {
                Guid = Text(new Guid(entry[16..32])),
                Name = Name(entry.Slice(NameOffset, NameBytes)),
            });
        }

        if (partitions.Find(partition => !layout.Usable.Contains(partition.Range)) is { } outside)
            notes.Add($"Partition {outside.Number} lies outside the space that the GPT has for partitions.");
        var end = partitions.Count > 0 ? partitions.Max(partition => partition.Range.End) : layout.Usable.Start;
        return LayoutRules.Apply(layout with { OccupiedEnd = end }, partitions, reader.DiskBytes);
    }

    private static string Text(Guid guid) => guid.ToString("D").ToUpperInvariant();

    // UTF-16 up to the first zero. What a terminal would obey or a text file could not hold becomes U+FFFD.
    private static string Name(ReadOnlySpan<byte> bytes)
    {
        var name = Encoding.Unicode.GetString(bytes);
        var end = name.IndexOf('\0', StringComparison.Ordinal);
        return string.Concat((end < 0 ? name : name[..end]).EnumerateRunes().Select(rune => Rune.IsControl(rune) ? "\uFFFD" : rune.ToString()));
    }
}
