// A started program: send it signals, wait for its end.
using System.Diagnostics;
using System.Runtime.InteropServices;
using BootConsole.TestKit;

namespace BootConsole.Appliance.Tests;

/// <summary>A program of a test that has been started.</summary>
internal sealed class RunningProgram
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);
    private readonly Process _process;
    private readonly Task<string> _output, _errors;

    private RunningProgram(Process process, string input)
    {
        _process = process;
        _process.StandardInput.Write(input);
        _process.StandardInput.Close();
        (_output, _errors) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
    }

    /// <summary>True when it has ended.</summary>
    internal bool HasEnded => _process.HasExited;

    internal static RunningProgram Start(string program, IReadOnlyList<string> arguments, string? path, string input = "")
    {
        var start = Bootconsole.StartInfo(program, arguments);
        if (path is not null) start.Environment["PATH"] = path;
        return new RunningProgram(Process.Start(start)!, input);
    }

    /// <summary>Sends a signal.</summary>
    internal void Send(Signal signal)
    {
        Thread.Sleep(Eventually.Lag);
        _ = kill(_process.Id, (int)signal);
    }

    /// <summary>Waits for the end. A program that does not end is killed, and the test fails.</summary>
    internal Run WaitForEnd()
    {
        if (!_process.WaitForExit(Limit))
        {
            _process.Kill(entireProcessTree: true);
            throw new TimeoutException($"{_process.StartInfo.FileName} {string.Join(' ', _process.StartInfo.ArgumentList)} does not end: {_errors.GetAwaiter().GetResult()}");
        }

        var run = new Run(_process.ExitCode, _output.GetAwaiter().GetResult(), _errors.GetAwaiter().GetResult());
        _process.Dispose();
        return run;
    }

    [DllImport("libc", SetLastError = true)]
    private static extern int kill(int process, int signal);
}

/// <summary>Signals, by their numbers on Linux.</summary>
public enum Signal
{
    HangUp = 1,
    Interrupt = 2,
    Kill = 9,
    Terminate = 15,
    Continue = 18,
    Stop = 19,
}
