// Contracts in the catalogue.
using BootConsole.Core;

namespace BootConsole.Server.Catalogue;

/// <summary>Reads and writes contracts.</summary>
internal static class ContractTable
{
    private const string Columns = "contract.*, customer.name AS customer_name";
    private const string From = "contract JOIN customer ON customer.id = contract.customer";

    /// <summary>All contracts, by name.</summary>
    internal static IReadOnlyList<Contract> Contracts(this CatalogueSession session) => session.Rows($"SELECT {Columns} FROM {From} ORDER BY contract.name", Read);

    /// <summary>Finds a contract; null when there is none of this name.</summary>
    internal static Contract? FindContract(this CatalogueSession session, string name) => session.Rows($"SELECT {Columns} FROM {From} WHERE contract.name = $name", Read, ("name", name)).SingleOrDefault();

    /// <summary>A contract.</summary>
    /// <exception cref="UsageFault">There is none of this name.</exception>
    internal static Contract Contract(this CatalogueSession session, string name) => session.FindContract(name)
        ?? throw new UsageFault("there is no contract of this name") { Which = name, Expected = Known.Of(session.Contracts().Select(contract => contract.Name)), Remedy = "'bootserver contract list' shows all; 'bootserver contract add' makes one." };

    /// <summary>Adds a contract.</summary>
    /// <exception cref="RefusedFault">There is one of this name.</exception>
    internal static void AddContract(this CatalogueSession session, Contract contract)
    {
        contract.Check();
        if (session.FindContract(contract.Name) is not null) throw new RefusedFault("there is a contract of this name already") { Which = contract.Name, Remedy = "'bootserver contract change' changes it." };
        session.Insert(
            """
            INSERT INTO contract (name, customer, first_day, last_day, grace_days, space_bytes, image_limit, deletion, media, keep_last, keep_daily, keep_weekly, keep_monthly, keep_yearly, minimum_age_days, overdue_days)
            VALUES ($name, $customer, $first, $last, $grace, $space, $images, $deletion, $media, $keepLast, $keepDaily, $keepWeekly, $keepMonthly, $keepYearly, $age, $overdue)
            """,
            Values(session, contract));
    }

    /// <summary>Writes what a contract shall be from now on.</summary>
    /// <param name="session">The transaction.</param>
    /// <param name="contract">The contract, with the number of the one it replaces.</param>
    internal static void ChangeContract(this CatalogueSession session, Contract contract)
    {
        contract.Check();
        session.Execute(
            """
            UPDATE contract SET name = $name, customer = $customer, first_day = $first, last_day = $last, grace_days = $grace, space_bytes = $space, image_limit = $images, deletion = $deletion, media = $media,
                keep_last = $keepLast, keep_daily = $keepDaily, keep_weekly = $keepWeekly, keep_monthly = $keepMonthly, keep_yearly = $keepYearly, minimum_age_days = $age, overdue_days = $overdue
            WHERE id = $id
            """,
            Values(session, contract));
    }

    private static (string, object?)[] Values(CatalogueSession session, Contract contract) =>
    [
        ("id", contract.Id), ("name", contract.Name), ("customer", Customer(session, contract.Customer)), ("first", contract.FirstDay), ("last", contract.LastDay), ("grace", contract.GraceDays),
        ("space", contract.SpaceBytes), ("images", contract.ImageLimit), ("deletion", contract.AllowsDeletion ? "allowed" : "forbidden"), ("media", string.Join(',', contract.Media)),
        ("keepLast", contract.Retention.Last), ("keepDaily", contract.Retention.Daily), ("keepWeekly", contract.Retention.Weekly), ("keepMonthly", contract.Retention.Monthly), ("keepYearly", contract.Retention.Yearly),
        ("age", contract.MinimumAgeDays), ("overdue", contract.OverdueDays),
    ];

    private static long Customer(CatalogueSession session, string name) =>
        session.Number("SELECT id FROM customer WHERE name = $name", ("name", name)) is > 0 and var id ? id : session.Insert("INSERT INTO customer (name) VALUES ($name)", ("name", name));

    private static Contract Read(CatalogueRow row) => new()
    {
        Id = row.Number("id"),
        Name = row.Text("name"),
        Customer = row.Text("customer_name"),
        FirstDay = row.Day("first_day"),
        LastDay = row.DayOrNull("last_day"),
        GraceDays = (int)row.Number("grace_days"),
        SpaceBytes = row.NumberOrNull("space_bytes"),
        ImageLimit = row.NumberOrNull("image_limit"),
        AllowsDeletion = row.Text("deletion") == "allowed",
        Media = row.Text("media").Split(',', StringSplitOptions.RemoveEmptyEntries),
        Retention = new Retention(row.CountOrNull("keep_last"), row.CountOrNull("keep_daily"), row.CountOrNull("keep_weekly"), row.CountOrNull("keep_monthly"), row.CountOrNull("keep_yearly")),
        MinimumAgeDays = (int)row.Number("minimum_age_days"),
        OverdueDays = row.CountOrNull("overdue_days"),
    };
}
