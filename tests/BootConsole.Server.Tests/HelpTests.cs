// --help of every command of bootserver, its completion, and the page that tells of them.
using System.Text.RegularExpressions;
using BootConsole.TestKit;

namespace BootConsole.Server.Tests;

public sealed partial class HelpTests
{
    [Theory]
    [InlineData("media build", "bootserver media build --config")]
    [InlineData("media", "bootserver media build --help")]
    [InlineData("completion", "bootserver completion bash")]
    public void The_help_of_a_command_shows_an_example_and_the_exit_codes(string command, string example)
    {
        var help = Bootserver.Run([.. command.Split(' '), "--help"]).Succeeds().Output;
        Assert.Contains("Examples:\n  " + example, help, StringComparison.Ordinal);
        Assert.Contains("Exit codes: 0 done and checked, 1 failed, 2 usage or settings error, 3 refused (nothing was written), 130 cancelled.", help, StringComparison.Ordinal);
    }

    [Fact]
    public void The_page_tells_of_every_option_and_of_no_other()
    {
        var page = File.ReadAllText(Path.Combine(RepositoryFolder.Path, "docs/bootserver.md"));
        var help = Bootserver.Run("media", "build", "--help").Succeeds().Output;
        var options = LongOption().Matches(help[..help.IndexOf("Examples:", StringComparison.Ordinal)]).Select(match => match.Value).ToHashSet();
        var documented = page.Split('\n').Where(line => line.StartsWith("| `--", StringComparison.Ordinal)).Select(line => LongOption().Match(line).Value).ToHashSet();
        Assert.Equal(options.Except(["--help", "--json"]).Order(StringComparer.Ordinal), documented.Order(StringComparer.Ordinal));
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
        Assert.DoesNotContain("contract", replies);
    }

    [GeneratedRegex("--[a-z-]+")]
    private static partial Regex LongOption();
}
