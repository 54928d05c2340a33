// --help with examples and exit codes behind what System.CommandLine prints.
using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using System.Runtime.CompilerServices;

namespace BootConsole.Server.Commands;

/// <summary>The help of every command.</summary>
internal sealed class ExampleHelp(HelpAction plain) : SynchronousCommandLineAction
{
    private static readonly ConditionalWeakTable<Command, string[]> Examples = [];

    /// <summary>The exit codes and what they mean.</summary>
    internal static IReadOnlyList<(string Code, string Meaning)> ExitCodes { get; } =
        [("0", "done and checked"), ("1", "failed"), ("2", "usage or settings error"), ("3", "refused (nothing was written)"), ("10", "PCs are overdue (pc list --overdue)"), ("130", "cancelled")];

    /// <summary>Help is given whatever else of the line is missing or wrong.</summary>
    public override bool ClearsParseErrors => true;

    /// <summary>Gives a command its examples.</summary>
    internal static void Give(Command command, params string[] examples) => Examples.Add(command, examples);

    /// <summary>The examples of a command.</summary>
    internal static IReadOnlyList<string> Of(Command command) => Examples.TryGetValue(command, out var examples) ? examples : [];

    /// <summary>Makes the program's <c>--help</c> print them.</summary>
    internal static void Install(RootCommand root, params string[] examples)
    {
        Give(root, examples);
        var help = root.Options.OfType<HelpOption>().Single();
        help.Action = new ExampleHelp((HelpAction)help.Action!);
    }

    public override int Invoke(ParseResult parseResult)
    {
        var code = plain.Invoke(parseResult);
        var examples = Of(parseResult.CommandResult.Command);
        var lines = examples.Count > 0 ? examples.Select(example => "  " + example).Prepend("Examples:").Append("") : [];
        foreach (var line in lines.Append($"Exit codes: {string.Join(", ", ExitCodes.Select(entry => $"{entry.Code} {entry.Meaning}"))}."))
            parseResult.InvocationConfiguration.Output.WriteLine(line);
        return code;
    }
}
