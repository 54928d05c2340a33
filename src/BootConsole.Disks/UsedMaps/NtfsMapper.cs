// NTFS: partclone's map or the volume's own bitmap, checked against every file record.
using BootConsole.Core;
using BootConsole.Host;

namespace BootConsole.Disks.UsedMaps;

/// <summary>
/// Maps NTFS when <c>$Volume</c> is not marked dirty, the log is closed and Windows is not hibernated (<c>ntfs-3g.probe</c> and a look of our own). What lies behind
/// the last whole cluster is used: it holds the backup boot sector, which partclone's map leaves out.
/// </summary>
internal sealed class NtfsMapper : IFileSystemMapper
{
    private const int Dirty = 1, ResizeLog = 2, UpgradeOnMount = 4, UnderRepair = 0x4000;
    private const int ProbeHibernated = 14, ProbeNotClosed = 15;

    public async Task<UsedBytes> MapAsync(MapTarget target, CancellationToken cancel)
    {
        var volume = new NtfsVolume(target.Reader, NtfsBootSector.Read(target.Reader));
        if ((volume.Flags & (Dirty | ResizeLog | UpgradeOnMount | UnderRepair)) != 0)
            throw new UnprovenMapException("the NTFS volume is marked dirty (Windows wants to check it)");
        await using var loop = await ReadOnlyLoop.AttachAsync(target, cancel);
        await ProbeAsync(loop.Device, target, cancel);
        var (used, method) = await FindUsedAsync(volume, loop.Device, target, cancel);
        var scan = new NtfsFileScan(volume, used, target.Reader, target.Options.MaxRanges);
        scan.Run();
        return scan.Strays.IsEmpty
            ? new UsedBytes(used, method)
            : new UsedBytes(
                used.Union(scan.Strays),
                method,
                "Files of this NTFS volume lie on clusters that its own bitmap calls free; they are saved, but Windows should check the volume (chkdsk).");
    }

    // Asked for read and write, or it would not look at log and hibernation; the device itself refuses every write.
    private static async Task ProbeAsync(string device, MapTarget target, CancellationToken cancel)
    {
        var result = await target.Tools.RunAsync(new ProgramCall("ntfs-3g.probe", "--readwrite", device) { OutputLimit = 1 << 16 }, cancel);
        if (result.ExitCode == 0) return;
        throw result.ExitCode switch
        {
            ProbeHibernated => NtfsFileScan.Hibernated(),
            ProbeNotClosed => new UnprovenMapException("the NTFS volume was not unmounted cleanly (Windows crashed, or Fast Startup keeps it open)"),
            _ => new UnprovenMapException("the program ntfs-3g.probe does not accept the NTFS volume"),
        };
    }

    private static async Task<(RangeSet Used, string Method)> FindUsedAsync(NtfsVolume volume, string device, MapTarget target, CancellationToken cancel)
    {
        var boot = volume.Boot;
        var builder = new UsedRangeBuilder(target.Options.MaxRanges);
        var clusters = new UnitRuns(new ByteRange(0, boot.CoveredBytes), boot.ClusterBytes, builder);
        volume.ReadBitmap(clusters);
        if (boot.CoveredBytes > target.Options.PartcloneUpToBytes)
        {
            builder.Add(ByteRange.FromEnds(boot.CoveredBytes, target.Range.Length));
            return (builder.Build(), "ntfs bitmap");
        }

        var map = await Partclone.MapAsync("partclone.ntfs", device, target, boot.CoveredBytes, cancel);
        if (map.FreeBytes != boot.CoveredBytes - clusters.UsedUnits * boot.ClusterBytes)
            throw new UnprovenMapException("the map of partclone does not agree with the volume's own bitmap");
        return (map.Used, "partclone.ntfs");
    }
}
