// bootserver ca: shows the certificate authorities, makes new ones, and forgets former ones.
using System.CommandLine;
using System.Globalization;
using BootConsole.Core;
using BootConsole.Server.Catalogue;
using BootConsole.Server.Certificates;
using BootConsole.Server.Output;
using BootConsole.Server.Setup;

namespace BootConsole.Server.Commands;

/// <summary>The certificate authorities as commands.</summary>
internal static class AuthorityCommand
{
    private static readonly Argument<string> Kind = new("KIND") { Description = "user (lets PCs in) or host (proves the server)" };
    private static readonly Option<bool> Yes = new("--yes") { Description = "shut out the boot images that were made before, too" };

    internal static Command Make(Services services)
    {
        var show = new Command("show", "Show the authorities that are trusted now.");
        ExampleHelp.Give(show, "bootserver ca show");
        show.Does(services, "Nothing was changed.", session =>
        {
            Answer(session, session.Tree, "");
            return Task.CompletedTask;
        });

        var rotate = new Command("rotate", "Make a new authority; the former stays trusted until 'ca forget'.") { Kind };
        ExampleHelp.Give(rotate, "bootserver ca rotate user");
        rotate.Does(services, "What was trusted is trusted still; the same command goes on.", RotateAsync);

        var forget = new Command("forget", "Trust the current authority alone: boot images that were made before are shut out.") { Kind, Yes };
        ExampleHelp.Give(forget, "bootserver ca forget user", "bootserver ca forget host --yes");
        forget.Does(services, "The same command goes on where it was cut.", ForgetAsync);

        var command = new Command("ca", "The certificate authorities of the server.") { show, rotate, forget };
        ExampleHelp.Give(command, "bootserver ca show");
        return command;
    }

    private static async Task RotateAsync(CommandSession session)
    {
        var (kind, tree) = (KindOf(session.Line.GetValue(Kind)!), session.Tree);
        var facts = tree.ReadFacts();
        using var catalogue = tree.OpenCatalogue(session.Services);
        await new AuthorityRotation(tree, session.Services.Programs).RotateAsync(kind, facts.Host, session.Cancel);
        await new RevocationList(tree, session.Services.Programs).WriteAsync(catalogue, session.Cancel);
        // A number that no boot image gets: what has a lower one may be signed by the former authority, what has a higher one is not.
        long border = 0;
        catalogue.Remember(rows => border = rows.TakeSerial());
        catalogue.Change(AuthorityRotation.Rotated(kind), border.ToString(CultureInfo.InvariantCulture), _ => { });
        Answer(session, tree, $"Next: build the PCs' boot images again, then 'bootserver ca forget {session.Line.GetValue(Kind)}'. Until then those that exist work as before.");
    }

    private static async Task ForgetAsync(CommandSession session)
    {
        var (kind, tree) = (KindOf(session.Line.GetValue(Kind)!), session.Tree);
        var facts = tree.ReadFacts();
        using var catalogue = tree.OpenCatalogue(session.Services);
        var rotation = new AuthorityRotation(tree, session.Services.Programs);
        var former = catalogue.Read(rows => AuthorityRotation.Former(rows, kind));
        if (AuthorityLines.Read(rotation.LinesOf(kind)).Count > 1 && former.Count > 0 && !session.Line.GetValue(Yes))
            throw new RefusedFault("boot images that were made before would be shut out") { Which = Known.Of(former.Select(image => image.Pc).Distinct()), Found = $"{former.Count} that are not revoked", Remedy = "Build them again and revoke the former ones, or say --yes." };
        await rotation.ForgetAsync(kind, session.Cancel);
        // The server proves itself by the authority that all PCs know: until now that was the former one.
        if (kind == AuthorityKind.Host) await new ServerSetup(session.Services, tree, facts, InitCommand.ThisProgram()).SignHostKeysAsync(session.Cancel);
        await new RevocationList(tree, session.Services.Programs).WriteAsync(catalogue, session.Cancel);
        catalogue.Change(AuthorityRotation.Forgotten(kind), facts.Host, _ => { });
        Answer(session, tree, kind == AuthorityKind.Host ? "The host certificate is signed by the current authority now; a sshd that runs takes it when it is started again." : "The next login goes by this; sessions that are open stay.");
    }

    private static AuthorityKind KindOf(string text) => text switch
    {
        "user" => AuthorityKind.User,
        "host" => AuthorityKind.Host,
        _ => throw new UsageFault("there is no such authority") { Found = PlainText.Of(text), Expected = "user or host" },
    };

    private static void Answer(CommandSession session, ServerTree tree, string next)
    {
        List<AuthorityDocument> all = [];
        foreach (var (kind, path) in new[] { ("user", tree.UserAuthorities), ("host", tree.HostAuthorities) })
            all.AddRange(AuthorityLines.Read(path).Select((line, index) => new AuthorityDocument(kind, index == 0 ? "current" : "former", AuthorityLines.Fingerprint(line), line)));
        session.Answer(
            [.. PlainTable.Lines([.. all.Select(entry => (string[])[entry.Kind, entry.State, entry.Fingerprint])]), .. next.Length > 0 ? (string[])[next] : []],
            new AuthoritiesDocument(all),
            ServerDocuments.Default.AuthoritiesDocument);
    }
}
