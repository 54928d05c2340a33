// From a master boot record, with the chain of its logical partitions, to a layout.
using BootConsole.Core;

namespace BootConsole.Disks.Tables;

/// <summary>Reads MBR tables as the Linux kernel does (<c>block/partitions/msdos.c</c>). BSD, Solaris and Minix tables stay inside their partition.</summary>
internal static class MbrLayout
{
    internal static DiskLayout Of(TableReader reader, MbrSector mbr)
    {
        var partitions = new List<Partition>();
        var containers = new List<ByteRange>();
        for (var i = 0; i < mbr.Entries.Count; i++)
        {
            var entry = mbr.Entries[i];
            if (!entry.IsUsed) continue;
            if (entry.IsExtended) containers.Add(reader.Sectors(entry.Start, entry.Count));
            else partitions.Add(new Partition(i + 1, reader.Sectors(entry.Start, entry.Count), $"{entry.Type:x2}"));
        }

        if (partitions.Count == 0 && containers.Count == 0)
            return reader.NoTable("The MBR lists no partitions; the whole disk is saved.");

        var end = partitions.Select(partition => partition.Range.End).Concat(containers.Select(container => container.End)).Max();
        var primaries = partitions.ToArray();
        var logical = new LogicalPartitions(reader);
        foreach (var container in containers) logical.Follow(container);
        partitions.AddRange(logical.Found);

        var layout = new DiskLayout(TableKind.Mbr, reader.SectorBytes, [])
        {
            DiskId = $"{mbr.DiskSignature:x8}",
            Usable = ByteRange.FromEnds(reader.SectorBytes, reader.DiskBytes),
            TableBytes = RangeSet.Of(logical.Tables.Prepend(reader.Sectors(0, 1))),
            OccupiedEnd = end,
        };
        var trouble = logical.Trouble ?? ContainerTrouble(reader, primaries, containers);
        return trouble is not null
            ? layout.Distrusted($"{trouble} The partition table is not to be trusted; the whole disk is saved.")
            : LayoutRules.Apply(layout, partitions, reader.DiskBytes);
    }

    private static string? ContainerTrouble(TableReader reader, Partition[] primaries, List<ByteRange> containers)
    {
        foreach (var container in containers)
        {
            if (container.End > reader.DiskBytes) return "The extended partition ends behind the end of the disk.";
            if (primaries.Any(primary => primary.Range.Overlaps(container))) return "A primary and the extended partition overlap.";
        }

        return null;
    }
}
