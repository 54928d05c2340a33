// XFS: partclone's map, only when the log is clean.
using BootConsole.Host;

namespace BootConsole.Disks.UsedMaps;

/// <summary>
/// Maps XFS. partclone neither looks at the log nor notices an unreadable tree: with changes in the log its map is stale and files are lost without a word. So the
/// log must be clean by <c>xfs_logprint</c>, and the map's free blocks must be exactly those that the allocation groups count.
/// </summary>
internal sealed class XfsMapper : IFileSystemMapper
{
    public async Task<UsedBytes> MapAsync(MapTarget target, CancellationToken cancel)
    {
        var superblock = XfsSuperblock.Read(target.Reader);
        await using var loop = await ReadOnlyLoop.AttachAsync(target, cancel);
        var log = await target.Tools.RunAsync(new ProgramCall("xfs_logprint", "-t", loop.Device) { OutputLimit = 1 << 20 }, cancel);
        if (log.ExitCode != 0 || !log.Output.Contains("state: <CLEAN>", StringComparison.Ordinal) || log.Output.Contains("<DIRTY>", StringComparison.Ordinal))
            throw new UnprovenMapException("the XFS file system was not unmounted cleanly (its log holds changes)");

        var map = await Partclone.MapAsync("partclone.xfs", loop.Device, target, superblock.CoveredBytes, cancel);
        if (map.FreeBytes != superblock.CountFreeBlocks(target.Reader) * superblock.BlockBytes)
            throw new UnprovenMapException("the map of partclone does not agree with the file system's own count of free blocks");
        return new UsedBytes(map.Used, "partclone.xfs");
    }
}
