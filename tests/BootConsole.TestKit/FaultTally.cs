// What the fault sweeps of a run tried and found, for the report of `make faults`.
using System.Globalization;

namespace BootConsole.TestKit;

/// <summary>Writes lines into the file that BOOTCONSOLE_FAULT_TALLY names (tests/faults reads it); without one nothing is written. May be called concurrently.</summary>
public static class FaultTally
{
    private static readonly string? File = Environment.GetEnvironmentVariable("BOOTCONSOLE_FAULT_TALLY");
    private static readonly Lock Turn = new();

    /// <summary>Cuts of which nobody counted the bytes.</summary>
    public static void NoteCuts(int count = 1) => Write(string.Create(CultureInfo.InvariantCulture, $"cuts {count}"));

    /// <summary>Cuts of one backup, and what was sent again because of them.</summary>
    /// <param name="count">How many.</param>
    /// <param name="bytesAgain">Stored bytes beyond those of a backup that nothing disturbs.</param>
    /// <param name="segmentBytes">The length of its longest segment.</param>
    public static void NoteCuts(int count, long bytesAgain, long segmentBytes) => Write(string.Create(CultureInfo.InvariantCulture, $"again {count} {bytesAgain} {segmentBytes}"));

    /// <summary>What must hold after every cut: whatever was called a success is one, and the store reads. What fails here counts as a wrong success.</summary>
    public static async Task CheckAsync(Func<Task> check)
    {
        try
        {
            await check();
        }
        catch
        {
            Write("wrong 1");
            throw;
        }
    }

    private static void Write(string line)
    {
        if (string.IsNullOrEmpty(File)) return;
        lock (Turn) System.IO.File.AppendAllText(File, line + "\n");
    }
}
