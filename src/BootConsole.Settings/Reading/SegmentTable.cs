// Reads segment_by_rate: how long segments are on how fast a link.
using BootConsole.Core;
using BootConsole.Settings.Toml;

namespace BootConsole.Settings.Reading;

/// <summary>Reader of <c>segment_by_rate</c>: pairs of a link rate and a size, ascending, the last for "max".</summary>
internal static class SegmentTable
{
    private const string Key = "segment_by_rate";
    private const string Expected = "pairs such as [\"10 Mbit/s\", \"16 MiB\"], the last one [\"max\", …]";
    private const string SizeExpected = "a size from 64 KiB to 1 GiB such as \"64 MiB\"";
    private const long MinBytes = 64L << 10;
    private const long MaxBytes = 1L << 30;

    /// <summary>Reads the key, or gives the usual entries when it is absent.</summary>
    public static IReadOnlyList<SegmentRate> Read(SectionReader section)
    {
        if (!section.Has(Key)) return SegmentRate.Usual;
        if (section.Array(Key, Expected) is not { } pairs) return [];
        section.RequireItems(Key, Expected);
        var rates = new List<SegmentRate>();
        for (var index = 0; index < pairs.Items.Count; index++)
        {
            if (Pair(section, pairs.Items[index], isLast: index == pairs.Items.Count - 1) is not { } entry) continue;
            if (rates.Count > 0) RequireAscending(section, pairs.Items[index].At, rates[^1], entry);
            rates.Add(entry);
        }

        return rates;
    }

    private static SegmentRate? Pair(SectionReader section, TomlValue value, bool isLast)
    {
        if (value is not TomlArray { Items: [var rateValue, var sizeValue] })
        {
            section.FailAt(value.At, Key, value is TomlArray list ? $"found a list of {list.Items.Count}" : $"found {value.Noun}", Expected);
            return null;
        }

        var isRate = section.TryParse<long?>(Key, rateValue, "a rate such as \"10 Mbit/s\", or \"max\" in the last pair", Rate, out var rate);
        var isSize = section.TryParse<long>(Key, sizeValue, SizeExpected, Size, out var size);
        if (isRate && isLast && rate is not null) section.FailAt(rateValue.At, Key, "the last pair has an upper rate: faster links have no size", "\"max\"");
        if (isRate && !isLast && rate is null) section.FailAt(rateValue.At, Key, "\"max\" stands before the last pair", "a rate");
        return isRate && isSize ? new SegmentRate(rate, size) : null;
    }

    private static void RequireAscending(SectionReader section, int at, SegmentRate before, SegmentRate entry)
    {
        if (before.UpToBytesPerSecond is { } low && entry.UpToBytesPerSecond is { } high && high <= low)
            section.FailAt(at, Key, "the rate is not above that of the pair before", "rates in ascending order");
        if (entry.SegmentBytes < before.SegmentBytes) section.FailAt(at, Key, "the size is below that of the pair before", "longer segments on faster links");
    }

    private static string? Rate(string text, out long? value)
    {
        value = null;
        if (text == "max") return null;
        var problem = BackupSection.Rate(text, out var rate);
        value = rate;
        return problem ?? (rate == 0 ? "is no rate to compare with" : null);
    }

    private static string? Size(string text, out long value)
    {
        if (!ByteSize.TryParse(text, out value)) return "is not a size";
        return value is < MinBytes or > MaxBytes ? "is out of range" : null;
    }
}
