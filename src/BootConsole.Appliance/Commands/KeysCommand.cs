// bootconsole keys: makes key sets, and shows which there are.
using System.CommandLine;
using System.Security.Cryptography;
using BootConsole.Appliance.Output;
using BootConsole.Appliance.Secrets;
using BootConsole.Codec;
using BootConsole.Core;
using BootConsole.Images;
using BootConsole.Stores;

namespace BootConsole.Appliance.Commands;

/// <summary>Key sets of a store.</summary>
internal static class KeysCommand
{
    private static readonly Option<string[]> Recipients = new("--recipient") { HelpName = "age1…", Description = "wrap the key set for the holder of this age key; may be repeated", AllowMultipleArgumentsPerToken = false };
    private static readonly Option<string?> TableKey = new("--table-key") { HelpName = "F", Description = "write a table key to this new file: for a PC that backs itself up and can read no image" };
    private static readonly Argument<string> Id = new("KEYID") { Description = "key id, or a unique prefix of one" };

    internal static Command Make(Services services)
    {
        var keys = new Command("keys", "Make and list key sets: what encrypted images are encrypted to.") { MakeNew(services), MakeList(services), MakeShow(services) };
        keys.WithExamples(
            "bootconsole keys new --store /mnt/backup --password-file pw.txt --recipient age1… --table-key table.key",
            "bootconsole keys list --store /mnt/backup");
        return keys;
    }

    private static Command MakeNew(Services services)
    {
        var command = new Command("new", "Make a key set, wrapped by a password, for recipients, or both.") { KeyOptions.PasswordFile, Recipients, TableKey };
        StoreOptions.AddTo(command);
        command.WithExamples(
            "bootconsole keys new --store /mnt/backup --password-file pw.txt",
            "bootconsole keys new --store sftp://office-pc@backup.example/ --recipient age1… --table-key /etc/bootconsole/table.key");
        command.Runs(services, "No image was changed.", NewAsync);
        return command;
    }

    private static Command MakeList(Services services)
    {
        var command = new Command("list", "List the key sets of a store, how each can be opened, and how many images need it.");
        StoreOptions.AddTo(command);
        command.WithExamples("bootconsole keys list --store /mnt/backup");
        command.Runs(services, "Nothing was changed.", session => ListAsync(session, null));
        return command;
    }

    private static Command MakeShow(Services services)
    {
        var command = new Command("show", "Show one key set and the images that need it.") { Id };
        StoreOptions.AddTo(command);
        command.WithExamples("bootconsole keys show --store /mnt/backup 3f2a");
        command.Runs(services, "Nothing was changed.", session => ListAsync(session, session.Arguments.GetValue(Id)));
        return command;
    }

    private static async Task<ExitCode> NewAsync(CommandSession session)
    {
        var recipients = KeySetMaking.ReadRecipients(session.Arguments.GetValue(Recipients) ?? []);
        var file = session.Arguments.GetValue(KeyOptions.PasswordFile);
        if (file is null && recipients.Count == 0 && !session.Services.IsInteractive) throw new UsageFault("nothing says how the key set is to be opened") { Remedy = "Give --password-file, --recipient, or both." };
        if (session.Arguments.GetValue(TableKey) is { } wanted && !Directory.Exists(Path.GetDirectoryName(Path.GetFullPath(wanted)))) throw new UsageFault("the folder of the file is not there") { Which = $"--table-key {wanted}" };
        if (session.Arguments.GetValue(TableKey) is { } path && File.Exists(path)) throw new RefusedFault("a file of that name is there already") { Which = path, Remedy = "Choose another name, or remove that file." };
        using var password = file is not null ? SecretFiles.ReadPassword(file) : recipients.Count == 0 ? PasswordPrompt.AskTwice("Password of the new key set", session.Cancel) : null;
        await using var store = await StoreOptions.OpenForBackupAsync(session);
        using var keys = KeySet.MakeRandom();
        await KeySetMaking.WrapAsync(store, keys, password, recipients, session.Cancel);
        session.HasWritten = true;
        if (session.Arguments.GetValue(TableKey) is { } tableKey)
        {
            await KeyWraps.KeepAsync(store, keys.Id, session.Cancel);
            var text = KeySetText.WriteTableKey(keys);
            SecretFiles.WriteNew(tableKey, text);
            CryptographicOperations.ZeroMemory(text);
            session.Say($"The table key is in {tableKey}. Whoever has it can make images, and see the hash of every chunk; it reads no image.");
        }

        session.Say($"Key set {keys.Id} is made. Its recipient is {keys.Recipient}.");
        session.Answer(new KeySetsDocument([new KeySetDocument(keys.Id.ToString(), [.. (await KeyWraps.ListAsync(store, keys.Id, session.Cancel)).Select(wrap => wrap.Name)], [])]), Documents.Context.KeySetsDocument);
        return ExitCode.Done;
    }

    private static async Task<ExitCode> ListAsync(CommandSession session, string? wanted)
    {
        await using var store = await StoreOptions.OpenForReadingAsync(session);
        var listings = await ImageList.ReadAsync(store, session.Cancel);
        List<KeySetDocument> sets = [];
        foreach (var id in await KeyWraps.ListSetsAsync(store, session.Cancel))
        {
            if (wanted is not null && !id.ToString().StartsWith(wanted, StringComparison.Ordinal)) continue;
            var images = listings.Where(listing => (listing.Manifest?.KeyId ?? listing.Record?.KeyId) == id.ToString()).Select(listing => listing.Id.Text).ToList();
            sets.Add(new KeySetDocument(id.ToString(), [.. (await KeyWraps.ListAsync(store, id, session.Cancel)).Select(wrap => wrap.Name)], images));
        }

        if (wanted is not null && sets.Count != 1)
            throw new RefusedFault(sets.Count == 0 ? "there is no such key set in the store" : "several key sets fit") { Which = wanted, Remedy = "'bootconsole keys list' shows what is there." };
        session.Answer(new KeySetsDocument(sets), Documents.Context.KeySetsDocument);
        if (wanted is not null) foreach (var line in Describe(sets[0])) session.Say(line);
        else if (sets.Count == 0) session.Say($"There are no key sets in {store.Description}.");
        else foreach (var line in PlainTable.Lines([["Key id", "Opened by", "Images"], .. sets.Select(set => (string[])[set.Id, string.Join(", ", set.Wraps.Select(HowOpened).Distinct()), $"{set.Images.Count}"])])) session.Say(line);
        return ExitCode.Done;
    }

    private static IEnumerable<string> Describe(KeySetDocument set)
    {
        yield return $"Key id     {set.Id}";
        foreach (var wrap in set.Wraps) yield return $"Wrap       {wrap} (opened by {HowOpened(wrap)})";
        foreach (var image in set.Images) yield return $"Image      {image}";
    }

    private static string HowOpened(string wrap) => wrap.Contains("escrow", StringComparison.Ordinal) ? "recipients" : "password";
}
