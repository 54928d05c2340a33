// Sizes and rates as people write and read them: "64 MiB", "50 Mbit/s".
using System.Buffers;
using System.Globalization;

namespace BootConsole.Core;

/// <summary>Text forms of byte counts and rates. Binary units (KiB = 1024) for sizes, decimal bits for link rates, as the field writes them.</summary>
public static class ByteSize
{
    private static readonly SearchValues<char> NumberCharacters = SearchValues.Create("0123456789.");

    private static readonly (string Unit, long Bytes)[] SizeUnits =
    [
        ("TiB", 1L << 40), ("GiB", 1L << 30), ("MiB", 1L << 20), ("KiB", 1L << 10),
        ("TB", 1_000_000_000_000), ("GB", 1_000_000_000), ("MB", 1_000_000), ("kB", 1_000), ("B", 1),
    ];

    private static readonly (string Unit, long Bits)[] RateUnits =
    [
        ("Gbit/s", 1_000_000_000), ("Mbit/s", 1_000_000), ("kbit/s", 1_000), ("bit/s", 1),
        ("GiB/s", 8L << 30), ("MiB/s", 8L << 20), ("KiB/s", 8L << 10), ("GB/s", 8_000_000_000), ("MB/s", 8_000_000), ("kB/s", 8_000), ("B/s", 8),
    ];

    /// <summary>A short text of three significant digits, such as <c>1.46 GiB</c>; whole bytes below 1 KiB.</summary>
    public static string Format(long bytes)
    {
        if (bytes < 1024) return string.Create(CultureInfo.InvariantCulture, $"{bytes} B");
        var (unit, shift) = bytes >= 1L << 40 ? ("TiB", 40) : bytes >= 1L << 30 ? ("GiB", 30) : bytes >= 1L << 20 ? ("MiB", 20) : ("KiB", 10);
        var value = bytes / (double)(1L << shift);
        // In whole numbers: lists of a server have hundreds of thousands of sizes, and formatting as floating point is most of their time.
        var parts = value >= 99.95 ? 1 : value >= 9.995 ? 10 : 100;
        var rounded = Rounded(bytes, shift, parts);
        return parts switch
        {
            1 => string.Create(CultureInfo.InvariantCulture, $"{rounded} {unit}"),
            10 => string.Create(CultureInfo.InvariantCulture, $"{rounded / 10}.{rounded % 10} {unit}"),
            _ => string.Create(CultureInfo.InvariantCulture, $"{rounded / 100}.{rounded % 100:D2} {unit}"),
        };
    }

    // How many parts of the unit, of which a unit has so many.
    private static long Rounded(long bytes, int shift, int parts) => ((bytes >> shift) * parts) + ((((bytes & ((1L << shift) - 1)) * parts) + (1L << (shift - 1))) >> shift);

    /// <summary>A rate as <c>123 MiB/s</c>.</summary>
    public static string FormatRate(double bytesPerSecond) => Format((long)Math.Min(Math.Max(bytesPerSecond, 0), long.MaxValue / 2)) + "/s";

    /// <summary>Reads a size such as <c>16 MiB</c>, <c>1 GB</c> or <c>4096</c> (bytes). A fraction is allowed before a unit; the unit's case counts.</summary>
    /// <returns>False when the text is anything else, negative, or above 2^62.</returns>
    public static bool TryParse(string text, out long bytes) => TryParse(text, SizeUnits, allowBare: true, out bytes);

    /// <summary>Reads a link rate such as <c>50 Mbit/s</c> or <c>5 MB/s</c> and gives bytes per second; <c>0</c> means unlimited and gives 0.</summary>
    public static bool TryParseRate(string text, out long bytesPerSecond)
    {
        bytesPerSecond = 0;
        if (text.Trim() == "0") return true;
        if (!TryParse(text, RateUnits, allowBare: false, out var bits)) return false;
        bytesPerSecond = bits / 8;
        return bytesPerSecond > 0;
    }

    private static bool TryParse(string text, (string Unit, long Factor)[] units, bool allowBare, out long value)
    {
        value = 0;
        text = text.Trim();
        var digits = text.AsSpan().IndexOfAnyExcept(NumberCharacters);
        if (digits == 0 || text.Length == 0) return false;
        var number = digits < 0 ? text : text[..digits];
        var unit = digits < 0 ? "" : text[digits..].TrimStart();
        long factor;
        if (unit.Length == 0)
        {
            if (!allowBare || number.Contains('.', StringComparison.Ordinal)) return false;
            factor = 1;
        }
        else
        {
            factor = units.FirstOrDefault(entry => entry.Unit == unit).Factor;
            if (factor == 0) return false;
        }

        if (!decimal.TryParse(number, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var amount)) return false;
        if (amount > (1L << 62) / factor) return false;
        value = (long)(amount * factor);
        return true;
    }
}
