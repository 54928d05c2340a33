// The ssh processes of one connection, as the kernel lists them.
namespace BootConsole.Stores.Tests.Ssh;

internal static class SshProcesses
{
    /// <summary>Command lines of running ssh programs that have all of these words.</summary>
    internal static IReadOnlyList<string[]> With(params string[] words) =>
        [.. Directory.GetDirectories("/proc").Where(path => int.TryParse(System.IO.Path.GetFileName(path), out _)).Select(CommandLine).Where(line => line.Length > 0 && words.All(word => line.Any(argument => argument.Contains(word, StringComparison.Ordinal))))];

    /// <summary>The run folder of the ssh that connects to a port; null when there is none.</summary>
    internal static string? RunFolderOf(int port)
    {
        var line = With("-F", "-M").FirstOrDefault(line => line.SkipWhile(argument => argument != "-p").Skip(1).FirstOrDefault() == port.ToString(System.Globalization.CultureInfo.InvariantCulture));
        return line is null ? null : System.IO.Path.GetDirectoryName(line[Array.IndexOf(line, "-F") + 1]);
    }

    private static string[] CommandLine(string process)
    {
        try
        {
            var line = File.ReadAllText(System.IO.Path.Combine(process, "cmdline")).Split('\0', StringSplitOptions.RemoveEmptyEntries);
            return line.Length > 0 && line[0].EndsWith("ssh", StringComparison.Ordinal) ? line : [];
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }
}
