// How hard a backup works: compression level and bandwidth limit, from the command line or from [backup] of a settings file.
using System.CommandLine;
using BootConsole.Core;
using BootConsole.Jobs;

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

    internal static Option<string?> Level { get; } = new("--level") { HelpName = "auto|1..19", Description = "compression level of zstd; auto: as high as the line leaves time for (default: that of the settings file, else 3)" };

    /// <summary>The level; null for one that follows the slowest stage.</summary>
    /// <exception cref="UsageFault">It is none.</exception>
    internal static int? ReadLevel(CommandSession session) => session.Arguments.GetValue(Level) switch
    {
        null => StoreOptions.Settings(session)?.Backup is { } settings ? settings.Level : LevelControl.Start,
        "auto" => null,
        var text when int.TryParse(text, out var level) && level is >= 1 and <= 19 => level,
        var other => throw new UsageFault("the compression level is impossible") { Which = "--level", Expected = "auto, or 1 to 19", Found = other },
    };
}
