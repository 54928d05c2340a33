// The chain of extended boot records, each with one logical partition and a link to the next.
using BootConsole.Core;

namespace BootConsole.Disks.Tables;

/// <summary>Follows the chain inside an extended partition as the Linux kernel's <c>parse_extended</c> does, but stops at the first oddity instead of going
/// around it.</summary>
internal sealed class LogicalPartitions(TableReader reader)
{
    // libfdisk and the kernel stop far earlier; a chain this long is a loop or a prank.
    private const int RecordLimit = 1024;
    private const int FirstNumber = 5;
    private readonly HashSet<long> _visited = [];

    /// <summary>The logical partitions in the order of the chain, numbered from 5.</summary>
    internal List<Partition> Found { get; } = [];

    /// <summary>The sectors of the extended boot records.</summary>
    internal List<ByteRange> Tables { get; } = [];

    /// <summary>A sentence when the chain could not be followed to its end.</summary>
    internal string? Trouble { get; private set; }

    /// <summary>Follows the chain of one extended partition.</summary>
    internal void Follow(ByteRange container)
    {
        for (var position = container.Start; Trouble is null;)
        {
            if (Read(container, position) is not { } record) return;
            Tables.Add(new ByteRange(position, reader.SectorBytes));
            foreach (var (index, entry) in record.Entries.Index()) AddLogical(container, position, entry, isRegular: index < 2);
            var link = record.Entries.FirstOrDefault(entry => entry is { IsUsed: true, IsExtended: true });
            if (!link.IsUsed) return;
            position = container.Start + (long)link.Start * reader.SectorBytes;
        }
    }

    private MbrSector? Read(ByteRange container, long position)
    {
        if (!container.Contains(new ByteRange(position, reader.SectorBytes))) return Stop("The chain of logical partitions leaves the extended partition.");
        if (_visited.Count >= RecordLimit || !_visited.Add(position)) return Stop("The chain of logical partitions runs in a circle.");
        if (reader.TryReadSector(position / reader.SectorBytes) is not { } sector) return Stop("A record of the logical partitions is unreadable.");
        return MbrSector.Parse(sector) ?? Stop("The chain of logical partitions is broken.");
    }

    private MbrSector? Stop(string trouble)
    {
        Trouble = trouble;
        return null;
    }

    private void AddLogical(ByteRange container, long record, MbrEntry entry, bool isRegular)
    {
        if (!entry.IsUsed || entry.IsExtended) return;
        var range = reader.Sectors(entry.Start, entry.Count).Shift(record);
        // The third and fourth entry may hold rubbish; the kernel takes them only when they make sense. Here rubbish is an oddity like another.
        if (!container.Contains(range)) Trouble = isRegular ? "A logical partition leaves the extended partition." : "An extended boot record holds rubbish.";
        else Found.Add(new Partition(FirstNumber + Found.Count, range, $"{entry.Type:x2}"));
    }
}
