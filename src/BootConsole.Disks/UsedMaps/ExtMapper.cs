// ext2, ext3 and ext4: partclone's map, or dumpe2fs' listing where partclone needs too much memory or refuses without need.
using BootConsole.Host;

namespace BootConsole.Disks.UsedMaps;

/// <summary>Maps ext file systems after a clean check of our own; the free blocks of either program must add up to the superblock's.</summary>
internal sealed class ExtMapper : IFileSystemMapper
{
    // The longest line lists the free blocks of one group: with 64 KiB blocks up to 262,144 single ones of up to 16 characters.
    private const int MaxListingLine = 5 << 20;

    public async Task<UsedBytes> MapAsync(MapTarget target, CancellationToken cancel)
    {
        var superblock = ExtSuperblock.ReadClean(target.Reader);
        await using var loop = await ReadOnlyLoop.AttachAsync(target, cancel);
        // partclone counts in 32 bits, and it refuses when the mount count asks for a check; dumpe2fs does neither.
        if (superblock.CoveredBytes > target.Options.PartcloneUpToBytes || superblock.Blocks > int.MaxValue || superblock.IsCheckDue)
            return await ListAsync(superblock, loop.Device, target, cancel);

        var map = await Partclone.MapAsync("partclone.extfs", loop.Device, target, superblock.CoveredBytes, cancel);
        if (map.FreeBytes != superblock.FreeBlocks * superblock.BlockBytes)
            throw new UnprovenMapException("the map of partclone does not agree with the file system's own count of free blocks");
        return new UsedBytes(map.Used, "partclone.extfs");
    }

    private static async Task<UsedBytes> ListAsync(ExtSuperblock superblock, string device, MapTarget target, CancellationToken cancel)
    {
        var used = new UsedRangeBuilder(target.Options.MaxRanges);
        var lists = new FreeBlockLists(superblock, used);
        var lines = new LineSplitter("dumpe2fs", MaxListingLine, lists.Take);
        var result = await target.Tools.RunAsync(new ProgramCall("dumpe2fs", device) { OnOutput = lines.Add, OutputLimit = 1 << 16 }, cancel);
        // It exits with an error when a bitmap's checksum is wrong.
        if (result.ExitCode != 0) throw new UnprovenMapException("the program dumpe2fs cannot read its bitmaps");
        lines.Finish();
        lists.Finish(target.Range.Length);
        return new UsedBytes(used.Build(), "dumpe2fs");
    }
}
