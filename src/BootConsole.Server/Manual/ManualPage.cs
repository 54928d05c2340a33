// A command as a page of the manual: what --help says, in the sections that man-pages(7) names.
using System.CommandLine;
using BootConsole.Server.Commands;

namespace BootConsole.Server.Manual;

/// <summary>Makes the pages: one of the program, and one of each command that a person sees.</summary>
internal sealed class ManualPage
{
    private const int Section = 8;

    private readonly List<string> _lines = [];

    private ManualPage(Command command)
    {
        Name = NameOf(command).Replace(' ', '-');
        _lines.Add(".\\\" Made by 'bootserver man'; changes are lost.");
        _lines.Add($".TH \"{Troff.Text(Name.ToUpperInvariant())}\" \"{Section}\" \"\" \"bootserver {Troff.Text(Version)}\" \"System administration\"");
        // Left-aligned and without hyphenation: what is copied from a page must be what was written.
        _lines.AddRange([".nh", ".ad l", ".SH NAME", $"{Troff.Text(Name)} \\- {Troff.Text(Lower(command.Description))}"]);
    }

    /// <summary>The name of the page.</summary>
    internal string Name { get; }

    /// <summary>The name of its file.</summary>
    internal string File => $"{Name}.{Section}";

    /// <summary>The page, ready to be written.</summary>
    internal string Content => string.Join('\n', _lines) + "\n";

    private static string Version => typeof(ManualPage).Assembly.GetName().Version!.ToString(3);

    /// <summary>All pages.</summary>
    internal static IReadOnlyList<ManualPage> All(RootCommand root)
    {
        var commands = Seen(root).ToList();
        return [OfProgram(root, commands), .. commands.Select(OfCommand)];
    }

    private static ManualPage OfProgram(RootCommand root, IReadOnlyList<Command> commands)
    {
        var page = new ManualPage(root);
        page.Heading("SYNOPSIS").Say($"{Troff.Bold(root.Name)} {Troff.Italic("COMMAND")} [{Troff.Italic("OPTION")}\\|.\\|.\\|.]");
        page.Heading("DESCRIPTION").Say(Troff.Text(root.Description ?? ""));
        page.Heading("COMMANDS");
        foreach (var command in commands) page.Term($"{Troff.Bold(PageOf(command))}({Section})", Troff.Text(command.Description ?? ""));
        page.Heading("OPTIONS").Options(root);
        page.Examples(root);
        page.ExitStatus();
        page.Heading("ENVIRONMENT").Term(Troff.Bold("BOOTSERVER_ROOT"), "Folder of the server, where \\fB\\-\\-root\\fR names none; without both it is " + Troff.Italic("/srv/bootconsole") + ".");
        page.SeeAlso([.. commands.Select(PageOf), "sshd", "ssh-keygen"]);
        return page;
    }

    private static ManualPage OfCommand(Command command)
    {
        var page = new ManualPage(command);
        var works = Works(command).ToList();
        page.Heading("SYNOPSIS");
        foreach (var work in works) page.Say(Synopsis(work)).Say(".br");
        page.Heading("DESCRIPTION").Say(Troff.Text(command.Description ?? ""));
        foreach (var work in works)
        {
            page.Heading(work == command ? "OPTIONS" : NameOf(work).ToUpperInvariant());
            if (work != command) page.Say(Troff.Text(work.Description ?? ""));
            page.Arguments(work);
            page.Options(work);
        }

        page.Say(".PP").Say($"The options of {Troff.Bold("bootserver")}({Section}) hold here too.");
        page.Examples([.. works.Prepend(command).Distinct()]);
        page.ExitStatus();
        page.SeeAlso(["bootserver"]);
        return page;
    }

    private ManualPage Heading(string title) => Say($".SH \"{Troff.Text(title)}\"");

    private ManualPage Say(string line)
    {
        _lines.Add(line);
        return this;
    }

    private void Term(string term, string meaning) => _lines.AddRange([".TP", term, meaning]);

    private void Arguments(Command command)
    {
        foreach (var argument in command.Arguments.Where(argument => !argument.Hidden)) Term(Troff.Italic(argument.HelpName ?? argument.Name), Meaning(argument.Description));
    }

    private void Options(Command command)
    {
        foreach (var option in command.Options.Where(option => !option.Hidden))
        {
            var names = option.Aliases.Where(alias => alias.StartsWith('-')).Prepend(option.Name).Select(Troff.Bold);
            Term(string.Join(", ", names) + Value(option), Meaning(option.Description + (option.Required ? " (required)" : "")));
        }
    }

    private void Examples(params IReadOnlyList<Command> commands)
    {
        Heading("EXAMPLES").Say(".nf");
        foreach (var example in commands.SelectMany(ExampleHelp.Of).Distinct()) Say(Troff.Text(example));
        Say(".fi");
    }

    private void ExitStatus()
    {
        Heading("EXIT STATUS");
        foreach (var (code, meaning) in ExampleHelp.ExitCodes) Term(Troff.Bold(code), Meaning(meaning));
    }

    private void SeeAlso(IReadOnlyList<string> pages)
    {
        Heading("SEE ALSO");
        for (var i = 0; i < pages.Count; i++) Say($".BR {Troff.Text(pages[i])} ({(pages[i] == "ssh-keygen" ? 1 : Section)}){(i < pages.Count - 1 ? "," : "")}");
    }

    private static string Synopsis(Command command)
    {
        var arguments = command.Arguments.Where(argument => !argument.Hidden).Select(argument => Troff.Italic(argument.HelpName ?? argument.Name));
        var required = command.Options.Where(option => option.Required && !option.Hidden).Select(option => Troff.Bold(option.Name) + Value(option));
        var rest = command.Options.Any(option => !option.Required && !option.Hidden) ? [$"[{Troff.Italic("OPTION")}\\|.\\|.\\|.]"] : Array.Empty<string>();
        return string.Join(' ', [Troff.Bold(NameOf(command)), .. arguments, .. required, .. rest]);
    }

    private static string Value(Option option) => option.ValueType == typeof(bool) || option.Arity.MaximumNumberOfValues == 0 || option.ValueType == typeof(void) ? "" : " " + Troff.Italic(option.HelpName ?? option.Name.TrimStart('-').ToUpperInvariant());

    // What a term of .TP means may not be an empty line: troff would take the next one.
    private static string Meaning(string? text) => string.IsNullOrEmpty(text) ? "\\&" : Troff.Text(text);

    // "Add a PC." becomes what stands behind a name: "add a PC".
    private static string Lower(string? text) => text is { Length: > 1 } && !char.IsUpper(text[1]) ? char.ToLowerInvariant(text[0]) + text[1..].TrimEnd('.') : text?.TrimEnd('.') ?? "";

    private static IEnumerable<Command> Seen(Command parent) => parent.Subcommands.Where(command => !command.Hidden);

    private static IEnumerable<Command> Works(Command command) => Seen(command).Any() ? Seen(command).SelectMany(Works) : [command];

    private static string PageOf(Command command) => NameOf(command).Replace(' ', '-');

    private static string NameOf(Command command) => command.Parents.OfType<Command>().FirstOrDefault() is { } parent ? $"{NameOf(parent)} {command.Name}" : "bootserver";
}
