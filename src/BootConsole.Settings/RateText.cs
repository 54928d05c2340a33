// Link rates as settings files write them.
using System.Globalization;

namespace BootConsole.Settings;

/// <summary>Text form of link rates, in decimal bits.</summary>
internal static class RateText
{
    private static readonly (string Unit, double Bits)[] Units = [("Gbit/s", 1e9), ("Mbit/s", 1e6), ("kbit/s", 1e3)];

    /// <summary><c>50 Mbit/s</c>, at most two decimals.</summary>
    public static string Format(long bytesPerSecond)
    {
        var bits = bytesPerSecond * 8.0;
        foreach (var (unit, size) in Units)
        {
            if (bits >= size) return (bits / size).ToString("0.##", CultureInfo.InvariantCulture) + " " + unit;
        }

        return bits.ToString("0", CultureInfo.InvariantCulture) + " bit/s";
    }
}
