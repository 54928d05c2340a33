// The product's own description of a test's device.
using BootConsole.Disks.Finding;
using BootConsole.Host;
using BootConsole.TestKit;

namespace BootConsole.Disks.Tests;

internal static class Devices
{
    internal static Task<DiskInventory> FindAsync(DiskSurroundings? surroundings = null) =>
        new DiskFinder(new ProgramRunner()).FindAsync(surroundings ?? new DiskSurroundings(), CancellationToken.None);

    internal static async Task<FoundDisk> FindAsync(LoopDisk loop) => (await FindAsync()).Disks.Single(disk => disk.Info.Path == loop.Path);

    internal static async Task<DiskInfo> DescribeAsync(LoopDisk loop) => (await FindAsync(loop)).Info;
}
