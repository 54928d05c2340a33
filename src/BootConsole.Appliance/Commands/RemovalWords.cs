// What a deletion did, in words and numbers. Pure.
using BootConsole.Appliance.Output;
using BootConsole.Core;
using BootConsole.Images;

namespace BootConsole.Appliance.Commands;

/// <summary>Describes deletions.</summary>
internal static class RemovalWords
{
    internal static string Describe(ImageRemoved image) => image switch
    {
        { Refusal: { } refusal } => $"{image.Id} stays: {Describe(refusal)}.",
        { Result.KeptFiles: > 0 } => $"{image.Id} is deleted, {ByteSize.Format(image.Result.FreedBytes)} are free; {image.Result.KeptFiles} files stay because other images need them.",
        _ => $"{image.Id} is deleted, {ByteSize.Format(image.Result.FreedBytes)} are free.",
    };

    internal static string Describe(RefusedFault refusal) => refusal.Found.Length > 0 ? $"{refusal.Message} ({refusal.Found})" : refusal.Message;

    internal static CountsDocument Counts(RemovalReport report) => new() { FreedBytes = report.Total.FreedBytes, KeptFiles = report.Total.KeptFiles };
}
