// One run of an outside program: an argument list in; exit code and text out. Never a shell.
using System.Diagnostics;
using System.Text;
using BootConsole.Core;

namespace BootConsole.Host;

/// <summary>What to run.</summary>
/// <param name="Program">A name looked up in PATH, or a path.</param>
/// <param name="Arguments">Passed as they are; no shell sees them.</param>
public sealed record ProgramCall(string Program, params IReadOnlyList<string> Arguments)
{
    /// <summary>How long it may take; then it is killed and <see cref="ProgramResult.TimedOut"/> is set.</summary>
    public TimeSpan Limit { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>Text for its standard input; null for none (it reads end of file at once).</summary>
    public string? Input { get; init; }

    /// <summary>Bytes for its standard input, instead of <see cref="Input"/>; null for none.</summary>
    public byte[]? InputBytes { get; init; }

    /// <summary>True to run it in a session of its own, where there is <c>setsid</c>: a Ctrl-C at the terminal then does not reach it.</summary>
    public bool InOwnSession { get; init; }

    /// <summary>The folder it runs in; null for this program's own.</summary>
    public string? Folder { get; init; }

    /// <summary>Variables that it finds in its environment besides those of this program.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();

    /// <summary>Longest output kept of each stream, in characters; the rest is dropped.</summary>
    public int OutputLimit { get; init; } = 16 << 20;

    /// <summary>Takes standard output piece by piece, in order, instead of keeping it: for programs that say more than belongs in memory. When it throws, the
    /// program is killed and the run ends with that exception.</summary>
    public Action<ReadOnlySpan<char>>? OnOutput { get; init; }
}

/// <summary>How a run ended.</summary>
/// <param name="ExitCode">0 to 255; 128 + n when signal n ended it.</param>
/// <param name="Output">Standard output.</param>
/// <param name="Error">Standard error.</param>
/// <param name="TimedOut">True when it was killed for taking too long.</param>
public sealed record ProgramResult(int ExitCode, string Output, string Error, bool TimedOut)
{
    /// <summary>True for exit code 0 in time.</summary>
    public bool Succeeded => ExitCode == 0 && !TimedOut;
}

/// <summary>Runs outside programs.</summary>
public interface IProgramRunner
{
    /// <summary>Runs a program to its end. A non-zero exit is a result, not an exception.</summary>
    /// <exception cref="HostFault">The program is not installed or cannot be started.</exception>
    Task<ProgramResult> RunAsync(ProgramCall call, CancellationToken cancel);
}

/// <summary>Runs programs of this machine, in the C locale so that their words can be read.</summary>
public sealed class ProgramRunner : IProgramRunner
{
    /// <inheritdoc/>
    public async Task<ProgramResult> RunAsync(ProgramCall call, CancellationToken cancel)
    {
        var (program, arguments) = call.InOwnSession ? OwnSession(call.Program, call.Arguments) : (call.Program, call.Arguments);
        using var process = Start(program, arguments, call.Folder, call.Environment);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        limit.CancelAfter(call.Limit);
        var output = call.OnOutput is { } take ? StreamAsync(process, take) : ReadAsync(process.StandardOutput, call.OutputLimit);
        var error = ReadAsync(process.StandardError, call.OutputLimit);
        try
        {
            await WriteInputAsync(process, call.InputBytes ?? Encoding.UTF8.GetBytes(call.Input ?? ""), limit.Token);
            await process.WaitForExitAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            await process.WaitForExitAsync(CancellationToken.None);
            var stopped = new ProgramResult(process.ExitCode, await output, await error, TimedOut: true);
            cancel.ThrowIfCancellationRequested();
            return stopped;
        }

        return new ProgramResult(process.ExitCode, await output, await error, TimedOut: false);
    }

    /// <summary>Where a program of this machine lies: in PATH, or in the folders of system programs.</summary>
    /// <returns>Null when it is not installed.</returns>
    public static string? Locate(string program) => Find(program) is var path && File.Exists(path) ? Path.GetFullPath(path) : null;

    internal static Process Start(string program, IReadOnlyList<string> arguments, string? folder = null, IReadOnlyDictionary<string, string>? environment = null)
    {
        var start = new ProcessStartInfo(Find(program), arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardOutputEncoding = Encoding.UTF8,
            StandardErrorEncoding = Encoding.UTF8,
        };
        start.Environment["LC_ALL"] = "C";
        if (folder is not null) start.WorkingDirectory = folder;
        foreach (var (name, value) in environment ?? new Dictionary<string, string>()) start.Environment[name] = value;
        try
        {
            return Process.Start(start) ?? throw new HostFault("a program could not be started") { Which = program };
        }
        catch (System.ComponentModel.Win32Exception cause)
        {
            throw new HostFault("a program is missing or cannot be started", cause) { Which = program, Remedy = $"Install the package that has '{program}'." };
        }
    }

    /// <summary>The same program, started by setsid, which then is replaced by it; the call itself where either is missing.</summary>
    internal static (string Program, IReadOnlyList<string> Arguments) OwnSession(string program, IReadOnlyList<string> arguments)
    {
        var (leader, found) = (Find("setsid"), Find(program));
        return File.Exists(leader) && File.Exists(found) ? (leader, [found, .. arguments]) : (program, arguments);
    }

    internal static string Find(string program)
    {
        if (program.Contains('/', StringComparison.Ordinal)) return program;
        // Tools in sbin (blkid, losetup, partclone) are not on every user's path.
        var folders = (Environment.GetEnvironmentVariable("PATH") ?? "/usr/bin:/bin") + ":/usr/local/sbin:/usr/sbin:/sbin";
        return folders.Split(':', StringSplitOptions.RemoveEmptyEntries).Select(folder => Path.Combine(folder, program)).FirstOrDefault(File.Exists) ?? program;
    }

    private static async Task WriteInputAsync(Process process, byte[] bytes, CancellationToken cancel)
    {
        try
        {
            await process.StandardInput.BaseStream.WriteAsync(bytes, cancel);
            process.StandardInput.Close();
        }
        catch (IOException)
        {
            // The program ended without reading its input; its exit code tells why.
        }
    }

    private static async Task<string> StreamAsync(Process process, Action<ReadOnlySpan<char>> take)
    {
        var buffer = new char[8192];
        var done = false;
        try
        {
            int count;
            while ((count = await process.StandardOutput.ReadAsync(buffer)) > 0) take(buffer.AsSpan(0, count));
            done = true;
            return "";
        }
        finally
        {
            // A program that nobody listens to would wait for its reader until its time is up.
            if (!done) process.Kill(entireProcessTree: true);
        }
    }

    private static async Task<string> ReadAsync(StreamReader reader, int limit)
    {
        var text = new StringBuilder();
        var buffer = new char[8192];
        int count;
        while ((count = await reader.ReadAsync(buffer)) > 0)
            text.Append(buffer, 0, Math.Min(count, limit - text.Length));
        return text.ToString();
    }
}
