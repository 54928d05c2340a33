// bootserver pc: the PCs, their users and their stores.
using System.CommandLine;
using BootConsole.Core;
using BootConsole.Server.Accounts;
using BootConsole.Server.Catalogue;
using BootConsole.Server.Certificates;
using BootConsole.Server.Output;
using BootConsole.Server.Stores;

namespace BootConsole.Server.Commands;

/// <summary>Adds, shows, changes and removes PCs.</summary>
internal static class PcCommand
{
    private const string NothingChanged = "Nothing was changed.";

    private static readonly Argument<string> Name = new("PC") { Description = "its name: 1 to 28 of a-z 0-9 -" };
    private static readonly Option<bool> Overdue = new("--overdue") { Description = "only PCs whose last image is older than their contract wants; exit code 10 when there are any" };
    private static readonly Option<bool> DeleteImages = new("--delete-images") { Description = "remove its images too" };
    private static readonly Option<bool> KeepImages = new("--keep-images") { Description = "put its store aside, under another name" };
    private static readonly PcOptions Options = new();

    internal static Command Make(Services services)
    {
        var add = new Command("add", "Add a PC: its user, its store, its entry in the catalogue.") { Name };
        Options.AddTo(add);
        ExampleHelp.Give(add, "bootserver pc add office-pc --contract basic --mac 52:54:00:12:34:56", "bootserver pc add kiosk --contract basic --address 192.0.2.17/24 --gateway 192.0.2.1 --settings kiosk.toml");
        add.Does(services, "What was begun is finished by the same command.", AddAsync);

        var list = new Command("list", "List all PCs with their last image.") { Overdue };
        ExampleHelp.Give(list, "bootserver pc list", "bootserver pc list --overdue --json");
        list.Does(services, NothingChanged, ListAsync);

        var show = new Command("show", "Show a PC, its boot images and what happened to it.") { Name };
        ExampleHelp.Give(show, "bootserver pc show office-pc");
        show.Does(services, NothingChanged, ShowAsync);

        var change = new Command("change", "Change a PC; what no option says stays. Boot images that exist stay as they are.") { Name };
        Options.AddTo(change);
        ExampleHelp.Give(change, "bootserver pc change office-pc --contract vault", "bootserver pc change office-pc --mac 52:54:00:12:34:56 --mac 52:54:00:12:34:57");
        change.Does(services, NothingChanged, ChangeAsync);

        var remove = new Command("remove", "Remove a PC: its boot images are revoked, its sessions end, its user goes.") { Name, DeleteImages, KeepImages };
        ExampleHelp.Give(remove, "bootserver pc remove office-pc --keep-images", "bootserver pc remove office-pc --delete-images");
        remove.Does(services, "What was begun is finished by the same command.", RemoveAsync);

        var pc = new Command("pc", "The PCs that may come in.") { add, list, show, change, remove, PcEnrolCommand.Make(services) };
        ExampleHelp.Give(pc, "bootserver pc list");
        return pc;
    }

    private static async Task AddAsync(CommandSession session)
    {
        var name = session.Line.GetValue(Name)!;
        ServerNames.CheckName(name, "a PC's name");
        var now = session.Services.Clock.GetUtcNow();
        var pc = Options.Apply(session.Line, new Pc { Name = name, Account = ServerNames.Account(name), Contract = "", Added = now });
        using var catalogue = session.Tree.OpenCatalogue(session.Services);
        // All that can be refused is, before a user or a folder is made; the names are asked once more when the catalogue is changed.
        var contract = catalogue.Read(rows =>
        {
            if (rows.FindPc(name) is not null) throw new RefusedFault("there is a PC of this name already") { Which = name, Remedy = "'bootserver pc change' changes it." };
            foreach (var card in pc.Cards)
                if (rows.FindPcOfCard(card) is { } other) throw PcTable.CardTaken(card, other);
            return rows.Contract(pc.Contract);
        });
        if (contract.StandingAt(now) is ContractStanding.Grace or ContractStanding.Over) throw new RefusedFault("the contract has ended") { Which = contract.Name, Found = $"its last day was {contract.LastDay:yyyy-MM-dd}", Remedy = $"'bootserver contract change {contract.Name} --until DAY' prolongs it." };
        var isSystem = session.Tree.ReadFacts().IsSystem;
        var folders = new StoreFolders(session.Services.Programs, session.Tree, isSystem);
        if (folders.Images(name).Count > 0) throw new RefusedFault("there is a store of this name with images in it") { Which = session.Tree.Store(name), Remedy = "It is a former PC's. Move it away, or give the PC another name." };
        if (isSystem) await new SystemAccounts(session.Services.Programs).AddAsync(pc.Account, session.Tree.Store(name), session.Cancel);
        await folders.MakeAsync(pc, contract, new StoreUse(0, 0, null), now, session.Cancel);
        catalogue.Change("PC added", name, changes => changes.AddPc(pc));
        session.Answer(
            [$"{name} can be backed up under the contract {contract.Name}.", $"  store  {session.Tree.Store(name)}", $"Next: 'bootserver bootimage build {name} --medium usb --out {name}.img'."],
            PcWords.Document(pc, contract, new StoreUse(0, 0, null), now),
            Documents.Default.PcDocument);
    }

    private static Task<ExitCode> ListAsync(CommandSession session)
    {
        using var catalogue = session.Tree.OpenCatalogue(session.Services);
        var now = session.Services.Clock.GetUtcNow();
        var entries = catalogue.Read(rows =>
        {
            var uses = rows.Uses();
            var contracts = rows.Contracts().ToDictionary(contract => contract.Name);
            return rows.Pcs().Select(pc => (Pc: pc, Contract: contracts[pc.Contract], Use: uses[pc.Name])).ToList();
        });
        var isCheck = session.Line.GetValue(Overdue);
        if (isCheck) entries = [.. entries.Where(entry => PcWords.IsOverdue(entry.Pc, entry.Contract, entry.Use, now))];
        string[] head = ["PC", "Contract", "State", "Last image", "Images", "Stored", ""];
        var none = isCheck ? "No PC is overdue." : "There are no PCs; 'bootserver pc add' makes one.";
        session.Answer(
            entries.Count == 0 ? [none] : PlainTable.Lines([head, .. entries.Select(entry => PcWords.Row(entry.Pc, entry.Contract, entry.Use, now))]),
            new PcsDocument([.. entries.Select(entry => PcWords.Document(entry.Pc, entry.Contract, entry.Use, now))]),
            Documents.Default.PcsDocument);
        return Task.FromResult(isCheck && entries.Count > 0 ? ExitCode.Overdue : ExitCode.Done);
    }

    private static Task ShowAsync(CommandSession session)
    {
        var name = session.Line.GetValue(Name)!;
        using var catalogue = session.Tree.OpenCatalogue(session.Services);
        var now = session.Services.Clock.GetUtcNow();
        var (pc, contract, use, media, events) = catalogue.Read(rows => (rows.Pc(name), rows.Contract(rows.Pc(name).Contract), rows.UseOf(rows.Pc(name).Id), rows.BootImages().Where(image => image.Pc == name).ToList(), rows.Events(20, name)));
        session.Answer(
            [
                .. PcWords.Lines(pc, contract, use, now),
                $"  store        {session.Tree.Store(name)}",
                .. media.Select(image => $"  boot image   {image.Serial}: {image.Medium}, {image.Issued:yyyy-MM-dd HH:mm} UTC{(image.Revoked is { } revoked ? $", revoked {revoked:yyyy-MM-dd HH:mm} UTC" : "")}"),
                .. events.Select(change => $"  {change.Time:yyyy-MM-dd HH:mm} UTC  {change.What} by {change.Author}"),
            ],
            PcWords.Document(pc, contract, use, now),
            Documents.Default.PcDocument);
        return Task.CompletedTask;
    }

    private static async Task ChangeAsync(CommandSession session)
    {
        var name = session.Line.GetValue(Name)!;
        using var catalogue = session.Tree.OpenCatalogue(session.Services);
        var (pc, contract, use) = catalogue.Change("PC changed", name, changes =>
        {
            var before = changes.Pc(name);
            var after = Options.Apply(session.Line, before);
            if (after == before) throw new UsageFault("nothing is to be changed") { Remedy = "Say what, such as --contract basic; --help shows all." };
            changes.ChangePc(after);
            return (changes.Pc(name), changes.Contract(after.Contract), changes.UseOf(before.Id));
        });
        var now = session.Services.Clock.GetUtcNow();
        await new StoreFolders(session.Services.Programs, session.Tree, session.Tree.ReadFacts().IsSystem).MakeAsync(pc, contract, use, now, session.Cancel);
        session.Answer(PcWords.Lines(pc, contract, use, now), PcWords.Document(pc, contract, use, now), Documents.Default.PcDocument);
    }

    private static async Task RemoveAsync(CommandSession session)
    {
        var name = session.Line.GetValue(Name)!;
        ServerNames.CheckName(name, "a PC's name");
        var (deletes, keeps) = (session.Line.GetValue(DeleteImages), session.Line.GetValue(KeepImages));
        if (deletes && keeps) throw new UsageFault("--delete-images and --keep-images contradict each other");
        var isSystem = session.Tree.ReadFacts().IsSystem;
        var folders = new StoreFolders(session.Services.Programs, session.Tree, isSystem);
        var accounts = new SystemAccounts(session.Services.Programs);
        var account = ServerNames.Account(name);
        using var catalogue = session.Tree.OpenCatalogue(session.Services);
        var images = folders.Images(name).Count;
        // What an earlier removal left when it was cut off is cleared away too.
        var pc = catalogue.Read(rows => Directory.Exists(session.Tree.Store(name)) ? rows.FindPc(name) : rows.Pc(name));
        if (images > 0 && !deletes && !keeps)
            throw new RefusedFault("the PC has images") { Which = name, Found = $"{images} folders of images", Remedy = "--delete-images removes them for ever; --keep-images puts them aside." };
        if (pc is not null)
        {
            var now = session.Services.Clock.GetUtcNow();
            catalogue.Change("PC removed", name, changes =>
            {
                foreach (var image in changes.BootImages().Where(image => image.Pc == name)) changes.RevokeBootImage(image.Serial, now);
                changes.RemovePc(pc);
            });
            await new RevocationList(session.Tree, session.Services.Programs).WriteAsync(catalogue, session.Cancel);
        }

        // From here on nobody comes in as this PC; who is in is put out.
        if (isSystem) await accounts.EndSessionsAsync(account, session.Cancel);
        string what;
        if (images > 0 && keeps) what = $"Its store is {await folders.PutAsideAsync(name, session.Services.Clock.GetUtcNow(), session.Cancel)} now.";
        else
        {
            await folders.RemoveAsync(name, session.Cancel);
            what = images > 0 ? $"Its images are deleted ({images})." : "It had no images.";
        }

        await new StoreTerms(session.Services.Programs, session.Tree, isSystem).ReleaseAsync(account, session.Cancel);
        if (isSystem) await accounts.RemoveAsync(account, session.Cancel);
        session.Answer([$"{name} is removed; its boot images are revoked. {what}"], new PcRemovedDocument("done", name, images, keeps ? "kept" : "deleted"), Documents.Default.PcRemovedDocument);
    }
}
