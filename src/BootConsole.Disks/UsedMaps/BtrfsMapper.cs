// btrfs on one device: the chunks that are allocated, every copy of them.
using BootConsole.Core;
using BootConsole.Host;

namespace BootConsole.Disks.UsedMaps;

/// <summary>
/// Maps btrfs by its allocated chunks: what is in none is free, whatever the trees say of the inside of a chunk. Coarser than blocks, but it holds all copies (DUP)
/// and all that a tree log or a deleted snapshot still has. partclone's map, which keeps the first copy of every extent only, is never used.
/// </summary>
internal sealed class BtrfsMapper : IFileSystemMapper
{
    private const int MaxLineLength = 512;

    public async Task<UsedBytes> MapAsync(MapTarget target, CancellationToken cancel)
    {
        var superblock = BtrfsSuperblock.Read(target.Reader);
        await using var loop = await ReadOnlyLoop.AttachAsync(target, cancel);
        var used = new UsedRangeBuilder(target.Options.MaxRanges);
        var extents = new DeviceExtents(superblock, used);
        var lines = new LineSplitter("btrfs", MaxLineLength, extents.Take);
        // Without --noscan it would open every disk of the PC to look for further devices.
        var call = new ProgramCall("btrfs", "inspect-internal", "dump-tree", "--noscan", "-t", "dev", loop.Device) { OnOutput = lines.Add, OutputLimit = 1 << 16 };
        var result = await target.Tools.RunAsync(call, cancel);
        // It checks the sums of the superblock and of every block on the way, and takes the second copy of a damaged block.
        if (result.ExitCode != 0) throw new UnprovenMapException("the program btrfs cannot read the device tree");
        lines.Finish();
        extents.Finish();
        return new UsedBytes(used.Build().Union(RangeSet.Of(superblock.Fixed(target.Range.Length))), "btrfs chunks");
    }
}
