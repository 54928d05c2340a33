// A read-only loop device over the bytes of one partition, for programs that want a device.
using System.Globalization;
using BootConsole.Core;
using BootConsole.Host;

namespace BootConsole.Disks.UsedMaps;

/// <summary>A loop device that the kernel itself refuses to write to (losetup(8), <c>-r</c>), whatever the program that is given it tries. Detached on dispose.</summary>
internal sealed class ReadOnlyLoop : IAsyncDisposable
{
    private readonly MapTarget _target;

    private ReadOnlyLoop(MapTarget target, string device) => (_target, Device) = (target, device);

    /// <summary>Path of the device.</summary>
    internal string Device { get; }

    /// <summary>Attaches a loop device over the target's range.</summary>
    /// <exception cref="UnprovenMapException">No device could be had (not root, none free), or it is not what was asked for.</exception>
    internal static async Task<ReadOnlyLoop> AttachAsync(MapTarget target, CancellationToken cancel)
    {
        var call = new ProgramCall(
            "losetup",
            "--read-only", "--find", "--show",
            "--offset", Text(target.Range.Start),
            "--sizelimit", Text(target.Range.Length),
            "--sector-size", Text(target.Disk.Info.SectorBytes),
            target.Disk.Info.CanonicalPath);
        cancel.ThrowIfCancellationRequested();
        // Not cancelled half-way: a device attached by a killed losetup would stay for ever.
        var result = await target.Tools.RunAsync(call, CancellationToken.None);
        var device = result.Output.Trim();
        if (!result.Succeeded || !device.StartsWith("/dev/loop", StringComparison.Ordinal))
            throw new UnprovenMapException("no read-only loop device could be made (that takes root)");
        var loop = new ReadOnlyLoop(target, device);
        try
        {
            var state = await target.Tools.RunAsync(new ProgramCall("blockdev", "--getro", "--getsize64", device), cancel);
            if (state.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries) is not ["1", var size] || size != Text(target.Range.Length))
                throw new UnprovenMapException("the loop device is not read-only or not as long as the partition");
            return loop;
        }
        catch
        {
            await loop.DisposeAsync();
            throw;
        }
    }

    /// <summary>Detaches the device; a failure to is told, not thrown, since the map does not depend on it.</summary>
    public async ValueTask DisposeAsync()
    {
        try
        {
            var result = await _target.Tools.RunAsync(new ProgramCall("losetup", "--detach", Device), CancellationToken.None);
            if (!result.Succeeded) _target.Progress.Report($"The loop device {Device} could not be detached.");
        }
        catch (UnprovenMapException slow)
        {
            _target.Progress.Report($"The loop device {Device} could not be detached: {slow.Message}.");
        }
    }

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
