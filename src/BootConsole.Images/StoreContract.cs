// What the server says a PC may do with its store: for how long, how many images, how many bytes.
using System.Globalization;
using BootConsole.Core;
using BootConsole.Stores;

namespace BootConsole.Images;

/// <summary>The contract of a store, as its server wrote it down. The server enforces it; the PC says beforehand what would be refused.</summary>
public sealed record StoreContract
{
    /// <summary>Longest file that is read.</summary>
    public const int MaxBytes = 64 << 10;

    private const int LongestText = 100;
    private const long NothingLeftBytes = 1 << 20;
    private static readonly TimeSpan NearEnd = TimeSpan.FromDays(30);

    /// <summary>False when the file cannot be read; nothing else is known then.</summary>
    public bool IsReadable { get; private init; } = true;

    /// <summary>Whose contract it is; empty when the file does not say.</summary>
    public string Customer { get; private init; } = "";

    /// <summary>When it ends; null for never.</summary>
    public DateTimeOffset? Until { get; private init; }

    /// <summary>Until when images can be read after its end; null when the file does not say.</summary>
    public DateTimeOffset? GraceUntil { get; private init; }

    /// <summary>True when the server lets the PC only read.</summary>
    public bool IsReadOnly { get; private init; }

    /// <summary>Most images, and how many there were when the file was written; null for any number.</summary>
    public (long Limit, long Used)? Images { get; private init; }

    /// <summary>Most stored bytes, and how many there were when the file was written; null for any number.</summary>
    public (long Limit, long Used)? Bytes { get; private init; }

    /// <summary>False when images can not be deleted by the PC.</summary>
    public bool AllowsDeletion { get; private init; } = true;

    /// <summary>Reads a store's contract.</summary>
    /// <returns>Null when the store has none.</returns>
    public static async Task<StoreContract?> ReadAsync(IReadStore store, CancellationToken cancel)
    {
        try
        {
            return await StoreBytes.TryReadAsync(store, StoreNames.Contract, MaxBytes, cancel) is { } bytes ? Read(bytes) : null;
        }
        catch (Fault damage) when (damage is CorruptFault or StoreFault)
        {
            // The server keeps to the contract whether this file can be read or not.
            return new StoreContract { IsReadable = false };
        }
    }

    /// <summary>Reads the bytes of a contract.</summary>
    /// <exception cref="CorruptFault">They are none, or of a version that is not known.</exception>
    public static StoreContract Read(ReadOnlySpan<byte> bytes)
    {
        var record = ImageJson.ReadContract(bytes);
        return new StoreContract
        {
            Customer = Short(record.Customer),
            Until = record.Until,
            GraceUntil = record.GraceUntil,
            IsReadOnly = record.State is not (null or "full"),
            Images = Count(record.Images),
            Bytes = Count(record.Bytes),
            AllowsDeletion = record.Deletion is null or "allowed",
        };
    }

    /// <summary>Why no new image can be made, as a sentence; null when one can.</summary>
    public string? WhyNoBackup => IsReadOnly
        ? $"The contract of this store lets images only be read{(Until is { } end ? $": it ended on {Day(end)}" : "")}{(GraceUntil is { } grace ? $", and they can be restored until {Day(grace)}" : "")}."
        : Images is { } images && images.Used >= images.Limit ? $"The contract of this store allows {Number(images.Limit, "image")}, and there {(images.Used == 1 ? "is" : "are")} {images.Used.ToString(CultureInfo.InvariantCulture)}." : null;

    /// <summary>Refuses a backup that the server would refuse later.</summary>
    /// <param name="store">The store.</param>
    /// <param name="isNew">False for going on with an unfinished image, which is counted already.</param>
    /// <param name="cancel">Gives it up.</param>
    /// <exception cref="RefusedFault">The contract does not allow it.</exception>
    public static async Task RequireRoomAsync(IReadStore store, bool isNew, CancellationToken cancel)
    {
        if (await ReadAsync(store, cancel) is not { WhyNoBackup: { } why } contract || (!isNew && !contract.IsReadOnly)) return;
        throw new RefusedFault(char.ToLowerInvariant(why[0]) + why[1..^1]) { Remedy = contract.IsReadOnly ? "Ask whoever keeps the server to prolong the contract; restores work meanwhile." : contract.AllowsDeletion ? "Delete an image that is no longer needed, or ask whoever keeps the server." : "Ask whoever keeps the server for room." };
    }

    /// <summary>Says of a store that takes no more whether it is the contract that says so: its server holds the PC to a part of the room there is.</summary>
    /// <param name="store">The store.</param>
    /// <param name="full">Its refusal (<see cref="StoreProblem.Full"/>).</param>
    /// <param name="cancel">Gives it up.</param>
    /// <returns>The same refusal in the contract's words, or as it was.</returns>
    public static async Task<StoreFault> ExplainAsync(IReadStore store, StoreFault full, CancellationToken cancel)
    {
        try
        {
            if (await ReadAsync(store, cancel) is not { Bytes: { } bytes } contract) return full;
            // Where everybody's room has run out the contract explains nothing.
            if (await store.FindSpaceAsync(cancel) is { Free: < NothingLeftBytes }) return full;
            var way = contract.AllowsDeletion ? "Delete images that are no longer needed, or ask whoever keeps the server for more" : "Ask whoever keeps the server for more, since nothing can be deleted";
            return new StoreFault(StoreProblem.Full, "the contract's space is used up", full)
            {
                Which = full.Which,
                Expected = $"{ByteSize.Format(bytes.Limit)} at most, by the contract{(contract.Customer.Length > 0 ? $" of {contract.Customer}" : "")}",
                Found = full.Found,
                Remedy = $"{way}; a backup that is started again goes on with what it has saved.",
            };
        }
        catch (Fault)
        {
            // What the store said first is what matters.
            return full;
        }
    }

    /// <summary>The contract in a line or two; empty when there is nothing to say.</summary>
    public IReadOnlyList<string> Describe()
    {
        if (!IsReadable) return [];
        List<string> parts = [];
        if (Until is { } until) parts.Add($"until {Day(until)}");
        if (Images is { } images) parts.Add($"{Math.Max(0, images.Limit - images.Used).ToString(CultureInfo.InvariantCulture)} of {Number(images.Limit, "image")} left");
        if (Bytes is { } bytes) parts.Add($"{ByteSize.Format(Math.Max(0, bytes.Limit - bytes.Used))} of {ByteSize.Format(bytes.Limit)} left");
        if (!AllowsDeletion) parts.Add("nothing can be deleted");
        return parts.Count == 0 ? [] : [$"Contract{(Customer.Length > 0 ? $" of {Customer}" : "")}: {string.Join(", ", parts)}."];
    }

    /// <summary>What the person should do something about soon, a sentence each.</summary>
    /// <param name="now">The time.</param>
    public IReadOnlyList<string> Warn(DateTimeOffset now)
    {
        if (!IsReadable) return ["What the store says of its contract (contract.json) cannot be read; the server keeps to it nevertheless."];
        List<string> warnings = [];
        if (WhyNoBackup is { } why) warnings.Add(why);
        else if (Images is { } images && images.Limit - images.Used <= Math.Max(1, images.Limit / 10)) warnings.Add($"Only {Number(images.Limit - images.Used, "image")} more can be made.");
        if (!IsReadOnly && Until is { } until && until - now < NearEnd) warnings.Add(until <= now ? $"The contract ended on {Day(until)}." : $"The contract ends on {Day(until)}.");
        if (Bytes is { } bytes && bytes.Limit - bytes.Used <= bytes.Limit / 10) warnings.Add($"Only {ByteSize.Format(Math.Max(0, bytes.Limit - bytes.Used))} more can be stored.");
        return warnings;
    }

    private static (long, long)? Count(ContractCount? count) => count?.Limit is { } limit and >= 0 ? (limit, Math.Max(0, count.Used ?? 0)) : null;

    private static string Short(string? text) => text is null ? "" : text.Length <= LongestText ? text : text[..LongestText];

    private static string Day(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    private static string Number(long number, string noun) => $"{number.ToString(CultureInfo.InvariantCulture)} {noun}{(number == 1 ? "" : "s")}";
}
