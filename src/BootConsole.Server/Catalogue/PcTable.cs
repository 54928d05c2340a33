// PCs in the catalogue, with their network cards.
using BootConsole.Core;

namespace BootConsole.Server.Catalogue;

/// <summary>Reads and writes PCs.</summary>
internal static class PcTable
{
    private const string Select = """
        SELECT pc.*, contract.name AS contract_name, (SELECT group_concat(mac) FROM (SELECT mac FROM card WHERE card.pc = pc.id ORDER BY mac)) AS cards
        FROM pc JOIN contract ON contract.id = pc.contract
        """;

    /// <summary>All PCs, by name.</summary>
    internal static IReadOnlyList<Pc> Pcs(this CatalogueSession session) => session.Rows($"{Select} ORDER BY pc.name", Read);

    /// <summary>Finds a PC; null when there is none of this name.</summary>
    internal static Pc? FindPc(this CatalogueSession session, string name) => session.Rows($"{Select} WHERE pc.name = $name", Read, ("name", name)).SingleOrDefault();

    /// <summary>Finds the PC of a user; null when there is none.</summary>
    internal static Pc? FindPcOfAccount(this CatalogueSession session, string account) => session.Rows($"{Select} WHERE pc.account = $account", Read, ("account", account)).SingleOrDefault();

    /// <summary>Finds the PC of a network card; null when there is none.</summary>
    internal static Pc? FindPcOfCard(this CatalogueSession session, string mac) => session.Rows($"{Select} WHERE pc.id = (SELECT card.pc FROM card WHERE mac = $mac)", Read, ("mac", mac)).SingleOrDefault();

    /// <summary>A PC.</summary>
    /// <exception cref="UsageFault">There is none of this name.</exception>
    internal static Pc Pc(this CatalogueSession session, string name) => session.FindPc(name)
        ?? throw new UsageFault("there is no PC of this name") { Which = name, Expected = Known.Of(session.Pcs().Select(pc => pc.Name)), Remedy = "'bootserver pc list' shows all; 'bootserver pc add' makes one." };

    /// <summary>Adds a PC.</summary>
    /// <returns>Its number.</returns>
    /// <exception cref="RefusedFault">There is one of this name, or another has one of its cards.</exception>
    internal static long AddPc(this CatalogueSession session, Pc pc)
    {
        ServerNames.CheckName(pc.Name, "a PC's name");
        if (session.FindPc(pc.Name) is not null) throw new RefusedFault("there is a PC of this name already") { Which = pc.Name, Remedy = "'bootserver pc change' changes it." };
        var id = session.Insert(
            "INSERT INTO pc (name, account, contract, address, gateway, settings, added) VALUES ($name, $account, $contract, $address, $gateway, $settings, $added)",
            [.. Values(session, pc), ("added", pc.Added)]);
        WriteCards(session, id, pc);
        return id;
    }

    /// <summary>Writes what a PC shall be from now on; its name and user stay.</summary>
    internal static void ChangePc(this CatalogueSession session, Pc pc)
    {
        session.Execute("UPDATE pc SET contract = $contract, address = $address, gateway = $gateway, settings = $settings WHERE id = $id", Values(session, pc).AsSpan(2));
        session.Execute("DELETE FROM card WHERE pc = $id", ("id", pc.Id));
        WriteCards(session, pc.Id, pc);
    }

    /// <summary>Forgets a PC, its cards and what is remembered of its images; its boot images stay on record.</summary>
    internal static void RemovePc(this CatalogueSession session, Pc pc) => session.Execute("DELETE FROM pc WHERE id = $id", ("id", pc.Id));

    /// <summary>What is said when a card is another PC's.</summary>
    internal static RefusedFault CardTaken(string mac, Pc other) => new("another PC has this network card") { Which = mac, Found = other.Name, Remedy = "A card belongs to one PC: take it from the other with 'bootserver pc change'." };

    private static (string, object?)[] Values(CatalogueSession session, Pc pc) =>
        [("name", pc.Name), ("account", pc.Account), ("contract", session.Contract(pc.Contract).Id), ("address", pc.Address), ("gateway", pc.Gateway), ("settings", pc.Settings), ("id", pc.Id)];

    private static void WriteCards(CatalogueSession session, long id, Pc pc)
    {
        foreach (var mac in pc.Cards.Distinct())
        {
            if (session.FindPcOfCard(mac) is { } other) throw CardTaken(mac, other);
            session.Execute("INSERT INTO card (mac, pc) VALUES ($mac, $id)", ("mac", mac), ("id", id));
        }
    }

    private static Pc Read(CatalogueRow row) => new()
    {
        Id = row.Number("id"),
        Name = row.Text("name"),
        Account = row.Text("account"),
        Contract = row.Text("contract_name"),
        Cards = row.TextOrNull("cards")?.Split(',') ?? [],
        Address = row.Text("address"),
        Gateway = row.TextOrNull("gateway"),
        Settings = row.Text("settings"),
        Added = row.Time("added"),
    };
}
