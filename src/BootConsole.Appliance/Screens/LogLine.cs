// A line of the event log.
namespace BootConsole.Appliance.Screens;

/// <summary>Lines of the event log: the time, then what happened.</summary>
internal static class LogLine
{
    /// <summary>Characters that the time takes, blanks included.</summary>
    internal const int TimeCells = 10;

    internal static string Of(DateTimeOffset now, string what) => $"{now:HH:mm:ss}  {what}";
}
