// A GPT read from a disk: the primary copy, or the backup when the primary is damaged.
using BootConsole.Core;

namespace BootConsole.Disks.Tables;

/// <summary>A header and its partition entries, both with the right checksum.</summary>
/// <param name="Header">The header that was used.</param>
/// <param name="Entries">Its entries.</param>
public sealed record GptTable(GptHeader Header, ReadOnlyMemory<byte> Entries)
{
    /// <summary>What was found odd, a sentence each.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];

    /// <summary>Places of both headers and both entry arrays as far as they were found, in bytes.</summary>
    internal RangeSet Places { get; init; } = RangeSet.Empty;

    /// <summary>Looks for a GPT: at LBA 1, at the end of the disk, and where the header at LBA 1 says the other copy is.</summary>
    /// <returns>Null when there is no whole copy.</returns>
    internal static GptTable? Find(TableReader reader)
    {
        var primaryHeader = reader.TryReadSector(1) is { } sector ? GptHeader.Parse(sector, 1) : null;
        var primary = primaryHeader is null ? null : ReadAt(reader, primaryHeader);
        var backup = FindAt(reader, reader.LastLba);
        var isBackupElsewhere = false;
        if (backup is null && primaryHeader is not null && primaryHeader.AlternateLba > 1 && primaryHeader.AlternateLba < reader.LastLba)
        {
            backup = FindAt(reader, primaryHeader.AlternateLba);
            isBackupElsewhere = backup is not null;
        }

        var notes = new List<string>();
        if (primary is null && backup is not null) notes.Add("The primary GPT is damaged; the backup GPT was used.");
        if (primary is not null && backup is null) notes.Add("The backup GPT is missing or damaged.");
        if (isBackupElsewhere) notes.Add("The backup GPT is not at the end of the disk.");
        if (primary is not null && backup is not null && !primary.Entries.Span.SequenceEqual(backup.Entries.Span))
            notes.Add("The primary and the backup GPT differ; the primary was used.");
        var used = primary ?? backup;
        return used is null ? null : used with { Notes = notes, Places = PlacesOf(reader, primary, backup) };
    }

    private static GptTable? FindAt(TableReader reader, long lba) =>
        reader.TryReadSector(lba) is { } sector && GptHeader.Parse(sector, lba) is { } header ? ReadAt(reader, header) : null;

    private static GptTable? ReadAt(TableReader reader, GptHeader header)
    {
        if (header.LastUsableLba > reader.LastLba) return null;
        var entries = reader.TryRead(header.EntriesLba, header.ArrayBytes);
        return entries is not null && Crc32.Of(entries) == header.ArrayCrc ? new GptTable(header, entries) : null;
    }

    private static RangeSet PlacesOf(TableReader reader, params GptTable?[] copies)
    {
        var headers = copies.OfType<GptTable>().Select(copy => copy.Header).ToArray();
        return RangeSet.Of(headers.Select(header => reader.Sectors(header.MyLba, 1)).Concat(headers.Select(header => reader.Bytes(header.EntriesLba, header.ArrayBytes))));
    }
}
