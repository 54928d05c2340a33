// bootserver authorize: what sshd asks. sshd's own call takes a short cut past the command line's reader.
using System.CommandLine;
using System.Text;
using BootConsole.Core;
using BootConsole.Server.Access;
using BootConsole.Server.Output;

namespace BootConsole.Server.Commands;

/// <summary>The oracle as a command.</summary>
internal static class AuthorizeCommand
{
    private const string Name = "authorize";

    private static readonly Argument<string> User = new("USER") { Description = "the user that the PC wants to come in as (sshd: %u)" };
    private static readonly Argument<string> KeyId = new("KEYID") { Description = "key id of the certificate (sshd: %i)" };
    private static readonly Argument<string> Serial = new("SERIAL") { Description = "serial number of the certificate (sshd: %s)" };

    private static readonly Argument<string?> Fingerprint = new("FINGERPRINT") { Description = "fingerprint of the certificate's key, SHA256:… (sshd: %f); any key unless given", Arity = ArgumentArity.ZeroOrOne };

    internal static Command Make(Services services)
    {
        var command = new Command(Name, "Answer sshd whether a certificate may come in, and what for.") { User, KeyId, Serial, Fingerprint };
        ExampleHelp.Give(command, "bootserver authorize bc-office-pc office-pc/17 17");
        command.Does(services, "Nobody was let in.", session =>
        {
            var request = new AccessRequest(session.Line.GetValue(User)!, session.Line.GetValue(KeyId)!, session.Line.GetValue(Serial)!, session.Line.GetValue(Fingerprint));
            var (answer, line) = new Oracle(session.Line.GetValue(CommandTree.Root)!, services.Clock).Ask(request);
            if (answer.Level == AccessLevel.Refused) throw new RefusedFault("this certificate may not come in") { Which = request.KeyId, Found = answer.Reason, Remedy = "'bootserver pc list' and 'bootserver contract list' show what the server knows." };
            var word = answer.Level switch { AccessLevel.ReadOnly => "read-only", AccessLevel.NoNewImages => "no-new-images", _ => "full" };
            session.Answer([line], new AccessDocument(word, answer.Reason, line), AccessDocuments.Default.AccessDocument);
            return Task.CompletedTask;
        });
        return command;
    }

    /// <summary>Answers a call exactly as sshd makes it.</summary>
    /// <returns>The exit code; null when the call is another.</returns>
    internal static int? TryAnswer(string[] arguments, TimeProvider clock)
    {
        if (arguments is not [Name, "--root", var root, var user, var keyId, var serial, var fingerprint] || fingerprint.StartsWith('-')) return null;
        var (answer, line) = new Oracle(root, clock).Ask(new AccessRequest(user, keyId, serial, fingerprint));
        if (answer.Level == AccessLevel.Refused) return (int)ExitCode.Refused;
        using var output = Console.OpenStandardOutput();
        output.Write(Encoding.UTF8.GetBytes(line + "\n"));
        return (int)ExitCode.Done;
    }
}
