// A contract in words and as a document.
using System.Globalization;
using BootConsole.Core;
using BootConsole.Server.Catalogue;

namespace BootConsole.Server.Output;

/// <summary>How contracts are shown.</summary>
internal static class ContractWords
{
    /// <summary>The contract, a line a fact.</summary>
    internal static IEnumerable<string> Lines(Contract contract, DateTimeOffset now) =>
    [
        $"{contract.Name}: {contract.Customer}, {Standing(contract, now)}",
        $"  period     {Day(contract.FirstDay)} to {(contract.LastDay is { } last ? Day(last) : "no end")}{(contract.LastDay is null ? "" : $", restores {contract.GraceDays} days longer")} (UTC)",
        $"  each PC    space {Space(contract)}, images {Images(contract)}, deletion {(contract.AllowsDeletion ? "allowed" : "forbidden")}",
        $"  boot media {string.Join(", ", contract.Media)}",
        $"  retention  {Retention(contract.Retention)}; nothing younger than {contract.MinimumAgeDays} days is pruned",
        $"  overdue    {(contract.OverdueDays is { } days ? $"without a new image for {days} days" : "never")}",
    ];

    /// <summary>Where it stands, in a word or two.</summary>
    internal static string Standing(Contract contract, DateTimeOffset now) => contract.StandingAt(now) switch
    {
        ContractStanding.NotYet => "not begun",
        ContractStanding.Running => "running",
        ContractStanding.Grace => "ended, restores only",
        _ => "over",
    };

    /// <summary>Most stored bytes of each PC.</summary>
    internal static string Space(Contract contract) => contract.SpaceBytes is { } bytes ? ByteSize.Format(bytes) : "unlimited";

    /// <summary>Most images of each PC.</summary>
    internal static string Images(Contract contract) => contract.ImageLimit is { } images ? images.ToString(CultureInfo.InvariantCulture) : "unlimited";

    /// <summary>A day; empty for none.</summary>
    internal static string Day(DateOnly? day) => day?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture) ?? "";

    /// <summary>The document.</summary>
    internal static ContractDocument Document(Contract contract, DateTimeOffset now, int pcs) => new(
        contract.Name, contract.Customer, contract.StandingAt(now) switch { ContractStanding.NotYet => "not-begun", ContractStanding.Running => "running", ContractStanding.Grace => "grace", _ => "over" },
        Day(contract.FirstDay), contract.LastDay is { } last ? Day(last) : null, contract.GraceDays, contract.SpaceBytes, contract.ImageLimit, contract.AllowsDeletion ? "allowed" : "forbidden", contract.Media,
        Retention(contract.Retention), contract.MinimumAgeDays, contract.OverdueDays, pcs);

    private static string Retention(Retention retention)
    {
        var parts = ((string Word, int? Count)[])[("last", retention.Last), ("daily", retention.Daily), ("weekly", retention.Weekly), ("monthly", retention.Monthly), ("yearly", retention.Yearly)];
        return retention.KeepsEverything ? "all" : string.Join(',', parts.Where(part => part.Count is not null).Select(part => $"{part.Word}={part.Count}"));
    }
}
