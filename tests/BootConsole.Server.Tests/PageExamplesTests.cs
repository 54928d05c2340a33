// What the pages tell people to type: every line of it is a command that this program has, with options that it has.
using System.CommandLine;
using System.CommandLine.Parsing;
using System.Text.RegularExpressions;
using BootConsole.Host;
using BootConsole.Server.Commands;
using BootConsole.TestKit;
using Spectre.Console;

namespace BootConsole.Server.Tests;

public sealed partial class PageExamplesTests
{
    public static TheoryData<string> Lines => [.. Pages().SelectMany(page => Examples(File.ReadAllText(page))).Distinct()];

    [Theory]
    [MemberData(nameof(Lines))]
    public void A_line_of_a_page_is_understood(string line)
    {
        var parsed = CommandTree.Make(new Services { Programs = new ProgramRunner(), Output = AnsiConsole.Console, Errors = AnsiConsole.Console }).Parse([.. CommandLineParser.SplitCommandLine(line).Skip(1)]);
        Assert.Empty(parsed.Errors.Select(error => error.Message));
        // A command of a later version takes any words, to refuse them by its name.
        Assert.False(parsed.CommandResult.Command.Hidden && parsed.CommandResult.Command.Name != "man", $"'{line}' is not part of this version");
        Assert.Empty(parsed.CommandResult.Command.Subcommands);
    }

    private static IEnumerable<string> Pages() => Directory.GetFiles(Path.Combine(RepositoryFolder.Path, "docs"), "*.md").Append(Path.Combine(RepositoryFolder.Path, "README.md")).Order(StringComparer.Ordinal);

    // Lines of code blocks that begin with the program; without what a shell takes away (comment, redirection), and no synopses.
    private static IEnumerable<string> Examples(string page) => Block().Matches(page)
        .SelectMany(block => block.Value.Split('\n'))
        .Select(line => Call().Match(line))
        .Where(match => match.Success && !match.Groups["line"].Value.Contains('[', StringComparison.Ordinal) && !match.Groups["line"].Value.Contains('|', StringComparison.Ordinal))
        .Select(match => match.Groups["line"].Value.TrimEnd());

    [GeneratedRegex("^```\\w*\\n.*?^```", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Block();

    [GeneratedRegex(@"^\s*(\$ )?(sudo )?(artifacts/bin/)?(?<line>bootserver ([^#>""]|""[^""]*"")+)")]
    private static partial Regex Call();
}
