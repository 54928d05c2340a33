// Options that several commands share.
using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;

namespace BootConsole.Appliance.Commands;

/// <summary>Shared options. The objects are descriptions without state.</summary>
internal static class CommonOptions
{
    internal static Option<bool> Json { get; } = new("--json") { Description = "print one JSON document; progress as JSON lines on standard error", Recursive = true };

    /// <summary>A disk, once or several times.</summary>
    internal static Option<string[]> Disks(string description, bool required) =>
        new("--disk") { HelpName = "D", Description = description, Required = required, AllowMultipleArgumentsPerToken = false };

    /// <summary>Sector size of image files.</summary>
    internal static Option<int?> SectorSize { get; } = MakeSectorSize();

    /// <summary>The image, as an argument or an option.</summary>
    internal static Argument<string?> ImageArgument { get; } =
        new("IMAGE") { Arity = ArgumentArity.ZeroOrOne, Description = "image id, a unique prefix of one, its name, or 'latest'" };

    internal static Option<string?> ImageOption { get; } = new("--image") { HelpName = "IMAGE", Description = "the same as the argument" };

    /// <summary>Reads a whole number in the invariant culture; anything else is an error that says so in plain words.</summary>
    internal static int WholeNumber(ArgumentResult result)
    {
        var text = result.Tokens[0].Value;
        if (int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)) return number;
        result.AddError($"{NameOf(result)} takes a whole number, not '{text}'.");
        return 0;
    }

    private static string NameOf(ArgumentResult result) => result.Parent is OptionResult option ? option.Option.Name : result.Argument.Name;

    private static Option<int?> MakeSectorSize() => new("--sector-size")
    {
        HelpName = "BYTES",
        Description = "logical sector size of disk-image files: 512, 1024, 2048 or 4096",
        CustomParser = result =>
        {
            if (result.Tokens[0].Value is "512" or "1024" or "2048" or "4096") return WholeNumber(result);
            result.AddError($"--sector-size takes 512, 1024, 2048 or 4096, not '{result.Tokens[0].Value}'.");
            return null;
        },
    };
}
