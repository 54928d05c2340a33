// Short ways to map a partition in tests.
using BootConsole.Core;
using BootConsole.Host;
using BootConsole.TestKit;

namespace BootConsole.Disks.Tests.UsedMaps;

internal static class Mapping
{
    /// <summary>Options that never let partclone map ext or NTFS.</summary>
    internal static readonly UsedMapOptions WithoutPartclone = new() { PartcloneUpToBytes = 0 };

    internal static PartitionMap Map(this PartitionImage image, UsedMapOptions? options = null, IProgramRunner? programs = null)
    {
        using var disk = new ImageDisk(image.File);
        return disk.Map(image.Range, options, programs);
    }

    internal static PartitionMap Map(this IDisk disk, ByteRange range, UsedMapOptions? options = null, IProgramRunner? programs = null) =>
        new UsedMapper(programs ?? new ProgramRunner()).MapAsync(disk, range, options ?? new UsedMapOptions(), new JobProgress(), CancellationToken.None).GetAwaiter().GetResult();

    /// <summary>Asserts that a map takes every byte, and why.</summary>
    internal static void AssertWhole(this PartitionMap map, PartitionImage image, string reason)
    {
        Assert.Equal("whole", map.Method);
        Assert.Equal([new ByteRange(0, image.Range.Length)], map.Used.Ranges);
        Assert.Contains(reason, map.Note, StringComparison.Ordinal);
        Assert.EndsWith("; every sector is saved.", map.Note, StringComparison.Ordinal);
    }
}
