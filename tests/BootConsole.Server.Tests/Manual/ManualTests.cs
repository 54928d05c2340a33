// The manual pages: groff reads them without a warning, and a person reads in them what --help says.
using System.CommandLine;
using BootConsole.Host;
using BootConsole.Server.Commands;
using BootConsole.TestKit;
using Spectre.Console;

namespace BootConsole.Server.Tests.Manual;

public sealed class ManualTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public ManualTests() => Bootserver.Run("man", _folder["pages"]).Succeeds();

    public static TheoryData<string> Commands => [.. Seen(Tree).Select(command => command.Name)];

    private static RootCommand Tree => CommandTree.Make(new Services { Programs = new ProgramRunner(), Output = AnsiConsole.Console, Errors = AnsiConsole.Console });

    [Fact]
    public void There_is_a_page_of_the_program_and_one_of_each_command_and_groff_reads_all_without_a_warning()
    {
        var pages = Directory.GetFiles(_folder["pages"]).Order(StringComparer.Ordinal).ToList();
        Assert.Equal(Seen(Tree).Select(command => $"bootserver-{command.Name}.8").Append("bootserver.8").Order(StringComparer.Ordinal), pages.Select(page => Path.GetFileName(page)));
        foreach (var page in pages)
        {
            // The first is what Debian's own check of packages runs.
            foreach (var result in new[] { SystemTool.Try("env", "LC_ALL=C.UTF-8", "MANROFFSEQ=", "MANWIDTH=80", "man", "--warnings", "-E", "UTF-8", "-l", "-Tutf8", "-Z", page), SystemTool.Try("groff", "-ww", "-rCHECKSTYLE=3", "-man", "-Tutf8", "-z", page) })
                Assert.True(result.ExitCode == 0 && result.Error.Length == 0, $"{page}: {result.Error}");
        }
    }

    [Theory]
    [MemberData(nameof(Commands))]
    public void A_page_tells_of_every_command_option_and_example_as_they_are_typed(string name)
    {
        var shown = OneLine(Shown(_folder[$"pages/bootserver-{name}.8"]));
        foreach (var command in Works(Seen(Tree).Single(command => command.Name == name)))
        {
            foreach (var word in command.Options.Where(option => !option.Hidden).Select(option => option.Name).Concat(command.Arguments.Select(argument => argument.HelpName ?? argument.Name))) Assert.Contains(word, shown, StringComparison.Ordinal);
            foreach (var example in ExampleHelp.Of(command)) Assert.Contains(OneLine(example), shown, StringComparison.Ordinal);
            foreach (var option in command.Options.Where(option => !option.Hidden)) Assert.Contains(OneLine(option.Description!), shown, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void The_page_of_the_program_leads_to_all_others_and_names_the_exit_codes()
    {
        var shown = OneLine(Shown(_folder["pages/bootserver.8"]));
        foreach (var command in Seen(Tree)) Assert.Contains($"bootserver-{command.Name}(8)", shown, StringComparison.Ordinal);
        foreach (var word in (string[])["--root DIR", "--json", "BOOTSERVER_ROOT", "130 cancelled"]) Assert.Contains(word, shown, StringComparison.Ordinal);
    }

    public void Dispose() => _folder.Dispose();

    private static string Shown(string page) => SystemTool.Run("env", "LC_ALL=C.UTF-8", "MANWIDTH=2000", "man", "-E", "UTF-8", "-l", page);

    private static string OneLine(string text) => string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));

    private static IEnumerable<Command> Seen(Command parent) => parent.Subcommands.Where(command => !command.Hidden);

    private static IEnumerable<Command> Works(Command command) => Seen(command).Any() ? Seen(command).SelectMany(Works) : [command];
}
