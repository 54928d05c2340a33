// The seeds of the ageing tests: a few in every run, many when asked for.
using System.Globalization;

namespace BootConsole.Disks.Tests.UsedMaps;

/// <summary>Seeds 1 to n, n from the environment variable <c>BOOTCONSOLE_AGEING_SEEDS</c> (1 when it is not set).</summary>
internal static class Seeds
{
    internal static IEnumerable<int> All =>
        Enumerable.Range(1, int.Parse(Environment.GetEnvironmentVariable("BOOTCONSOLE_AGEING_SEEDS") ?? "1", CultureInfo.InvariantCulture));

    /// <summary>Every variant with every seed.</summary>
    internal static TheoryData<string, int> With(params string[] variants)
    {
        var data = new TheoryData<string, int>();
        foreach (var seed in All)
            foreach (var variant in variants) data.Add(variant, seed);
        return data;
    }
}
