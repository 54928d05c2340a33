// A verification's result in words. Pure.
using BootConsole.Appliance.Output;
using BootConsole.Core;
using BootConsole.Jobs;

namespace BootConsole.Appliance.Commands;

/// <summary>Describes verifications.</summary>
internal static class VerifyWords
{
    internal static string Describe(ImageId image, VerifyResult result, bool isKeyless) => isKeyless
        ? $"All {result.Chunks} files of {image} are as they were written ({ByteSize.Format(result.StoredBytes)} in {ProgressView.Duration(result.Elapsed)})."
        : $"All {result.Chunks} chunks of {image} decode to what was saved ({ByteSize.Format(result.StoredBytes)} read in {ProgressView.Duration(result.Elapsed)}).";
}
