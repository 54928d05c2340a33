// A long-running child whose standard input and output carry binary data: ssh, sftp-server.
using System.Diagnostics;
using BootConsole.Core;

namespace BootConsole.Host;

/// <summary>A running program with pipes to it. What it says on standard error is kept (the last 8,192 characters) for the fault message.</summary>
public sealed class PipedProgram : IAsyncDisposable
{
    private const int KeptErrorCharacters = 8192;
    private readonly Process _process;
    private readonly Task _errorReader;
    private readonly Queue<string> _errorLines = new();
    private int _errorLength;

    private PipedProgram(Process process)
    {
        _process = process;
        _errorReader = ReadErrorsAsync();
    }

    /// <summary>The program's standard input: bytes go out unbuffered.</summary>
    public Stream Input => _process.StandardInput.BaseStream;

    /// <summary>The program's standard output.</summary>
    public Stream Output => _process.StandardOutput.BaseStream;

    /// <summary>True when the program has ended.</summary>
    public bool HasEnded => _process.HasExited;

    /// <summary>The program's process id.</summary>
    public int Id => _process.Id;

    /// <summary>What it said on standard error so far, lines joined by newlines.</summary>
    public string Errors
    {
        get { lock (_errorLines) return string.Join('\n', _errorLines); }
    }

    /// <summary>Starts a program.</summary>
    /// <exception cref="HostFault">It is not installed or cannot be started.</exception>
    public static PipedProgram Start(string program, IReadOnlyList<string> arguments) => new(ProgramRunner.Start(program, arguments));

    /// <summary>Waits for the end of the program and of its messages.</summary>
    /// <returns>The exit code; null when it still runs after <paramref name="limit"/>.</returns>
    public async Task<int?> WaitForEndAsync(TimeSpan limit)
    {
        using var cancel = new CancellationTokenSource(limit);
        try
        {
            await _process.WaitForExitAsync(cancel.Token);
            await _errorReader.WaitAsync(cancel.Token);
            return _process.ExitCode;
        }
        catch (OperationCanceledException)
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

    private async Task ReadErrorsAsync()
    {
        while (await _process.StandardError.ReadLineAsync() is { } line)
        {
            lock (_errorLines)
            {
                _errorLines.Enqueue(line);
                _errorLength += line.Length + 1;
                while (_errorLength > KeptErrorCharacters && _errorLines.Count > 1) _errorLength -= _errorLines.Dequeue().Length + 1;
            }
        }
    }
}
