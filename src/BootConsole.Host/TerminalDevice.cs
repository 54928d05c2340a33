// The terminal a person sits at: its size, its keys as they are pressed, and its mode put back whatever happens.
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace BootConsole.Host;

/// <summary>
/// A terminal in raw mode (termios(3), cfmakeraw): every byte arrives at once, nothing is echoed, and Ctrl-C is a key. The mode from before comes back with <see cref="Dispose"/>, and at the end of
/// the process at the latest. A process that was stopped and goes on (SIGCONT) has the mode again that it had: shells leave a terminal as they like it, and what is typed unseen must stay so.
/// </summary>
public sealed unsafe class TerminalDevice : IDisposable
{
    private const int Input = 0, Output = 1;

    private readonly SafeFileHandle _input = new(Input, ownsHandle: false), _output = new(Output, ownsHandle: false);
    private readonly LibC.termios_mode _before;
    private readonly Lock _lock = new();
    private LibC.termios_mode? _taken;
    private PosixSignalRegistration? _continued;

    private TerminalDevice(LibC.termios_mode before) => _before = before;

    /// <summary>Opens the terminal of this process; nothing changes until <see cref="EnterRawMode"/>.</summary>
    /// <returns>Null when standard input or standard output is none.</returns>
    public static TerminalDevice? TryOpen()
    {
        using var output = new SafeFileHandle(Output, ownsHandle: false);
        LibC.termios_mode unused;
        return LibC.tcgetattr(output, &unused) == 0 ? TryOpenKeyboard() : null;
    }

    /// <summary>Opens the terminal for what is typed alone; nothing changes until <see cref="EnterKeyMode"/>.</summary>
    /// <returns>Null when standard input is none.</returns>
    public static TerminalDevice? TryOpenKeyboard()
    {
        LibC.termios_mode mode;
        using var input = new SafeFileHandle(Input, ownsHandle: false);
        return LibC.tcgetattr(input, &mode) == 0 ? new TerminalDevice(mode) : null;
    }

    /// <summary>Stops this process, as Ctrl-Z at a shell does (SIGSTOP, signal(7)). With several threads, this one may run on for a moment.</summary>
    public static void HaltProcess() => _ = LibC.kill(Environment.ProcessId, LibC.SIGSTOP);

    /// <summary>Columns and rows; 80 × 25 where the line does not say (a serial line).</summary>
    public (int Columns, int Rows) Size
    {
        get
        {
            LibC.win_size size;
            return LibC.ioctl(_output, LibC.TIOCGWINSZ, &size) == 0 && size is { ws_col: > 0, ws_row: > 0 } ? (size.ws_col, size.ws_row) : (80, 25);
        }
    }

    /// <summary>Takes the keyboard.</summary>
    /// <exception cref="SystemCallException">The terminal refuses.</exception>
    public void EnterRawMode()
    {
        var raw = _before;
        LibC.cfmakeraw(&raw);
        Take(raw, LibC.TCSAFLUSH);
    }

    /// <summary>Takes the keys as they are pressed, unseen, and nothing else: output stays as it is, and Ctrl-C is the signal it ever was. What was typed before is dropped.</summary>
    /// <exception cref="SystemCallException">The terminal refuses.</exception>
    public void EnterKeyMode() => Take(_before with { c_lflag = _before.c_lflag & ~(LibC.ICANON | LibC.ECHO) }, LibC.TCSAFLUSH);

    /// <summary>Gives the keyboard back.</summary>
    public void LeaveRawMode()
    {
        lock (_lock)
        {
            if (_taken is null) return;
            _taken = null;
            var before = _before;
            _ = LibC.tcsetattr(_input, LibC.TCSADRAIN, &before);
        }
    }

    /// <summary>Shows or hides what is typed from now on, lines otherwise read as ever.</summary>
    public void Echo(bool isOn)
    {
        if (isOn) LeaveRawMode();
        else Take(_before with { c_lflag = _before.c_lflag & ~LibC.ECHO }, LibC.TCSADRAIN);
    }

    /// <summary>Waits for bytes.</summary>
    /// <param name="buffer">Takes them.</param>
    /// <param name="wait">Longest wait.</param>
    /// <returns>How many came; 0 when none did in time, -1 when the terminal is gone.</returns>
    public int Read(Span<byte> buffer, TimeSpan wait)
    {
        var poll = new LibC.poll_fd { fd = Input, events = LibC.POLLIN };
        var ready = LibC.poll(&poll, 1, (int)wait.TotalMilliseconds);
        // A signal ends the wait early, which is as good as no byte.
        if (ready <= 0) return 0;
        fixed (byte* start = buffer)
        {
            var count = LibC.read(_input, start, (nuint)buffer.Length);
            return count > 0 ? (int)count : Marshal.GetLastPInvokeError() is LibC.EINTR or LibC.EAGAIN && count < 0 ? 0 : -1;
        }
    }

    /// <summary>Writes all bytes.</summary>
    /// <returns>False when the terminal is gone.</returns>
    public bool Write(ReadOnlySpan<byte> bytes)
    {
        fixed (byte* start = bytes)
        {
            for (var done = 0; done < bytes.Length;)
            {
                var count = LibC.write(_output, start + done, (nuint)(bytes.Length - done));
                if (count < 0 && Marshal.GetLastPInvokeError() is not (LibC.EINTR or LibC.EAGAIN)) return false;
                done += Math.Max(0, (int)count);
            }
        }

        return true;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _continued?.Dispose();
        LeaveRawMode();
        _input.Dispose();
        _output.Dispose();
    }

    private void Take(LibC.termios_mode mode, int when)
    {
        lock (_lock)
        {
            if (!OperatingSystem.IsWindows()) _continued ??= PosixSignalRegistration.Create(PosixSignal.SIGCONT, GoOn);
            if (LibC.tcsetattr(_input, when, &mode) != 0) throw SystemCallException.Last("tcsetattr", "the terminal");
            _taken = mode;
        }
    }

    private void GoOn(PosixSignalContext signal)
    {
        // Else .NET sets the mode that the process began with, now or a moment later.
        signal.Cancel = true;
        lock (_lock)
        {
            // In the background the terminal is somebody else's, and setting it would stop the process again.
            if (_taken is { } mode && LibC.tcgetpgrp(_input) == LibC.getpgrp()) _ = LibC.tcsetattr(_input, LibC.TCSANOW, &mode);
        }
    }
}
