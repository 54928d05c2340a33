// How much memory this machine can still give.
using System.Globalization;

namespace BootConsole.Host;

/// <summary>The machine's free memory.</summary>
public static class MachineMemory
{
    /// <summary>Bytes that can be taken without swapping or being killed: <c>MemAvailable</c> of proc(5), no more than the control group of this process allows.</summary>
    public static long AvailableBytes()
    {
        var allowed = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;
        foreach (var line in File.ReadLines("/proc/meminfo"))
        {
            if (!line.StartsWith("MemAvailable:", StringComparison.Ordinal)) continue;
            var kibibytes = line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1];
            return Math.Min(allowed, long.Parse(kibibytes, CultureInfo.InvariantCulture) << 10);
        }

        return allowed;
    }
}
