// bootserver pc enrol: a one-time code for a PC that boots from the network and has no key.
using System.CommandLine;
using BootConsole.Core;
using BootConsole.Server.Certificates;
using BootConsole.Server.Enrolments;
using BootConsole.Server.Output;
using BootConsole.Settings;

namespace BootConsole.Server.Commands;

/// <summary>Opens enrolments.</summary>
internal static class PcEnrolCommand
{
    private static readonly TimeSpan Longest = TimeSpan.FromDays(30);

    private static readonly Argument<string> Name = new("PC") { Description = "its name" };
    private static readonly Option<string> Valid = new("--valid") { HelpName = "TIME", Description = "how long the code is taken, up to 30 d", DefaultValueFactory = _ => "24 h" };

    internal static Command Make(Services services)
    {
        var enrol = new Command("enrol", "Show a one-time code by which a PC that was booted from the network gets its key.") { Name, Valid };
        ExampleHelp.Give(enrol, "bootserver pc enrol office-pc", "bootserver pc enrol office-pc --valid \"2 h\"");
        enrol.Does(services, "Nothing was changed.", RunAsync);
        return enrol;
    }

    private static Task RunAsync(CommandSession session)
    {
        var (text, name) = (session.Line.GetValue(Valid)!, session.Line.GetValue(Name)!);
        if (!DurationText.TryParse(text, out var valid) || valid <= TimeSpan.Zero || valid > Longest) throw new UsageFault("this is no time for which a code can be valid") { Which = "--valid", Found = PlainText.Of(text), Expected = "a whole number and s, min, h or d, up to 30 d, such as \"24 h\"" };
        using var catalogue = session.Tree.OpenCatalogue(session.Services);
        var (code, expires) = new EnrolmentDesk(session.Tree, catalogue, session.Services.Programs, session.Services.Clock).Open(name, valid);
        session.Answer(
            [
                $"Code for {name}: {code}",
                $"  for one time, until {expires.UtcDateTime:yyyy-MM-dd HH:mm} UTC, {EnrolmentDesk.MostTries} tries",
                "The PC, booted from the network, asks for it on its first screen. Whoever has the code gets the PC's key.",
                .. AuthorityLines.Read(session.Tree.HostAuthorities).Select(line => $"  It shows this server's key there: {AuthorityLines.Fingerprint(line)}"),
            ],
            new EnrolDocument(name, code, expires),
            ServeDocuments.Default.EnrolDocument);
        return Task.CompletedTask;
    }
}
