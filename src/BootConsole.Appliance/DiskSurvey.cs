// What a disk holds, for lists: its table and what is on its partitions. A disk that cannot be read is listed all the same, with the reason.
using BootConsole.Core;
using BootConsole.Disks;
using BootConsole.Disks.Access;
using BootConsole.Disks.Finding;
using BootConsole.Disks.Tables;
using BootConsole.Host;

namespace BootConsole.Appliance;

/// <summary>A disk as lists show it.</summary>
/// <param name="Table">Its table; null when it could not be read.</param>
/// <param name="Partitions">In order of position.</param>
/// <param name="Trouble">Why it could not be read; empty when it could.</param>
internal sealed record SurveyedDisk(TableKind? Table, IReadOnlyList<(Partition Partition, FoundFileSystem Content)> Partitions, string Trouble);

/// <summary>Looks at disks without their maps. Reads only.</summary>
internal static class DiskSurvey
{
    /// <summary>The surroundings that every list of disks needs.</summary>
    /// <param name="storeFolder">The open store's folder on this PC; null for none.</param>
    internal static DiskSurroundings Surroundings(string? storeFolder) =>
        new() { StoreFolder = storeFolder, BootMedium = Directory.Exists("/run/bootconsole/medium") ? "/run/bootconsole/medium" : null };

    /// <summary>Looks at one disk.</summary>
    internal static async Task<SurveyedDisk> LookAsync(IProgramRunner programs, DiskInfo info, CancellationToken cancel)
    {
        if (info.Length == 0) return new SurveyedDisk(null, [], "");
        try
        {
            using var disk = OpenDisk.ForReading(info);
            var layout = PartitionTables.Read(disk);
            var mapper = new UsedMapper(programs);
            var partitions = new List<(Partition, FoundFileSystem)>();
            foreach (var partition in layout.Partitions) partitions.Add((partition, await mapper.IdentifyAsync(disk, partition.Range, cancel)));
            return new SurveyedDisk(layout.Kind, partitions, "");
        }
        catch (Fault fault) when (fault is DiskFault or RefusedFault)
        {
            return new SurveyedDisk(null, [], $"It cannot be read: {fault.Message}.");
        }
    }
}
