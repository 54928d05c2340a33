// A PC in words and as a document.
using System.Globalization;
using BootConsole.Core;
using BootConsole.Server.Catalogue;

namespace BootConsole.Server.Output;

/// <summary>How PCs are shown.</summary>
internal static class PcWords
{
    /// <summary>True when the PC's last image (without one: its entry) is older than its contract wants, as long as that runs.</summary>
    internal static bool IsOverdue(Pc pc, Contract contract, StoreUse use, DateTimeOffset now) =>
        contract.OverdueDays is { } days && contract.StandingAt(now) == ContractStanding.Running && now - (use.Newest ?? pc.Added) > TimeSpan.FromDays(days);

    /// <summary>One row of the list.</summary>
    internal static string[] Row(Pc pc, Contract contract, StoreUse use, DateTimeOffset now) =>
    [
        pc.Name, contract.Name, ContractWords.Standing(contract, now), Newest(use), use.Images.ToString(CultureInfo.InvariantCulture) + (contract.ImageLimit is { } limit ? $" of {limit}" : ""),
        ByteSize.Format(use.Bytes) + (contract.SpaceBytes is { } space ? $" of {ByteSize.Format(space)}" : ""), IsOverdue(pc, contract, use, now) ? "OVERDUE" : "",
    ];

    /// <summary>The PC, a line a fact.</summary>
    internal static IEnumerable<string> Lines(Pc pc, Contract contract, StoreUse use, DateTimeOffset now) =>
    [
        $"{pc.Name}{(IsOverdue(pc, contract, use, now) ? ": OVERDUE" : "")}",
        $"  contract     {contract.Name} of {contract.Customer}, {ContractWords.Standing(contract, now)}",
        $"  last image   {Newest(use)}",
        $"  stored       {use.Images} images, {ByteSize.Format(use.Bytes)}",
        $"  cards        {(pc.Cards.Count == 0 ? "none" : string.Join(", ", pc.Cards))}",
        $"  address      {pc.Address}{(pc.Gateway is { } gateway ? $" by {gateway}" : "")}",
    ];

    /// <summary>The document.</summary>
    internal static PcDocument Document(Pc pc, Contract contract, StoreUse use, DateTimeOffset now) =>
        new(pc.Name, contract.Name, contract.Customer, ContractWords.Document(contract, now, 0).State, pc.Cards, pc.Address, pc.Gateway, use.Newest, use.Images, use.Bytes, IsOverdue(pc, contract, use, now));

    private static string Newest(StoreUse use) => use.Newest is { } newest ? $"{newest.UtcDateTime:yyyy-MM-dd HH:mm} UTC" : "never";
}
