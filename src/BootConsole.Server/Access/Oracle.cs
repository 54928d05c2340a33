// What sshd asks at each login (AuthorizedPrincipalsCommand): may this certificate come in, and what for? In doubt nobody does.
using System.Globalization;
using BootConsole.Core;
using BootConsole.Server.Catalogue;

namespace BootConsole.Server.Access;

/// <summary>Answers sshd. It never waits long: a catalogue that is locked, damaged or gone is a refusal.</summary>
internal sealed class Oracle(string root, TimeProvider clock)
{
    /// <summary>How long a question may take, whatever hangs: sshd asks twice, and gives a login a minute. Less would refuse PCs because the server is busy, as when fifty of them come at once.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(10);

    // One statement's share of it: a change of another program is over in milliseconds.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    /// <summary>Answers; a refusal is written to the log.</summary>
    /// <returns>The answer, and the line for sshd: empty for a refusal.</returns>
    internal (AccessAnswer Answer, string Line) Ask(AccessRequest request)
    {
        ServerTree? tree = null;
        try
        {
            tree = ServerTree.At(root);
            // On a thread of its own: a file system that hangs cannot be interrupted, only left behind.
            var question = Task.Run(() => Look(tree, request));
            if (!question.Wait(Longest)) return Refuse(tree, request, "the catalogue does not answer");
            return question.Result.Answer.Level == AccessLevel.Refused ? Refuse(tree, request, question.Result.Answer.Reason) : question.Result;
        }
        catch (AggregateException failure)
        {
            return Refuse(tree, request, Words(failure.InnerException!));
        }
        catch (UsageFault fault)
        {
            return Refuse(tree, request, Words(fault));
        }
    }

    /// <summary>The line that sshd reads: options for the session, and the principal that the certificate must have.</summary>
    internal static string Line(AccessLevel access, string pc, string? folder)
    {
        var options = access switch { AccessLevel.ReadOnly => " -R", AccessLevel.NoNewImages => " -P mkdir", _ => "" };
        return $"restrict,command=\"internal-sftp{options}{(folder is null ? "" : $" -d {folder}")}\" {pc}";
    }

    private (AccessAnswer Answer, string Line) Look(ServerTree tree, AccessRequest request)
    {
        var facts = tree.ReadFacts();
        using var catalogue = CatalogueFile.Open(tree.Catalogue, "authorize", clock, Patience);
        var found = catalogue.Read(rows => Facts(rows, request, facts.IsSystem ? null : facts.Account));
        var answer = AccessRules.Decide(request, found, clock.GetUtcNow());
        return (answer, answer.Level == AccessLevel.Refused ? "" : Line(answer.Level, found.Pc!.Name, facts.IsSystem ? null : tree.Store(found.Pc.Name)));
    }

    private static AccessFacts Facts(CatalogueSession rows, AccessRequest request, string? sharedAccount)
    {
        var serial = long.TryParse(request.Serial, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0;
        var image = rows.FindBootImage(serial);
        var pc = image is null ? null : rows.FindPc(image.Pc);
        // A PC that was removed and added again is another one: its former boot images stay out.
        if (pc?.Id != rows.Number("SELECT coalesce(pc, 0) FROM boot_image WHERE id = $id", ("id", serial))) pc = null;
        return new AccessFacts
        {
            Image = image,
            Pc = pc,
            Contract = pc is null ? null : rows.FindContract(pc.Contract),
            Finished = pc is null ? 0 : rows.UseOf(pc.Id).Images,
            Unfinished = pc is null ? 0 : rows.Number("SELECT count(*) FROM image WHERE pc = $pc AND state = 'unfinished'", ("pc", pc.Id)),
            SharedAccount = sharedAccount,
        };
    }

    private (AccessAnswer Answer, string Line) Refuse(ServerTree? tree, AccessRequest request, string reason)
    {
        if (tree is not null) RefusalLog.Write(tree.OracleLog, request, reason, clock.GetUtcNow(), Longest);
        return (AccessAnswer.Refused(reason), "");
    }

    private static string Words(Exception failure) => failure is Fault fault ? FaultSentence.Of(fault) : failure.Message;
}
