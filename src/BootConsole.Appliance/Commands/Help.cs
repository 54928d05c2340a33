// Help with examples, printed after what System.CommandLine prints.
using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using System.Runtime.CompilerServices;

namespace BootConsole.Appliance.Commands;

/// <summary>Adds examples to commands.</summary>
internal static class Help
{
    private static readonly ConditionalWeakTable<Command, string[]> Examples = [];

    /// <summary>Gives a command its examples.</summary>
    internal static void WithExamples(this Command command, params string[] examples) => Examples.Add(command, examples);

    /// <summary>Makes <c>--help</c> print them, and the exit codes.</summary>
    internal static void PrintExamples(RootCommand root)
    {
        var option = root.Options.OfType<HelpOption>().Single();
        option.Action = new ExampleHelp((HelpAction)option.Action!);
    }

    private sealed class ExampleHelp(HelpAction plain) : SynchronousCommandLineAction
    {
        /// <summary>Help is given whatever else of the line is missing or wrong.</summary>
        public override bool ClearsParseErrors => true;

        public override int Invoke(ParseResult parseResult)
        {
            var code = plain.Invoke(parseResult);
            var output = parseResult.InvocationConfiguration.Output;
            if (Examples.TryGetValue(parseResult.CommandResult.Command, out var examples))
            {
                output.WriteLine("Examples:");
                foreach (var example in examples) output.WriteLine("  " + example);
                output.WriteLine();
            }

            output.WriteLine("Exit codes: 0 done and checked, 1 failed, 2 usage or settings error, 3 refused (nothing was written),");
            output.WriteLine("            4 done with unreadable ranges, 130 cancelled.");
            return code;
        }
    }
}
