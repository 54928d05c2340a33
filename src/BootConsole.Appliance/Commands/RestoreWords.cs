// A restore's result in words. Pure.
using BootConsole.Appliance.Output;
using BootConsole.Core;
using BootConsole.Jobs;

namespace BootConsole.Appliance.Commands;

/// <summary>Describes restores.</summary>
internal static class RestoreWords
{
    /// <summary>What is safe when a restore does not come to its end.</summary>
    internal const string Safe = "The image is as it was. If writing had begun, the target has no partition table (a partition restored alone: no beginning) and cannot boot half restored; restore it again, with --only-differences to write only what is missing.";

    internal static string Ending(RestorePlan plan, RestoreResult result)
    {
        var compared = plan.Options.OnlyDifferences ? $"{ByteSize.Format(result.ComparedBytes)} compared, {ByteSize.Format(result.FetchedBytes)} fetched, " : "";
        return $"{plan.Target.Path} is restored and read back: {compared}{ByteSize.Format(result.WrittenBytes)} written in {ProgressView.Duration(result.Elapsed)}, read back in {ProgressView.Duration(result.ReadBackElapsed)}.";
    }
}
