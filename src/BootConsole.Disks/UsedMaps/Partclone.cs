// Asks partclone for the used map of a file system.
using BootConsole.Core;
using BootConsole.Host;

namespace BootConsole.Disks.UsedMaps;

/// <summary>What partclone said.</summary>
/// <param name="Used">Used bytes; all that partclone's map does not cover included.</param>
/// <param name="FreeBytes">Bytes called free.</param>
internal sealed record PartcloneMap(RangeSet Used, long FreeBytes);

/// <summary>Runs <c>partclone.* -D</c> on a read-only loop device.</summary>
/// <remarks>The map is taken from standard output: a log file could exist already (exit 1), could fill the memory disk, and partclone does not notice when its writes
/// fail. <c>-F</c> (mounted or dirty, map all the same) and <c>-I</c> (skip the check) are never passed.</remarks>
internal static class Partclone
{
    private const int MaxLineLength = 512;

    /// <param name="program">Which of the partclone programs.</param>
    /// <param name="device">The loop device.</param>
    /// <param name="target">The partition.</param>
    /// <param name="coveredBytes">Bytes that the file system covers by its own superblock.</param>
    /// <param name="cancel">Ends the program.</param>
    /// <exception cref="UnprovenMapException">It failed or crashed, took too long, or its map is not whole.</exception>
    internal static async Task<PartcloneMap> MapAsync(string program, string device, MapTarget target, long coveredBytes, CancellationToken cancel)
    {
        var used = new UsedRangeBuilder(target.Options.MaxRanges);
        var log = new DomainLog(target.Range.Length, used);
        var lines = new LineSplitter(program, MaxLineLength, log.Take);
        // Its messages go to a file that it insists on; the default would be /var/log/partclone.log.
        var folder = Directory.CreateTempSubdirectory("bootconsole-map-").FullName;
        try
        {
            var call = new ProgramCall(program, "--domain", "--quiet", "--UI-fresh", "1", "--logfile", Path.Combine(folder, "messages"), "--source", device, "--output", "-")
            {
                OnOutput = lines.Add,
                OutputLimit = 1 << 16,
            };
            var result = await target.Tools.RunAsync(call, cancel);
            if (result.ExitCode >= 128) throw new UnprovenMapException($"the program {program} crashed on it");
            if (result.ExitCode != 0) throw new UnprovenMapException($"the program {program} refuses to map it");
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }

        lines.Finish();
        log.Finish(coveredBytes);
        return new PartcloneMap(used.Build(), log.FreeBytes);
    }
}
