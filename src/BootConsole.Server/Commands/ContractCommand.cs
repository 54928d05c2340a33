// bootserver contract: what customers' PCs may do with their stores, for how long.
using System.CommandLine;
using System.Globalization;
using BootConsole.Core;
using BootConsole.Server.Catalogue;
using BootConsole.Server.Output;
using BootConsole.Server.Stores;

namespace BootConsole.Server.Commands;

/// <summary>Adds, shows, changes and ends contracts.</summary>
internal static class ContractCommand
{
    private const int UsualGraceDays = 30;
    private const int UsualMinimumAgeDays = 7;
    private const string NothingChanged = "Nothing was changed.";

    private static readonly Argument<string> Name = new("CONTRACT") { Description = "its name: 1 to 28 of a-z 0-9 -" };
    private static readonly Option<bool> WithoutGrace = new("--without-grace") { Description = "restores end at once too" };
    private static readonly ContractOptions Options = new();

    internal static Command Make(Services services)
    {
        var add = new Command("add", "Add a contract.") { Name };
        Options.AddTo(add);
        ExampleHelp.Give(
            add,
            "bootserver contract add basic --customer \"Example Ltd\" --until 2027-12-31 --space \"2 TiB\" --images 12",
            "bootserver contract add vault --customer \"Example Ltd\" --deletion forbidden --keep daily=7,weekly=4,monthly=12 --overdue-after 2");
        add.Does(services, NothingChanged, AddAsync);

        var list = new Command("list", "List all contracts.");
        ExampleHelp.Give(list, "bootserver contract list", "bootserver contract list --json");
        list.Does(services, NothingChanged, ListAsync);

        var show = new Command("show", "Show a contract, its PCs and what happened to it.") { Name };
        ExampleHelp.Give(show, "bootserver contract show basic");
        show.Does(services, NothingChanged, ShowAsync);

        var change = new Command("change", "Change a contract; what no option says stays. It holds for the next session of its PCs.") { Name };
        Options.AddTo(change);
        ExampleHelp.Give(change, "bootserver contract change basic --until 2028-12-31", "bootserver contract change basic --space none");
        change.Does(services, NothingChanged, ChangeAsync);

        var end = new Command("end", "End a contract now: its PCs can restore until the grace is over, and make no backups.") { Name, WithoutGrace };
        ExampleHelp.Give(end, "bootserver contract end basic", "bootserver contract end basic --without-grace");
        end.Does(services, NothingChanged, EndAsync);

        var contract = new Command("contract", "What customers' PCs may do, and for how long.") { add, list, show, change, end };
        ExampleHelp.Give(contract, "bootserver contract list");
        return contract;
    }

    private static Task AddAsync(CommandSession session)
    {
        var name = session.Line.GetValue(Name)!;
        var today = DateOnly.FromDateTime(session.Services.Clock.GetUtcNow().UtcDateTime);
        var plain = new Contract { Name = name, Customer = name, FirstDay = today, GraceDays = UsualGraceDays, AllowsDeletion = true, Media = ContractOptions.AllMedia, MinimumAgeDays = UsualMinimumAgeDays };
        var contract = Options.Apply(session.Line, plain);
        using var catalogue = session.Tree.OpenCatalogue(session.Services);
        catalogue.Change("contract added", name, changes => changes.AddContract(contract));
        Answer(session, catalogue, name, "Next: 'bootserver pc add NAME --contract " + name + "'.");
        return Task.CompletedTask;
    }

    private static Task ChangeAsync(CommandSession session) =>
        ChangeAsync(session, "contract changed", contract => Options.Apply(session.Line, contract) is var changed && changed != contract
            ? changed
            : throw new UsageFault("nothing is to be changed") { Remedy = "Say what, such as --until 2028-12-31; --help shows all." });

    private static async Task EndAsync(CommandSession session)
    {
        var yesterday = DateOnly.FromDateTime(session.Services.Clock.GetUtcNow().UtcDateTime).AddDays(-1);
        await ChangeAsync(session, "contract ended", contract =>
        {
            if (contract.LastDay <= yesterday && !session.Line.GetValue(WithoutGrace)) throw new RefusedFault("the contract has ended already") { Which = contract.Name, Found = $"its last day was {contract.LastDay:yyyy-MM-dd}", Remedy = "--without-grace ends restores too." };
            var last = contract.LastDay < yesterday ? contract.LastDay : yesterday;
            // One that began today is as if it had begun and ended yesterday: a contract has one day at least.
            return contract with { FirstDay = contract.FirstDay > last ? last.Value : contract.FirstDay, LastDay = last, GraceDays = session.Line.GetValue(WithoutGrace) ? 0 : contract.GraceDays };
        });
    }

    private static async Task ChangeAsync(CommandSession session, string what, Func<Contract, Contract> change)
    {
        var name = session.Line.GetValue(Name)!;
        using var catalogue = session.Tree.OpenCatalogue(session.Services);
        var warnings = new List<string>();
        var (before, after) = catalogue.Change(what, name, changes =>
        {
            var contract = changes.Contract(name);
            var changed = change(contract);
            changes.ChangeContract(changed);
            if (changed.SpaceBytes is { } space)
                warnings.AddRange(changes.Pcs().Where(pc => pc.Contract == contract.Name).Select(pc => (pc.Name, Use: changes.UseOf(pc.Id))).Where(entry => entry.Use.Bytes > space).Select(entry => $"{entry.Name} has {ByteSize.Format(entry.Use.Bytes)} stored, more than that: no backups until something is deleted."));
            return (contract, changed);
        });
        if (before.AllowsDeletion != after.AllowsDeletion) warnings.Add(after.AllowsDeletion ? "Images that are sealed stay so; 'bootserver images delete' removes them." : "Finished images are sealed by 'bootserver seal' from now on.");
        await StoreFolders.RefreshAsync(session, catalogue, name);
        Answer(session, catalogue, name, [.. warnings]);
    }

    private static void Answer(CommandSession session, CatalogueFile catalogue, string name, params string[] more)
    {
        var (contract, pcs) = catalogue.Read(rows => (rows.Contract(name), rows.Pcs().Count(pc => pc.Contract == name)));
        session.Answer([.. ContractWords.Lines(contract, session.Services.Clock.GetUtcNow()), .. more], ContractWords.Document(contract, session.Services.Clock.GetUtcNow(), pcs), Documents.Default.ContractDocument);
    }

    private static Task ListAsync(CommandSession session)
    {
        using var catalogue = session.Tree.OpenCatalogue(session.Services);
        var (contracts, pcs) = catalogue.Read(rows => (rows.Contracts(), rows.Pcs()));
        var count = pcs.GroupBy(pc => pc.Contract).ToDictionary(group => group.Key, group => group.Count());
        var now = session.Services.Clock.GetUtcNow();
        string[] head = ["Contract", "Customer", "State", "From", "Until", "Space", "Images", "Deletion", "PCs"];
        var rows = contracts.Select(contract => (string[])
        [
            contract.Name, contract.Customer, ContractWords.Standing(contract, now), ContractWords.Day(contract.FirstDay), ContractWords.Day(contract.LastDay), ContractWords.Space(contract), ContractWords.Images(contract),
            contract.AllowsDeletion ? "allowed" : "forbidden", count.GetValueOrDefault(contract.Name).ToString(CultureInfo.InvariantCulture),
        ]);
        session.Answer(
            contracts.Count == 0 ? ["There are no contracts; 'bootserver contract add' makes one."] : PlainTable.Lines([head, .. rows]),
            new ContractsDocument([.. contracts.Select(contract => ContractWords.Document(contract, now, count.GetValueOrDefault(contract.Name)))]),
            Documents.Default.ContractsDocument);
        return Task.CompletedTask;
    }

    private static Task ShowAsync(CommandSession session)
    {
        using var catalogue = session.Tree.OpenCatalogue(session.Services);
        var name = session.Line.GetValue(Name)!;
        var (contract, pcs, events) = catalogue.Read(rows => (rows.Contract(name), rows.Pcs().Where(pc => pc.Contract == name).Select(pc => pc.Name).ToList(), rows.Events(20, name)));
        var now = session.Services.Clock.GetUtcNow();
        session.Answer(
            [.. ContractWords.Lines(contract, now), $"  PCs        {(pcs.Count == 0 ? "none" : string.Join(", ", pcs))}", .. events.Select(change => $"  {change.Time:yyyy-MM-dd HH:mm} UTC  {change.What} by {change.Author}")],
            ContractWords.Document(contract, now, pcs.Count),
            Documents.Default.ContractDocument);
        return Task.CompletedTask;
    }
}
