// The choices of a restore on the command line.
using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using BootConsole.Core;
using BootConsole.Jobs;

namespace BootConsole.Appliance.Commands;

/// <summary>Reads the options that say how a restore is done, and refuses what contradicts itself.</summary>
internal static class RestoreChoices
{
    private static readonly Option<bool> OnlyDifferences = new("--only-differences") { Description = "read the target first; fetch and write only what differs. Goes on with a restore that was cut" };
    private static readonly Option<int[]> Partitions = new("--partition")
    {
        HelpName = "N",
        Description = "restore this partition alone, onto the same one of the target; may be repeated",
        AllowMultipleArgumentsPerToken = false,
        CustomParser = Numbers,
    };

    private static readonly Option<bool> Discard = new("--discard") { Description = "tell the device that the space nothing uses is not needed" };
    private static readonly Option<bool> Wipe = new("--wipe-unused") { Description = "zero the space that nothing uses" };
    private static readonly Option<bool> NewIds = new("--new-ids") { Description = "give the disk and its partitions new random ids, so that it can stand beside the original" };
    private static readonly Option<bool> GrowLast = new("--grow-last") { Description = "grow the last partition (ext2/3/4, NTFS) and its file system to the end of the target" };

    internal static void AddTo(Command command)
    {
        command.Options.Add(OnlyDifferences);
        command.Options.Add(Partitions);
        command.Options.Add(Discard);
        command.Options.Add(Wipe);
        command.Options.Add(NewIds);
        command.Options.Add(GrowLast);
    }

    /// <param name="arguments">The command line.</param>
    /// <param name="disks">What <c>--disk</c> says.</param>
    /// <exception cref="UsageFault">Two choices contradict each other.</exception>
    internal static RestoreOptions Read(ParseResult arguments, string[] disks)
    {
        var options = new RestoreOptions
        {
            OnlyDifferences = arguments.GetValue(OnlyDifferences),
            Partitions = arguments.GetValue(Partitions) ?? [],
            Unused = arguments.GetValue(Discard) ? UnusedSpace.Discard : arguments.GetValue(Wipe) ? UnusedSpace.Wipe : UnusedSpace.Leave,
            NewIds = arguments.GetValue(NewIds),
            GrowLast = arguments.GetValue(GrowLast),
        };
        if (arguments.GetValue(Discard) && arguments.GetValue(Wipe))
            throw new UsageFault("--discard and --wipe-unused contradict each other: what is discarded may read as anything") { Remedy = "Choose one of them." };
        if (options.Partitions.Count == 0) return options;
        foreach (var (name, isGiven) in ((string, bool)[])[("--new-ids", options.NewIds), ("--grow-last", options.GrowLast)])
            if (isGiven) throw new UsageFault($"{name} changes the partition table, and --partition leaves it alone") { Remedy = "Choose one of them." };
        if (disks.Length > 1) throw new UsageFault("--partition names partitions of one disk, and several disks are named") { Which = "--disk", Found = string.Join(", ", disks), Remedy = "Restore the partitions disk by disk." };
        if (options.Partitions.Distinct().Count() < options.Partitions.Count) throw new UsageFault("a partition is named twice") { Which = "--partition", Found = string.Join(", ", options.Partitions) };
        return options;
    }

    private static int[] Numbers(ArgumentResult result)
    {
        var numbers = new List<int>();
        foreach (var token in result.Tokens)
        {
            if (int.TryParse(token.Value, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0) numbers.Add(number);
            else result.AddError($"--partition takes the number of a partition, from 1, not '{token.Value}'.");
        }

        return [.. numbers];
    }
}
