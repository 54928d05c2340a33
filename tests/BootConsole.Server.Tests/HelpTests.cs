// --help of every command of bootserver, its completion, and the page that tells of them.
using System.CommandLine;
using System.Text.RegularExpressions;
using BootConsole.Host;
using BootConsole.Server.Commands;
using BootConsole.TestKit;
using Spectre.Console;

namespace BootConsole.Server.Tests;

public sealed partial class HelpTests
{
    public static TheoryData<string> Commands => [.. All(Tree).Select(entry => entry.Path)];

    public static TheoryData<string> Works => [.. All(Tree).Where(entry => entry.Command.Subcommands.Count == 0).Select(entry => entry.Path)];

    private static RootCommand Tree => CommandTree.Make(new Services { Programs = new ProgramRunner(), Output = AnsiConsole.Console, Errors = AnsiConsole.Console });

    [Theory]
    [MemberData(nameof(Commands))]
    public void The_help_of_a_command_shows_an_example_and_the_exit_codes(string command)
    {
        var help = Bootserver.Run([.. command.Split(' '), "--help"]).Succeeds().Output;
        Assert.Contains("Examples:\n  bootserver " + command, help, StringComparison.Ordinal);
        Assert.Contains("Exit codes: 0 done and checked, 1 failed, 2 usage or settings error, 3 refused (nothing was written), 10 PCs are overdue (pc list --overdue), 130 cancelled.", help, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Works))]
    public void The_page_has_a_section_for_a_command_that_tells_of_its_options_and_of_no_other(string path)
    {
        var page = File.ReadAllText(Path.Combine(RepositoryFolder.Path, "docs/bootserver.md"));
        var section = Section(page, path);
        Assert.True(section is not null, $"docs/bootserver.md has no heading '## {path}' or '### {path}'");
        var command = All(Tree).Single(entry => entry.Path == path).Command;
        var rows = section!.Split('\n').Where(line => line.StartsWith("| `--", StringComparison.Ordinal)).SelectMany(line => LongOption().Matches(line.Split('|')[1])).Select(match => match.Value);
        Assert.Equal(command.Options.Where(option => !option.Hidden && option.Name != "--help").Select(option => option.Name).Order(StringComparer.Ordinal), rows.Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("bootserver ", "media", "completion")]
    [InlineData("bootserver media b", "build")]
    [InlineData("bootserver media build --config x.toml --med", "--medium")]
    public void The_bash_script_is_sound_and_completes(string line, params string[] expected)
    {
        using var folder = new TempFolder();
        File.WriteAllText(folder["completion.bash"], Bootserver.Run("completion", "bash").Succeeds().Output);
        SystemTool.Run("bash", "-n", folder["completion.bash"]);
        // What bash does on Tab: set the words of the line, call the function, take its replies.
        const string tab = """
            export PATH="$1:$PATH" DOTNET_ROOT="$2"
            source "$3"
            read -ra COMP_WORDS <<< "$4"
            if [[ "$4" == *' ' ]]; then COMP_WORDS+=(''); fi
            COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
            _bootserver
            printf '%s\n' "${COMPREPLY[@]}"
            """;
        var replies = SystemTool.Run("bash", "-c", tab, "bash", Bootserver.Folder, Bootserver.DotnetRoot, folder["completion.bash"], line).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Subset(replies.ToHashSet(), expected.ToHashSet());
    }

    private static IEnumerable<(string Path, Command Command)> All(Command parent, string above = "") => parent.Subcommands.Where(command => !command.Hidden).SelectMany(command =>
        All(command, $"{above}{command.Name} ").Prepend(($"{above}{command.Name}", command)));

    // A heading may name several commands that share their options: "## pc add, pc change".
    private static string? Section(string page, string command) => Heading().Split(page).Skip(1).FirstOrDefault(section => section[..section.IndexOf('\n', StringComparison.Ordinal)].Trim().Split(", ").Contains(command));

    [GeneratedRegex("^#{2,4} ", RegexOptions.Multiline)]
    private static partial Regex Heading();

    [GeneratedRegex("--[a-z-]+")]
    private static partial Regex LongOption();
}
