// Whether a process of this machine still lives, from /proc.
using System.Globalization;
using BootConsole.Core;

namespace BootConsole.Host;

/// <summary>Reads <c>/proc</c>.</summary>
public sealed class ProcessTable : IProcessTable
{
    private readonly string _bootId = ReadOrEmpty("/proc/sys/kernel/random/boot_id").Trim();

    /// <inheritdoc/>
    public JobIdentity Self => new(Environment.MachineName, _bootId, Environment.ProcessId, FindStartTicks(Environment.ProcessId) ?? 0);

    /// <inheritdoc/>
    public bool IsGone(JobIdentity job)
    {
        // The boot id alone tells the machine: host names repeat. After a reboot of the same machine the id differs, and only the lease's age can tell.
        if (_bootId.Length == 0 || job.BootId != _bootId) return false;
        return FindStartTicks(job.ProcessId) != job.StartTicks;
    }

    private static long? FindStartTicks(int processId)
    {
        var stat = ReadOrEmpty(string.Create(CultureInfo.InvariantCulture, $"/proc/{processId}/stat"));
        // The second field is the program's name in parentheses and may hold anything; the fields after it start behind the last parenthesis.
        var fields = stat[(stat.LastIndexOf(')') + 1)..].Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return fields.Length > 19 && long.TryParse(fields[19], NumberStyles.None, CultureInfo.InvariantCulture, out var ticks) ? ticks : null;
    }

    private static string ReadOrEmpty(string path)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (IOException)
        {
            return "";
        }
    }
}
