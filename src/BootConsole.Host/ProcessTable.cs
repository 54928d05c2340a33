// Whether a process of this machine still lives, from /proc.
using System.Globalization;
using BootConsole.Core;

namespace BootConsole.Host;

/// <summary>Reads <c>/proc</c>.</summary>
/// <param name="machine">What tells this machine from all others; empty when nothing does.</param>
public sealed class ProcessTable(string machine) : IProcessTable
{
    private readonly string _bootId = ReadOrEmpty("/proc/sys/kernel/random/boot_id").Trim();

    /// <summary>Asks the machine who it is.</summary>
    public ProcessTable() : this(MachineIdentity.Read()) { }

    /// <inheritdoc/>
    public JobIdentity Self => new(Environment.MachineName, _bootId, Environment.ProcessId, FindStartTicks(Environment.ProcessId) ?? 0, machine);

    /// <inheritdoc/>
    public bool IsGone(JobIdentity job)
    {
        // Host names repeat. Another boot id is that of another machine, of which only the lease's age can tell; or of an earlier boot of this one, with which all its processes ended.
        if (_bootId.Length == 0 || job.BootId.Length == 0) return false;
        if (job.BootId != _bootId) return machine.Length > 0 && job.Machine == machine;
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
