// bootserver storage: further stores and relays that boot images may lead their PCs to.
using System.CommandLine;
using BootConsole.Core;
using BootConsole.Server.Catalogue;
using BootConsole.Server.Output;

namespace BootConsole.Server.Commands;

/// <summary>Adds, lists and removes storages.</summary>
internal static class StorageCommand
{
    private const string NothingChanged = "Nothing was changed.";
    private const string RelayScheme = "sftp://";

    private static readonly Argument<string> Name = new("NAME") { Description = "its name: 1 to 28 of a-z 0-9 -" };
    private static readonly Argument<string> Address = new("ADDRESS") { Description = "nfs://, smb://, label: or sftp:// as in settings files; of a relay user@host:port" };
    private static readonly Option<bool> Relay = new("--relay") { Description = "a jump host on the way to this server, not a store" };
    private static readonly Option<string[]> HostKey = new("--host-key") { HelpName = "LINE", Description = "for sftp:// and relays: a line as in known_hosts; may be repeated" };

    internal static Command Make(Services services)
    {
        var add = new Command("add", "Add a store or a relay.") { Name, Address, Relay, HostKey };
        ExampleHelp.Give(
            add,
            "bootserver storage add nas nfs://nas.example/backup",
            "bootserver storage add branch relay@relay.example:22 --relay --host-key \"relay.example ssh-ed25519 AAAAC3Nz…\"");
        add.Does(services, NothingChanged, AddAsync);
        var list = new Command("list", "List all stores and relays.");
        ExampleHelp.Give(list, "bootserver storage list");
        list.Does(services, NothingChanged, ListAsync);
        var remove = new Command("remove", "Remove a store or relay from the catalogue; boot images that exist stay as they are.") { Name };
        ExampleHelp.Give(remove, "bootserver storage remove nas");
        remove.Does(services, NothingChanged, RemoveAsync);
        var storage = new Command("storage", "Further stores and relays that PCs may use.") { add, list, remove };
        ExampleHelp.Give(storage, "bootserver storage list");
        return storage;
    }

    private static Task AddAsync(CommandSession session)
    {
        var line = session.Line;
        var storage = new Storage(line.GetValue(Name)!, line.GetValue(Relay), line.GetValue(Address)!, string.Join('\n', line.GetValue(HostKey) ?? []));
        Check(storage);
        using var catalogue = session.Tree.OpenCatalogue(session.Services);
        catalogue.Change(storage.IsRelay ? "relay added" : "storage added", storage.Name, changes => changes.AddStorage(storage));
        session.Answer([$"{storage.Name}: {storage.Url}", $"Next: 'bootserver bootimage build' with --{(storage.IsRelay ? "relay" : "storage")} {storage.Name}."], Document(storage), Documents.Default.StorageDocument);
        return Task.CompletedTask;
    }

    private static Task ListAsync(CommandSession session)
    {
        using var catalogue = session.Tree.OpenCatalogue(session.Services);
        var storages = catalogue.Read(rows => rows.Storages());
        string[] head = ["Name", "Kind", "Address"];
        session.Answer(
            storages.Count == 0 ? ["There are none; 'bootserver storage add' makes one."] : PlainTable.Lines([head, .. storages.Select(storage => (string[])[storage.Name, Kind(storage), storage.Url])]),
            new StoragesDocument([.. storages.Select(Document)]),
            Documents.Default.StoragesDocument);
        return Task.CompletedTask;
    }

    private static Task RemoveAsync(CommandSession session)
    {
        using var catalogue = session.Tree.OpenCatalogue(session.Services);
        var name = session.Line.GetValue(Name)!;
        var storage = catalogue.Change("storage removed", name, changes =>
        {
            var found = changes.Storage(name);
            changes.RemoveStorage(name);
            return found;
        });
        session.Answer([$"{name} is removed."], Document(storage), Documents.Default.StorageDocument);
        return Task.CompletedTask;
    }

    private static void Check(Storage storage)
    {
        // A relay is written as ssh's -J takes it; it is read as the address that it would have.
        var address = storage.IsRelay ? StoreAddress.Parse(RelayScheme + storage.Url) : StoreAddress.Parse(storage.Url);
        if (storage.IsRelay && address is not SftpAddress { Path: "" }) throw new UsageFault("this is no relay") { Found = PlainText.Of(storage.Url), Expected = "user@host:port" };
        if (!storage.IsRelay && address is DirectoryAddress) throw new UsageFault("a folder of this machine is no storage of a PC") { Found = PlainText.Of(storage.Url), Expected = "nfs://, smb://, label: or sftp://" };
        var wantsKeys = address is SftpAddress;
        if (wantsKeys && storage.HostKeys.Length == 0) throw new UsageFault("the host's keys are missing") { Which = "--host-key", Expected = "a line as in known_hosts, such as that of 'ssh-keyscan HOST' when you have checked it", Remedy = "Without it the PC could not tell the server from another." };
        if (!wantsKeys && storage.HostKeys.Length > 0) throw new UsageFault("only sftp:// and relays have host keys") { Which = "--host-key" };
        if (storage.HostKeys.Split('\n').Any(key => PlainText.Of(key) != key || (key.Length > 0 && key.Split(' ', StringSplitOptions.RemoveEmptyEntries).Length < 3)))
            throw new UsageFault("this is no line of known_hosts") { Which = "--host-key", Expected = "host, kind of key and key, such as \"relay.example ssh-ed25519 AAAAC3Nz…\"" };
    }

    private static string Kind(Storage storage) => storage.IsRelay ? "relay" : "storage";

    private static StorageDocument Document(Storage storage) => new(storage.Name, Kind(storage), storage.Url, storage.HostKeys.Split('\n', StringSplitOptions.RemoveEmptyEntries));
}
