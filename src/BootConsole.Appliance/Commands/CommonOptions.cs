// Options that several commands share.
using System.CommandLine;

namespace BootConsole.Appliance.Commands;

/// <summary>Shared options. The objects are descriptions without state.</summary>
internal static class CommonOptions
{
    internal static Option<bool> Json { get; } = new("--json") { Description = "print one JSON document; progress as JSON lines on standard error", Recursive = true };

    /// <summary>A disk, once or several times.</summary>
    internal static Option<string[]> Disks(string description, bool required) =>
        new("--disk") { HelpName = "D", Description = description, Required = required, AllowMultipleArgumentsPerToken = false };

    internal static Option<int?> SectorSize { get; } = MakeSectorSize();

    /// <summary>The image, as an argument or an option.</summary>
    internal static Argument<string?> ImageArgument { get; } =
        new("IMAGE") { Arity = ArgumentArity.ZeroOrOne, Description = "image id, a unique prefix of one, its name, or 'latest'" };

    internal static Option<string?> ImageOption { get; } = new("--image") { HelpName = "IMAGE", Description = "the same as the argument" };

    private static Option<int?> MakeSectorSize()
    {
        var option = new Option<int?>("--sector-size") { HelpName = "BYTES", Description = "logical sector size of disk-image files: 512, 1024, 2048 or 4096" };
        option.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int?>() is { } bytes && bytes is not (512 or 1024 or 2048 or 4096)) result.AddError($"--sector-size takes 512, 1024, 2048 or 4096, not {bytes}.");
        });
        return option;
    }
}
