// A long-running child whose standard input and output carry binary data: ssh, sftp-server.
using System.Diagnostics;
using System.Text;
using BootConsole.Core;

namespace BootConsole.Host;

/// <summary>A running program with pipes to it. What it says on standard error is kept (the last 8,192 characters) for the fault message.</summary>
public sealed class PipedProgram : IAsyncDisposable
{
    private const int KeptErrorCharacters = 8192;
    private readonly Process _process;
    private readonly Task _errorReader;
    private readonly Task<int> _end;
    private readonly StringBuilder _errors = new();
    private bool _isDisposed;

    private PipedProgram(Process process)
    {
        _process = process;
        (Input, Output, Id) = (process.StandardInput.BaseStream, process.StandardOutput.BaseStream, process.Id);
        _errorReader = ReadErrorsAsync(process.StandardError);
        _end = WaitForExitAsync();
    }

    /// <summary>The program's standard input: bytes go out unbuffered.</summary>
    public Stream Input { get; }

    /// <summary>The program's standard output.</summary>
    public Stream Output { get; }

    /// <summary>True when the program has ended.</summary>
    public bool HasEnded => _end.IsCompleted;

    /// <summary>The program's process id.</summary>
    public int Id { get; }

    /// <summary>What it said on standard error so far, without carriage returns and the last newline.</summary>
    public string Errors
    {
        get { lock (_errors) return _errors.ToString().Replace("\r", "", StringComparison.Ordinal).TrimEnd('\n'); }
    }

    /// <summary>Starts a program.</summary>
    /// <exception cref="HostFault">It is not installed or cannot be started.</exception>
    public static PipedProgram Start(string program, IReadOnlyList<string> arguments) => new(ProgramRunner.Start(program, arguments));

    /// <summary>
    /// Starts a program in a session of its own, where there is <c>setsid</c>: a Ctrl-C at the terminal then reaches this program alone, which can still use the
    /// child to end in order, and the child has no terminal to ask questions on.
    /// </summary>
    /// <exception cref="HostFault">It is not installed or cannot be started.</exception>
    public static PipedProgram StartInOwnSession(string program, IReadOnlyList<string> arguments)
    {
        // setsid replaces itself by the program, so the process id is the program's.
        var (leader, all) = ProgramRunner.OwnSession(program, arguments);
        return Start(leader, all);
    }

    /// <summary>Waits for the end of the program and of its messages.</summary>
    /// <returns>The exit code; null when it still runs after <paramref name="limit"/>. May be asked at any time, also while and after it is disposed.</returns>
    public async Task<int?> WaitForEndAsync(TimeSpan limit)
    {
        try
        {
            await Task.WhenAll(_end, _errorReader).WaitAsync(limit);
            return await _end;
        }
        catch (TimeoutException)
        {
            return null;
        }
    }

    /// <summary>Ends the program at once.</summary>
    public void Kill()
    {
        try
        {
            _process.Kill(entireProcessTree: true);
        }
        catch (InvalidOperationException)
        {
            // It has ended by itself already.
        }
    }

    /// <summary>Closes the pipes, gives the program two seconds to end, then kills it.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_isDisposed) return;
        _isDisposed = true;
        try
        {
            _process.StandardInput.Close();
        }
        catch (IOException)
        {
            // The pipe is broken: the program is gone.
        }

        if (await WaitForEndAsync(TimeSpan.FromSeconds(2)) is null)
        {
            Kill();
            await WaitForEndAsync(TimeSpan.FromSeconds(2));
        }

        _process.Dispose();
    }

    private async Task<int> WaitForExitAsync()
    {
        await _process.WaitForExitAsync();
        return _process.ExitCode;
    }

    // By blocks, not by lines: what comes from the far end of an ssh may be one endless line.
    private async Task ReadErrorsAsync(StreamReader reader)
    {
        var block = new char[1024];
        try
        {
            int count;
            while ((count = await reader.ReadAsync(block)) > 0) Keep(block.AsSpan(0, count));
        }
        catch (Exception cause) when (cause is IOException or ObjectDisposedException)
        {
            // A grandchild may hold the pipe open beyond the end of all use.
        }
    }

    private void Keep(ReadOnlySpan<char> text)
    {
        lock (_errors)
        {
            _errors.Append(text);
            if (_errors.Length > KeptErrorCharacters) _errors.Remove(0, _errors.Length - KeptErrorCharacters);
        }
    }
}
