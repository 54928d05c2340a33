// A medium by the label of its file system.
using BootConsole.Core;
using BootConsole.Host;

namespace BootConsole.Stores.Mounts;

/// <summary>Finds the one partition with a label. Two with the same label are refused: nobody could say which is meant.</summary>
/// <param name="programs">Runs blkid, which reads the media themselves: there is no udev in the boot environment for lsblk to ask.</param>
internal sealed class LabelSearch(IProgramRunner programs)
{
    private const int NothingFound = 2;

    /// <summary>Finds device and file system.</summary>
    /// <returns>The device's path, and the file system as blkid names it; empty when it is none.</returns>
    /// <exception cref="StoreFault"><see cref="StoreProblem.Missing"/>: no medium has the label.</exception>
    /// <exception cref="RefusedFault">Several have it.</exception>
    /// <exception cref="HostFault">blkid is missing or fails.</exception>
    internal async Task<(string Device, string FileSystem)> FindAsync(LabelAddress address, CancellationToken cancel)
    {
        // Without a cache (-c): a medium that was unplugged would still stand in it.
        var devices = Lines(await AskAsync(["-c", "/dev/null", "-o", "device", "-t", $"LABEL={address.Label}"], cancel)).Distinct(StringComparer.Ordinal).ToList();
        return devices switch
        {
            [var device] => (device, FileSystem(await AskAsync(["-p", "-o", "udev", device], cancel))),
            [] => throw new StoreFault(StoreProblem.Missing, "no medium with this label is attached") { Which = address.ToString(), Remedy = "Attach it, wait until its light stops, and try again. 'blkid' lists the labels." },
            _ => throw new RefusedFault("several media have this label") { Which = address.ToString(), Found = string.Join(", ", devices), Remedy = "Detach all but one, or give them different labels." },
        };
    }

    /// <summary>The file system in what <c>blkid -p -o udev</c> says.</summary>
    internal static string FileSystem(string output) => Lines(output).FirstOrDefault(line => line.StartsWith("ID_FS_TYPE=", StringComparison.Ordinal))?["ID_FS_TYPE=".Length..] ?? "";

    private async Task<string> AskAsync(IReadOnlyList<string> arguments, CancellationToken cancel)
    {
        var result = await programs.RunAsync(new ProgramCall("blkid", arguments) { Limit = TimeSpan.FromSeconds(60) }, cancel);
        return result.Succeeded || (result.ExitCode == NothingFound && !result.TimedOut) ? result.Output
            : throw new HostFault("the media of this PC cannot be looked at") { Which = "blkid", Found = PlainWords.Of(result.Error) };
    }

    private static string[] Lines(string text) => text.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
}
