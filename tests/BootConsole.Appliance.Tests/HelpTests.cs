// --help of every command, and the completion scripts.
using BootConsole.TestKit;

namespace BootConsole.Appliance.Tests;

public sealed class HelpTests
{
    /// <summary>Every command of this version.</summary>
    internal static readonly string[] Names = ["disks", "backup", "images", "show", "restore", "verify", "export", "delete", "prune", "resume", "run", "keys new", "keys list", "keys show", "password change", "check-config", "setup", "enrol", "completion"];

    public static TheoryData<string> Commands => [.. Names];

    [Theory]
    [MemberData(nameof(Commands))]
    public void The_help_of_a_command_shows_an_example_and_the_exit_codes(string command)
    {
        var help = Bootconsole.Run([.. command.Split(' '), "--help"]).Succeeds();
        Assert.Empty(help.Errors);
        Assert.Contains("Examples:\n  bootconsole " + command, help.Output, StringComparison.Ordinal);
        Assert.Contains("Exit codes: 0 done and checked, 1 failed, 2 usage or settings error, 3 refused (nothing was written),", help.Output, StringComparison.Ordinal);
        Assert.Contains("4 done with unreadable ranges, 130 cancelled.", help.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void The_help_of_the_program_lists_every_command()
    {
        var help = Bootconsole.Run("--help").Succeeds().Output;
        foreach (var command in Names) Assert.Contains($"\n  {command.Split(' ')[0]}", help, StringComparison.Ordinal);
    }

    [Fact]
    public void Help_counts_even_where_the_rest_of_the_line_is_wrong() =>
        Assert.Contains("Examples:", Bootconsole.Run("restore", "--frobnicate", "--help").Succeeds().Output, StringComparison.Ordinal);

    [Theory]
    [InlineData("bootconsole ", 12, "backup", "restore", "check-config")]
    [InlineData("bootconsole rest", 16, "restore")]
    [InlineData("bootconsole backup --dr", 23, "--dry-run")]
    [InlineData("bootconsole backup --disk d.img --no-enc", 40, "--no-encryption")]
    public void The_bash_script_is_sound_and_completes(string line, int cursor, params string[] expected)
    {
        using var folder = new TempFolder();
        var script = folder["completion.bash"];
        File.WriteAllText(script, Bootconsole.Run("completion", "bash").Succeeds().Output);
        SystemTool.Run("bash", "-n", script);
        // What bash does on Tab: set the words of the line, call the function, take its replies.
        var tab = $$"""
            export PATH="$1:$PATH" DOTNET_ROOT="$2"
            source "$3"
            COMP_LINE="$4" COMP_POINT="$5"
            read -ra COMP_WORDS <<< "$COMP_LINE"
            if [[ "$COMP_LINE" == *' ' ]]; then COMP_WORDS+=(''); fi
            COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
            "$(complete -p bootconsole | sed -E 's/.*-F ([^ ]+) .*/\1/')"
            printf '%s\n' "${COMPREPLY[@]}"
            """;
        var replies = SystemTool.Run("bash", "-c", tab, "bash", Bootconsole.Folder, Bootconsole.DotnetRoot, script, line, $"{cursor}").Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Subset(replies.ToHashSet(), expected.ToHashSet());
        if (expected is [var only]) Assert.Equal([only], replies);
    }
}
