// The options of contracts: what is read, and what a contract becomes by them.
using System.CommandLine;
using System.Globalization;
using BootConsole.Core;
using BootConsole.Server.Catalogue;

namespace BootConsole.Server.Commands;

/// <summary>Options that make or change a contract.</summary>
internal sealed class ContractOptions
{
    private const string Lifted = "none";

    /// <summary>Kinds of boot media that contracts may allow.</summary>
    internal static readonly IReadOnlyList<string> AllMedia = ["iso", "usb", "pxe", "uki"];

    private readonly Option<string?> _customer = new("--customer") { HelpName = "NAME", Description = "whose contract it is" };
    private readonly Option<string?> _from = new("--from") { HelpName = "DAY", Description = "first day (yyyy-MM-dd, UTC); today unless given" };
    private readonly Option<string?> _until = new("--until") { HelpName = "DAY", Description = "last day, or none for no end" };
    private readonly Option<string?> _grace = new("--grace") { HelpName = "DAYS", Description = "for how many days after the last one images can still be restored; 30 unless given" };
    private readonly Option<string?> _space = new("--space") { HelpName = "SIZE", Description = "most stored bytes of each PC, such as \"2 TiB\", or none" };
    private readonly Option<string?> _images = new("--images") { HelpName = "COUNT", Description = "most images of each PC, or none" };
    private readonly Option<string?> _deletion = new("--deletion") { HelpName = "WORD", Description = "allowed, or forbidden for stores to which PCs can only add; allowed unless given" };
    private readonly Option<string?> _media = new("--media") { HelpName = "KINDS", Description = "boot media that may be made: iso, usb, pxe, uki, with commas; all unless given" };
    private readonly Option<string?> _keep = new("--keep") { HelpName = "RULE", Description = "what 'images prune' keeps: last=3,daily=7,weekly=4,monthly=12,yearly=2, any of them; or all" };
    private readonly Option<string?> _minimumAge = new("--minimum-age") { HelpName = "DAYS", Description = "days for which 'images prune' keeps everything; 7 unless given" };
    private readonly Option<string?> _overdue = new("--overdue-after") { HelpName = "DAYS", Description = "a PC without a new image for longer is overdue; or none" };

    /// <summary>All of them, for a command.</summary>
    internal IEnumerable<Option> All => [_customer, _from, _until, _grace, _space, _images, _deletion, _media, _keep, _minimumAge, _overdue];

    /// <summary>Adds them to a command.</summary>
    internal void AddTo(Command command)
    {
        _deletion.CompletionSources.Add("allowed", "forbidden");
        foreach (var option in All) command.Add(option);
    }

    /// <summary>A contract with what the line says instead of what it has.</summary>
    /// <exception cref="UsageFault">A value is none.</exception>
    internal Contract Apply(ParseResult line, Contract contract) => contract with
    {
        Customer = line.GetValue(_customer) ?? contract.Customer,
        FirstDay = line.GetValue(_from) is { } from ? Day(_from, from) : contract.FirstDay,
        LastDay = line.GetValue(_until) is { } until ? Lift(until, text => Day(_until, text)) : contract.LastDay,
        GraceDays = line.GetValue(_grace) is { } grace ? Count(_grace, grace, 0) : contract.GraceDays,
        SpaceBytes = line.GetValue(_space) is { } space ? Lift(space, Size) : contract.SpaceBytes,
        ImageLimit = line.GetValue(_images) is { } images ? Lift(images, text => (long)Count(_images, text, 1)) : contract.ImageLimit,
        AllowsDeletion = line.GetValue(_deletion) is { } deletion ? Deletion(deletion) : contract.AllowsDeletion,
        Media = line.GetValue(_media) is { } media ? Media(media) : contract.Media,
        Retention = line.GetValue(_keep) is { } keep ? Keep(keep) : contract.Retention,
        MinimumAgeDays = line.GetValue(_minimumAge) is { } age ? Count(_minimumAge, age, 0) : contract.MinimumAgeDays,
        OverdueDays = line.GetValue(_overdue) is { } overdue ? Lift(overdue, text => Count(_overdue, text, 1)) : contract.OverdueDays,
    };

    private static T? Lift<T>(string text, Func<string, T> read) where T : struct => text == Lifted ? null : read(text);

    private static DateOnly Day(Option option, string text) => DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) && day.Year is >= 2000 and < 9000
        ? day
        : throw Wrong(option, text, "a day such as 2026-12-31");

    private static int Count(Option option, string text, int least) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var count) && count >= least && count <= 1_000_000
        ? count
        : throw Wrong(option, text, $"a whole number from {least} to 1000000");

    private static bool Deletion(string text) => text switch
    {
        "allowed" => true,
        "forbidden" => false,
        _ => throw new UsageFault("the value is not one") { Which = "--deletion", Found = PlainText.Of(text), Expected = "allowed or forbidden" },
    };

    private long Size(string text) => ByteSize.TryParse(text, out var bytes) && bytes > 0 ? bytes : throw Wrong(_space, text, "a size such as \"2 TiB\", or none");

    private string[] Media(string text)
    {
        var kinds = text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Distinct().ToArray();
        return kinds.Length > 0 && kinds.All(AllMedia.Contains) ? kinds : throw Wrong(_media, text, "iso, usb, pxe, uki, with commas");
    }

    private Retention Keep(string text)
    {
        if (text == "all") return new Retention();
        var retention = new Retention();
        foreach (var part in text.Split(','))
        {
            var pair = part.Split('=', 2, StringSplitOptions.TrimEntries);
            if (pair.Length < 2) throw WrongRule(text);
            var count = Count(_keep, pair[1], 1);
            retention = pair[0] switch
            {
                "last" => retention with { Last = count },
                "daily" => retention with { Daily = count },
                "weekly" => retention with { Weekly = count },
                "monthly" => retention with { Monthly = count },
                "yearly" => retention with { Yearly = count },
                _ => throw WrongRule(text),
            };
        }

        return retention;
    }

    private UsageFault WrongRule(string text) => Wrong(_keep, text, "all, or last=3,daily=7,weekly=4,monthly=12,yearly=2 (any of them)");

    private static UsageFault Wrong(Option option, string text, string expected) => new("the value is not one") { Which = option.Name, Found = PlainText.Of(text), Expected = expected };
}
