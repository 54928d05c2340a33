// Which partitions of an image are restored alone, and whether the target has the very same ones.
using BootConsole.Core;
using BootConsole.Disks;

namespace BootConsole.Jobs;

/// <summary>The rules of a restore of single partitions: the table stays the target's, so each must stand there exactly as in the image.</summary>
internal static class PartitionChoice
{
    // First and last MiB of each are held in memory until everything else was read back.
    private const int Most = 16;

    /// <summary>Finds the partitions in the image.</summary>
    /// <param name="layout">The table of the disk in the image.</param>
    /// <param name="numbers">Their numbers.</param>
    /// <exception cref="UsageFault">The image has no such partition, or they are too many.</exception>
    /// <exception cref="RefusedFault">The image's table is not to be believed.</exception>
    internal static IReadOnlyList<Partition> Of(DiskLayout layout, IReadOnlyList<int> numbers)
    {
        if (numbers.Count == 0) return [];
        if (numbers.Count > Most) throw new UsageFault("too many partitions at once") { Which = "--partition", Expected = $"at most {Most}", Found = $"{numbers.Count}", Remedy = "Restore the others afterwards, or the whole disk." };
        if (layout.Kind == TableKind.None || !layout.IsConsistent)
            throw new RefusedFault("the disk in the image has no partition table that can be believed") { Remedy = "Restore the whole disk, without --partition." };
        foreach (var number in numbers)
            if (layout.Partitions.All(partition => partition.Number != number)) throw new UsageFault("the image has no such partition") { Which = "--partition", Expected = Say(layout), Found = $"{number}" };
        return [.. layout.Partitions.Where(partition => numbers.Contains(partition.Number))];
    }

    /// <summary>Refuses a target that has not the same partitions.</summary>
    /// <param name="image">The table of the disk in the image.</param>
    /// <param name="chosen">Partitions of it.</param>
    /// <param name="target">The target.</param>
    /// <exception cref="RefusedFault">Number, place, length or GPT type of one differs; both layouts are named.</exception>
    internal static void RequireSame(DiskLayout image, IReadOnlyList<Partition> chosen, IDisk target)
    {
        var found = Disks.Tables.PartitionTables.Read(target);
        foreach (var partition in chosen)
        {
            var same = found.Partitions.FirstOrDefault(other => other.Number == partition.Number && other.Range == partition.Range);
            if (found.Kind == image.Kind && same is not null && (image.Kind != TableKind.Gpt || same.Type == partition.Type)) continue;
            throw new RefusedFault($"the target has not the same partition {partition.Number} as the image")
            {
                Which = target.Info.Path,
                Expected = Say(image),
                Found = Say(found),
                Remedy = "Restore the whole disk, without --partition, or make the target's partitions as the image has them.",
            };
        }
    }

    /// <summary>A table in words.</summary>
    internal static string Say(DiskLayout layout)
    {
        if (layout.Kind == TableKind.None) return "no partition table";
        var kind = layout.Kind == TableKind.Gpt ? "GPT" : "MBR";
        if (!layout.IsConsistent) return $"{kind} that cannot be believed";
        return layout.Partitions.Count == 0 ? $"{kind} without partitions" : $"{kind}: {string.Join("; ", layout.Partitions.Select(Say))}";
    }

    /// <summary>A partition in words.</summary>
    internal static string Say(Partition partition) => $"{partition.Number} at byte {partition.Range.Start}, {partition.Range.Length} bytes, type {partition.Type}";
}
