// bootconsole password change: gives the key sets of this PC's images another password.
using System.CommandLine;
using BootConsole.Appliance.Secrets;
using BootConsole.Codec;
using BootConsole.Core;
using BootConsole.Images;

namespace BootConsole.Appliance.Commands;

/// <summary>Passwords of key sets.</summary>
internal static class PasswordCommand
{
    private static readonly Option<string?> New = new("--new-password-file") { HelpName = "F", Description = "file whose first line is the new password; without it a terminal is asked" };
    private static readonly Option<string?> Pc = new("--pc") { HelpName = "NAME", Description = "the PC whose key sets get the new password (default: this one)" };

    internal static Command Make(Services services)
    {
        var change = new Command("change", "Give the key sets of a PC's images a new password. No image is written anew.") { KeyOptions.PasswordFile, New, Pc };
        StoreOptions.AddTo(change);
        change.WithExamples("bootconsole password change --store /mnt/backup --password-file old.txt --new-password-file new.txt");
        change.Runs(services, "Every key set opens by the old password or by the new one; no image was changed.", ChangeAsync);
        var password = new Command("password", "Change the password of encrypted images.") { change };
        password.WithExamples("bootconsole password change --store /mnt/backup");
        return password;
    }

    private static async Task<ExitCode> ChangeAsync(CommandSession session)
    {
        var (oldFile, newFile) = (session.Arguments.GetValue(KeyOptions.PasswordFile), session.Arguments.GetValue(New));
        if ((oldFile is null || newFile is null) && !session.Services.IsInteractive) throw new UsageFault("a password is missing") { Remedy = "Give --password-file and --new-password-file." };
        await using var store = await StoreOptions.OpenForDeletingAsync(session);
        using var request = new KeyRequest();
        request.Add(oldFile is not null ? SecretFiles.ReadPassword(oldFile) : PasswordPrompt.Ask("Old password", session.Cancel));
        var pc = ThisPc.Describe(session.Arguments.GetValue(Pc) ?? StoreOptions.PcName(session)).Name;
        var ids = (await ImageList.ReadAsync(store, session.Cancel)).Where(listing => listing.Id.Pc == pc).Select(listing => listing.Manifest?.KeyId ?? listing.Record?.KeyId).OfType<string>().Distinct().ToList();
        if (ids.Count == 0) throw new RefusedFault("the store has no encrypted image of this PC") { Which = pc, Remedy = "Name another one with --pc; 'bootconsole images' lists all." };
        List<KeySet> opened = [];
        try
        {
            // All are opened before one gets a new wrap: a wrong password changes nothing.
            foreach (var text in ids)
                if (ChunkHash.TryParse(text, out var id) && (await KeyWraps.ListAsync(store, id, session.Cancel)).Any(wrap => wrap.Kind == WrapKind.Password))
                    opened.Add(await KeyWraps.OpenAsync(store, id, request.Identities, isPinned: false, session.Cancel));
            using var password = newFile is not null ? SecretFiles.ReadPassword(newFile) : PasswordPrompt.AskTwice("New password", session.Cancel);
            using var recipient = new PasswordRecipient(password.Span);
            using var proof = new PasswordIdentity(password.Span, new ScryptLimits());
            foreach (var keys in opened)
            {
                await KeyWraps.ChangePasswordAsync(store, keys, recipient, proof, session.Cancel);
                session.HasWritten = true;
                session.Say($"Key set {keys.Id} has the new password.");
            }
        }
        finally
        {
            foreach (var keys in opened) keys.Dispose();
        }

        session.Answer(new Output.JobDocument { Outcome = "done" }, Output.Documents.Context.JobDocument);
        return ExitCode.Done;
    }
}
