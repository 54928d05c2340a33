// Finds out what of a disk is used: partition table, used map of every partition, gaps.
using BootConsole.Core;
using BootConsole.Disks;
using BootConsole.Disks.Tables;
using BootConsole.Images;

namespace BootConsole.Jobs;

/// <summary>Makes <see cref="DiskPlan"/>s. Reads only.</summary>
/// <param name="mapper">Makes used maps.</param>
public sealed class DiskPlanner(UsedMapper mapper)
{
    /// <summary>Plans one disk.</summary>
    /// <param name="disk">The disk, open for reading.</param>
    /// <param name="gaps">What to do with unpartitioned space.</param>
    /// <param name="progress">Told which partition is being mapped.</param>
    /// <param name="cancel">Ends the attempt.</param>
    public async Task<DiskPlan> PlanAsync(IDisk disk, GapPolicy gaps, JobProgress progress, CancellationToken cancel)
    {
        progress.Begin($"reading the partition table of {disk.Info.Path}", 0);
        var layout = await mapper.CheckTableAsync(disk, PartitionTables.Read(disk), progress, cancel);
        var whole = new ByteRange(0, disk.Info.Length);
        List<PartitionMap> maps = [];
        List<string> notes = [.. layout.Notes];
        var used = layout.TableBytes;
        if (layout is { Kind: TableKind.None, IsConsistent: true })
        {
            var map = await MapAsync(disk, whole, "the disk", progress, cancel);
            maps.Add(map);
            used = used.Union(map.Used);
            if (map.Note.Length > 0) notes.Add(map.Note);
        }
        else
        {
            var gapPlan = GapPlan.For(layout, disk.Info.Length, gaps);
            used = used.Union(gapPlan.Data);
            notes.AddRange(gapPlan.Notes);
            foreach (var partition in layout.Partitions)
            {
                var map = await MapAsync(disk, partition.Range, $"partition {partition.Number}", progress, cancel);
                maps.Add(map);
                used = used.Union(map.Used.Shift(partition.Range.Start));
                if (map.Note.Length > 0) notes.Add($"Partition {partition.Number}: {map.Note}");
            }
        }

        return new DiskPlan { Disk = disk, Layout = layout, Maps = maps, Used = used, Grid = ChunkGrid.For(disk.Info.Length), Notes = notes };
    }

    private async Task<PartitionMap> MapAsync(IDisk disk, ByteRange range, string name, JobProgress progress, CancellationToken cancel)
    {
        progress.Begin($"finding the used blocks of {name} of {disk.Info.Path}", 0);
        return await mapper.MapAsync(disk, range, new UsedMapOptions(), progress, cancel);
    }
}
