// Finds the disks of this PC and says which of them must not be touched.
using BootConsole.Core;
using BootConsole.Disks.Access;
using BootConsole.Host;

namespace BootConsole.Disks.Finding;

/// <summary>What else this job uses, so that the disks below it are refused.</summary>
public sealed record DiskSurroundings
{
    /// <summary>Folder of the store; null when it is not on this PC.</summary>
    public string? StoreFolder { get; init; }

    /// <summary>What the PC was booted from: a mount point or a device, <c>/run/bootconsole/medium</c>; null when nobody knows.</summary>
    public string? BootMedium { get; init; }
}

/// <summary>Asks lsblk and losetup (util-linux 2.37 or later), and sysfs for what they need udev to know.</summary>
/// <param name="programs">Runs them.</param>
/// <param name="sysfs">Where sysfs is mounted.</param>
/// <param name="mounts">The kernel's list of mounts (proc(5), mountinfo).</param>
public sealed class DiskFinder(IProgramRunner programs, string sysfs = "/sys", string mounts = "/proc/self/mountinfo")
{
    /// <summary>Takes stock.</summary>
    /// <exception cref="HostFault">lsblk or losetup is missing or fails.</exception>
    public async Task<DiskInventory> FindAsync(DiskSurroundings surroundings, CancellationToken cancel)
    {
        var nodes = BlockNode.Parse(await OutputAsync(new ProgramCall("lsblk", "--json", "--bytes", "--all", "--output", BlockNode.Columns), cancel));
        var loops = LoopDevice.Parse(await OutputAsync(new ProgramCall("losetup", "--json", "--list", "--output", LoopDevice.Columns), cancel));
        var places = MountTable.Read(mounts);
        var kernel = new SysfsBlock(sysfs);
        var uses = new DiskUses(nodes, loops, kernel)
        {
            StoreDevice = DeviceHolding(surroundings.StoreFolder, places),
            BootDevice = DeviceHolding(surroundings.BootMedium, places),
        };
        var catalog = new DiskCatalog(nodes, loops, uses, kernel);
        return new DiskInventory(catalog.Disks, catalog.Others)
        {
            StoreFolder = surroundings.StoreFolder is { } folder ? LinuxNames.Resolve(folder) ?? folder : null,
        };
    }

    private static DeviceNumber? DeviceHolding(string? path, MountTable places)
    {
        // A folder that is still to be made lies on the file system of the folder above it.
        for (var place = path; !string.IsNullOrEmpty(place); place = Path.GetDirectoryName(Path.GetFullPath(place)))
        {
            if (FileIdentity.Of(place) is not { } identity) continue;
            if (identity.Kind == FileKind.BlockDevice) return identity.Device;
            return identity.FileSystem.Major != 0 ? identity.FileSystem : places.Holding(LinuxNames.Resolve(place) ?? place)?.BlockDevice;
        }

        return null;
    }

    private async Task<string> OutputAsync(ProgramCall call, CancellationToken cancel)
    {
        var result = await programs.RunAsync(call, cancel);
        // lsblk exits with 64 when a device vanished while it looked; what it printed of the others holds.
        if (result.Succeeded || (call.Program == "lsblk" && result is { ExitCode: 64, TimedOut: false })) return result.Output;
        throw new HostFault("the disks could not be listed") { Which = call.Program, Found = $"exit code {result.ExitCode}: {result.Error.Trim()}" };
    }
}
