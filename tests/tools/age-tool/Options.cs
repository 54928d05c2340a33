// The command line: pairs of an option and its value.
using BootConsole.Core;

namespace BootConsole.AgeTool;

internal static class Options
{
    /// <summary>Reads pairs; each name must be one of <paramref name="names"/>.</summary>
    /// <exception cref="UsageFault">An unknown option, or one without a value.</exception>
    internal static List<(string Name, string Value)> Read(string[] arguments, params string[] names)
    {
        var pairs = new List<(string, string)>();
        for (var i = 0; i < arguments.Length; i += 2)
        {
            if (!names.Contains(arguments[i])) throw new UsageFault("unknown option") { Which = arguments[i] };
            if (i + 1 == arguments.Length) throw new UsageFault("an option lacks its value") { Which = arguments[i] };
            pairs.Add((arguments[i], arguments[i + 1]));
        }

        return pairs;
    }
}
