// The terminal of this process.
using System.Text;
using BootConsole.Host;

namespace BootConsole.Appliance.Terminal;

/// <summary>The real terminal: alternate screen (xterm's private mode 1049; others ignore it), bracketed paste (2004), raw keys.</summary>
internal sealed class LinuxTerminal : ITerminal, IDisposable
{
    private readonly TerminalDevice _device;
    private bool _isEntered;

    private LinuxTerminal(TerminalDevice device)
    {
        _device = device;
        // The last nets, for a way out that nobody thought of.
        AppDomain.CurrentDomain.ProcessExit += (_, _) => Leave();
        AppDomain.CurrentDomain.UnhandledException += (_, _) => Leave();
    }

    public TerminalSize Size => new(_device.Size.Columns, _device.Size.Rows);

    /// <summary>Opens the terminal.</summary>
    /// <returns>Null when this process has none.</returns>
    internal static LinuxTerminal? TryOpen() => TerminalDevice.TryOpen() is { } device ? new LinuxTerminal(device) : null;

    public void Enter()
    {
        _isEntered = true;
        _device.EnterRawMode();
        Write("\e[?1049h\e[?2004h\e[?25l");
    }

    public void Leave()
    {
        if (!_isEntered) return;
        _isEntered = false;
        Write("\e[0m\e[2J\e[1;1H\e[?25h\e[?2004l\e[?1049l");
        _device.LeaveRawMode();
    }

    public int Read(Span<byte> buffer, TimeSpan wait) => _device.Read(buffer, wait);

    public bool Write(string text) => _device.Write(Encoding.UTF8.GetBytes(text));

    public void Dispose()
    {
        Leave();
        _device.Dispose();
    }
}
