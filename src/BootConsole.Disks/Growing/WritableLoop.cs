// A writable loop device over the bytes of one partition of a disk, for the programs that grow file systems.
using System.Globalization;
using BootConsole.Core;
using BootConsole.Host;

namespace BootConsole.Disks.Growing;

/// <summary>A loop device (losetup(8)) over a part of a disk or image file: no partition node is needed, which udev makes when it likes. Detached on dispose.</summary>
internal sealed class WritableLoop : IAsyncDisposable
{
    private readonly IProgramRunner _programs;

    private WritableLoop(IProgramRunner programs, string device) => (_programs, Device) = (programs, device);

    /// <summary>Path of the device.</summary>
    internal string Device { get; }

    /// <summary>Attaches a loop device over a range of a disk.</summary>
    /// <exception cref="HostFault">No device could be had (not root, none free), or it is not what was asked for.</exception>
    internal static async Task<WritableLoop> AttachAsync(IProgramRunner programs, DiskInfo disk, ByteRange range)
    {
        var call = new ProgramCall(
            "losetup",
            "--find", "--show",
            "--offset", Text(range.Start),
            "--sizelimit", Text(range.Length),
            "--sector-size", Text(disk.SectorBytes),
            disk.CanonicalPath);
        // Not to be cancelled half-way: a device attached by a killed losetup would stay for ever.
        var result = await programs.RunAsync(call, CancellationToken.None);
        var device = result.Output.Trim();
        if (!result.Succeeded || !device.StartsWith("/dev/loop", StringComparison.Ordinal)) throw new HostFault("no loop device could be made (that takes root)");
        var loop = new WritableLoop(programs, device);
        try
        {
            // A device that someone made read-only stays so for its next users.
            await programs.RunAsync(new ProgramCall("blockdev", "--setrw", device), CancellationToken.None);
            var state = await programs.RunAsync(new ProgramCall("blockdev", "--getro", "--getsize64", device), CancellationToken.None);
            if (state.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries) is not ["0", var size] || size != Text(range.Length))
                throw new HostFault("the loop device cannot be written or is not as long as the partition");
            return loop;
        }
        catch
        {
            await loop.DisposeAsync();
            throw;
        }
    }

    /// <summary>Detaches the device, when its last user has closed it.</summary>
    public async ValueTask DisposeAsync() => await _programs.RunAsync(new ProgramCall("losetup", "--detach", Device), CancellationToken.None);

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
