// Finds which bytes of a partition are in use: identify, check that it is clean, map; take everything when in doubt.
using BootConsole.Core;
using BootConsole.Disks.UsedMaps;
using BootConsole.Host;

namespace BootConsole.Disks;

/// <summary>
/// Makes used maps. Only what is proven free is left out: a file system that is not clean, not known in every feature, mounted, or whose tables contradict each
/// other is saved whole, with a sentence that says why. Nothing is ever opened for writing, mounted or repaired.
/// </summary>
/// <param name="programs">Runs blkid, losetup, partclone and the file systems' own tools.</param>
public sealed class UsedMapper(IProgramRunner programs)
{
    private static readonly ExtMapper Ext = new();
    private static readonly FatMapper Fat = new();
    private static readonly SwapMapper Swap = new();

    private static readonly Dictionary<string, IFileSystemMapper> Mappers = new()
    {
        ["ext2"] = Ext,
        ["ext3"] = Ext,
        ["ext4"] = Ext,
        ["xfs"] = new XfsMapper(),
        ["btrfs"] = new BtrfsMapper(),
        ["ntfs"] = new NtfsMapper(),
        ["vfat"] = Fat,
        ["exfat"] = new ExfatMapper(),
        ["swap"] = Swap,
        ["swsuspend"] = Swap,
    };

    /// <summary>Maps one partition, or a whole disk that has no partition table. Runs on a thread of the pool; the caller's is not blocked.</summary>
    /// <param name="disk">The disk; read through this object and, by outside programs, through its canonical path.</param>
    /// <param name="partition">The partition's bytes on the disk.</param>
    /// <param name="options">Limits.</param>
    /// <param name="progress">Told of every movement (<see cref="JobProgress.Tick"/>); its activity is left to the caller.</param>
    /// <param name="cancel">Ends the work; loop devices are detached all the same.</param>
    /// <returns>The map. Trouble with the partition is not an exception but a map of the whole partition with a note.</returns>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public Task<PartitionMap> MapAsync(IDisk disk, ByteRange partition, UsedMapOptions options, JobProgress progress, CancellationToken cancel)
    {
        var tools = new MapTools(programs, options.ProgramLimit, progress);
        var target = new MapTarget(disk, partition, new PartitionReader(disk, partition, progress, cancel), tools, options, progress);
        return Task.Run(() => MapAsync(target, cancel), cancel);
    }

    /// <summary>Looks what is on a partition, or on a whole disk, without mapping it.</summary>
    /// <returns>Nothing found is no fault: an empty kind.</returns>
    public async Task<FoundFileSystem> IdentifyAsync(IDisk disk, ByteRange range, CancellationToken cancel)
    {
        var (options, progress) = (new UsedMapOptions(), new JobProgress());
        var reader = new PartitionReader(disk, range, progress, cancel);
        try
        {
            if (BitLockerSignature.IsIn(reader)) return new FoundFileSystem("BitLocker", "");
            var target = new MapTarget(disk, range, reader, new MapTools(programs, options.ProgramLimit, progress), options, progress);
            var identity = await FileSystemIdentity.ReadAsync(target, cancel);
            return new FoundFileSystem(identity.Type, identity.Label);
        }
        catch (Exception doubt) when (doubt is UnprovenMapException or HostFault or DiskFault)
        {
            return new FoundFileSystem("", "");
        }
    }

    /// <summary>Holds the table of a disk against what claims the whole disk: a RAID or LVM member, an encrypted volume, a file system.</summary>
    /// <param name="disk">The disk.</param>
    /// <param name="layout">Its table, as <see cref="Tables.PartitionTables"/> reads it.</param>
    /// <param name="progress">Told of every movement.</param>
    /// <param name="cancel">Ends the attempt.</param>
    /// <returns>The layout, or in doubt the layout that is <see cref="DiskLayout.Distrusted"/>.</returns>
    public async Task<DiskLayout> CheckTableAsync(IDisk disk, DiskLayout layout, JobProgress progress, CancellationToken cancel)
    {
        if (layout.Kind == TableKind.None || !layout.IsConsistent) return layout;
        var (options, whole) = (new UsedMapOptions(), new ByteRange(0, disk.Info.Length));
        var target = new MapTarget(disk, whole, new PartitionReader(disk, whole, progress, cancel), new MapTools(programs, options.ProgramLimit, progress), options, progress);
        return await WholeDiskClaim.FindAsync(target, layout.Kind, cancel) is { } sentence ? layout.Distrusted(sentence) : layout;
    }

    private static async Task<PartitionMap> MapAsync(MapTarget target, CancellationToken cancel)
    {
        var identity = new FileSystemIdentity("");
        try
        {
            identity = await FileSystemIdentity.ReadAsync(target, cancel);
            if (BitLockerSignature.IsIn(target.Reader)) identity = identity with { Type = "BitLocker" };
            if (!Mappers.TryGetValue(identity.Type, out var mapper)) throw new UnprovenMapException(WholeReasons.For(identity));
            if (MountedRanges.Of(target.Disk.Info).Any(target.Range.Overlaps)) throw new UnprovenMapException("the file system is mounted");
            var bytes = await mapper.MapAsync(target, cancel);
            return Describe(identity, bytes.Used, bytes.Method, bytes.Note);
        }
        catch (UnprovenMapException doubt)
        {
            return Whole(identity, target, doubt.Message);
        }
        catch (HostFault fault)
        {
            return Whole(identity, target, $"the program {fault.Which} is missing or cannot be started");
        }
        catch (DiskFault)
        {
            // The copy reads the same sectors again, retries them and lists them.
            return Whole(identity, target, "some of the file system's tables cannot be read");
        }
        catch (OverflowException)
        {
            // All arithmetic is checked: a number on the disk that no partition can have ends here.
            return Whole(identity, target, "the file system's tables hold impossible numbers");
        }
    }

    private static PartitionMap Whole(FileSystemIdentity identity, MapTarget target, string why) =>
        Describe(identity, RangeSet.Of(new ByteRange(0, target.Range.Length)), "whole", $"{char.ToUpperInvariant(why[0])}{why[1..]}; every sector is saved.");

    private static PartitionMap Describe(FileSystemIdentity identity, RangeSet used, string method, string note) =>
        new(identity.Type, used, method) { Label = identity.Label, Uuid = identity.Uuid, Note = note };
}
