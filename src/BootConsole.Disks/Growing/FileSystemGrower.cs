// Grows a restored file system to the end of its grown partition, by the program made for it, and has it checked.
using BootConsole.Core;
using BootConsole.Disks.Tables;
using BootConsole.Host;

namespace BootConsole.Disks.Growing;

/// <summary>Runs <c>resize2fs</c> and <c>ntfsresize</c>. Nothing that fails here loses what was restored.</summary>
public sealed class FileSystemGrower(IProgramRunner programs)
{
    // e2fsck(8): 1 means that errors were corrected.
    private const int MostFsckExit = 1;
    private const int MostWords = 200;

    // A full disk of many TiB takes hours; what takes longer hangs.
    private static readonly TimeSpan Limit = TimeSpan.FromHours(12);

    /// <summary>Grows the file system. Cannot be cancelled: half a move of file system tables is worth nothing.</summary>
    /// <param name="disk">The disk, its new table written.</param>
    /// <param name="growth">The partition.</param>
    /// <returns>Empty when it was grown and a check found it whole; else a sentence that says what is safe and what to do by hand.</returns>
    public async Task<string> GrowAsync(DiskInfo disk, PartitionGrowth growth)
    {
        try
        {
            await using var loop = await WritableLoop.AttachAsync(programs, disk, growth.Grown);
            var grown = growth.IsNtfs ? await RunAsync("ntfsresize", "--force", "--no-progress-bar", loop.Device) : await GrowExtAsync(loop.Device);
            var check = growth.IsNtfs ? await RunAsync("ntfsresize", "--info", "--force", "--no-progress-bar", loop.Device) : await RunAsync("e2fsck", "-f", "-n", loop.Device);
            if (grown.Succeeded && check.Succeeded) return "";
            return Warning(growth, Words(grown.Succeeded ? check : grown), isWhole: check.Succeeded);
        }
        catch (HostFault trouble)
        {
            return Warning(growth, $"{trouble.Message}{(trouble.Which.Length > 0 ? ": " + trouble.Which : "")}", isWhole: true);
        }
    }

    private async Task<ProgramResult> GrowExtAsync(string device)
    {
        var result = await RunAsync("resize2fs", device);
        if (result.Succeeded || !(result.Output + result.Error).Contains("e2fsck", StringComparison.Ordinal)) return result;
        var repair = await RunAsync("e2fsck", "-f", "-p", device);
        return repair.ExitCode <= MostFsckExit && !repair.TimedOut ? await RunAsync("resize2fs", device) : repair;
    }

    // A Ctrl-C at the terminal is for bootconsole, which has nothing left to cancel.
    private Task<ProgramResult> RunAsync(string program, params string[] arguments) =>
        programs.RunAsync(new ProgramCall(program, arguments) { Limit = Limit, InOwnSession = true, OutputLimit = 1 << 16 }, CancellationToken.None);

    private static string Words(ProgramResult result)
    {
        if (result.TimedOut) return "it took too long";
        var line = (result.Error + "\n" + result.Output).Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).FirstOrDefault(line => !IsGreeting(line)) ?? $"exit code {result.ExitCode}";
        return line.Length > MostWords ? line[..MostWords] : line;
    }

    // "resize2fs 1.47.0 (5-Feb-2023)"
    private static bool IsGreeting(string line) => line.StartsWith("resize2fs 1.", StringComparison.Ordinal) || line.StartsWith("e2fsck 1.", StringComparison.Ordinal) || line.StartsWith("ntfsresize v", StringComparison.Ordinal);

    private static string Warning(PartitionGrowth growth, string why, bool isWhole)
    {
        var safe = isWhole
            ? "What was restored is safe and can be used as it is."
            : $"The image has all of it; check the file system before use ({(growth.IsNtfs ? "chkdsk in Windows" : "e2fsck -f")}), or restore again without --grow-last.";
        var hand = growth.IsNtfs ? "run ntfsresize on it, or extend the volume in Windows" : "run e2fsck -f and then resize2fs on it";
        return $"Partition {growth.Partition.Number} is longer now, its {growth.FileSystem} file system is not: {why.TrimEnd('.')}. {safe} To grow it by hand: {hand}.";
    }
}
