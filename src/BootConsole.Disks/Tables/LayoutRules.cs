// What every partition table must keep to before its partitions are believed.
using BootConsole.Core;

namespace BootConsole.Disks.Tables;

/// <summary>Checks partitions against each other, the table's own bytes and the disk.</summary>
internal static class LayoutRules
{
    /// <summary>Sorts the partitions into the layout, or leaves them out with a note when they contradict each other or the disk.</summary>
    internal static DiskLayout Apply(DiskLayout layout, List<Partition> partitions, long diskBytes)
    {
        partitions.Sort((left, right) => left.Range.CompareTo(right.Range));
        return Contradiction(layout, partitions, diskBytes) is { } note
            ? layout.Distrusted($"{note} The partition table is not to be trusted; the whole disk is saved.")
            : layout with { Partitions = partitions };
    }

    private static string? Contradiction(DiskLayout layout, List<Partition> partitions, long diskBytes)
    {
        for (var i = 0; i < partitions.Count; i++)
        {
            var partition = partitions[i];
            if (partition.Range.End > diskBytes) return $"Partition {partition.Number} ends behind the end of the disk.";
            if (layout.TableBytes.Overlaps(partition.Range)) return $"Partition {partition.Number} holds a part of the partition table.";
            if (i > 0 && partitions[i - 1].Range.End > partition.Range.Start) return $"Partitions {partitions[i - 1].Number} and {partition.Number} overlap.";
        }

        return null;
    }
}
