// How hard a backup works: the bandwidth limit, from the command line or from [backup] of a settings file.
using System.CommandLine;
using BootConsole.Core;

namespace BootConsole.Appliance.Commands;

/// <summary>Options of a backup's pace. What the command line does not say, the settings file does.</summary>
internal static class PaceOptions
{
    internal static Option<string?> Limit { get; } = new("--limit") { HelpName = "RATE", Description = "most that is sent in a second: '50 Mbit/s', '5 MB/s'; 0 for no limit (default: that of the settings file, else none)" };

    /// <summary>The limit in bytes per second; 0 for none.</summary>
    /// <exception cref="UsageFault">It is no rate.</exception>
    internal static long ReadLimit(CommandSession session)
    {
        if (session.Arguments.GetValue(Limit) is not { } text) return StoreOptions.Settings(session)?.Backup?.LimitBytesPerSecond ?? 0;
        return ByteSize.TryParseRate(text, out var rate) ? rate : throw new UsageFault("this is no rate") { Which = "--limit", Found = text, Expected = "a rate such as '50 Mbit/s' or '5 MB/s', or 0 for no limit" };
    }
}
