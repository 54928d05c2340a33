// Looks out for a key while an unattended run waits.
using BootConsole.Host;

namespace BootConsole.Appliance.Unattended;

/// <summary>Watches the keyboard of the terminal from its making to its disposal. Without a terminal no key ever comes.</summary>
internal sealed class KeyWatch : IAsyncDisposable
{
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(50);

    private readonly TerminalDevice? _device;
    private readonly CancellationTokenSource _pressed = new(), _stop = new();
    private readonly Task _watching = Task.CompletedTask;

    internal KeyWatch(bool isWanted)
    {
        _device = isWanted ? TerminalDevice.TryOpen() : null;
        if (_device is null) return;
        _device.EnterKeyMode();
        // A thread of its own: reading a terminal blocks.
        _watching = Task.Factory.StartNew(Watch, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
    }

    /// <summary>True when there is a keyboard to watch.</summary>
    internal bool HasKeyboard => _device is not null;

    /// <summary>Given when a key is pressed.</summary>
    internal CancellationToken Pressed => _pressed.Token;

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _watching;
        _device?.Dispose();
        _stop.Dispose();
        _pressed.Dispose();
    }

    private void Watch()
    {
        var buffer = new byte[64];
        while (!_stop.IsCancellationRequested)
        {
            var count = _device!.Read(buffer, Look);
            // A line that was hung up is nobody's key.
            if (count < 0) return;
            if (count == 0) continue;
            _pressed.Cancel();
            return;
        }
    }
}
