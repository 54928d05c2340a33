// The loop of the console: keys and answers in, pictures and effects out.
using System.Threading.Channels;
using BootConsole.Appliance.Screens;
using BootConsole.Appliance.Terminal;

namespace BootConsole.Appliance.Workbench;

/// <summary>Runs the console on a terminal until the person leaves it.</summary>
internal sealed class ConsoleRunner(ITerminal terminal, IWorkbench bench, Look look, TimeProvider clock, Func<Task> shell) : IDisposable
{
    private static readonly TimeSpan TickEvery = TimeSpan.FromMilliseconds(500), KeyWait = TimeSpan.FromMilliseconds(50);

    private readonly Channel<Message> _messages = Channel.CreateUnbounded<Message>(new UnboundedChannelOptions { SingleReader = true });
    private readonly FramePainter _painter = new(look);
    private readonly ManualResetEventSlim _mayRead = new(true), _isAway = new(false);
    private bool _isOver;

    /// <summary>Runs until <see cref="Leave"/>, or until the terminal or the token goes. The terminal is as it was afterwards.</summary>
    internal async Task RunAsync(Facts facts, CancellationToken cancel)
    {
        var (model, effects) = ConsoleModel.Begin(facts with { Now = clock.GetLocalNow() }, terminal.Size);
        terminal.Enter();
        // A thread of its own: reading a terminal blocks.
        var keys = new Thread(() => ReadKeys(model.Size, cancel)) { IsBackground = true, Name = "keys" };
        keys.Start();
        try
        {
            await DoAsync(effects);
            Paint(model);
            await foreach (var message in _messages.Reader.ReadAllAsync(cancel))
            {
                model = await TakeAsync(model, message);
                // What has piled up is taken before the next picture: a slow line shows the newest.
                while (!_isOver && _messages.Reader.TryRead(out var next)) model = await TakeAsync(model, next);
                if (_isOver) return;
                Paint(model);
            }
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested)
        {
            // Asked to end by a signal: what runs is stopped and kept by the workbench.
        }
        finally
        {
            _isOver = true;
            _mayRead.Set();
            keys.Join();
            terminal.Leave();
        }
    }

    public void Dispose()
    {
        _mayRead.Dispose();
        _isAway.Dispose();
    }

    private async Task<ConsoleModel> TakeAsync(ConsoleModel model, Message message)
    {
        var (next, effects) = model.Take(message);
        await DoAsync(effects);
        return next;
    }

    private async Task DoAsync(IReadOnlyList<Effect> effects)
    {
        foreach (var effect in effects)
        {
            switch (effect)
            {
                case Leave:
                    _isOver = true;
                    break;
                case Repaint:
                    _painter.Forget();
                    break;
                case RunShell:
                    await RunShellAsync();
                    break;
                default:
                    bench.Begin(effect, answer => _messages.Writer.TryWrite(answer));
                    break;
            }
        }
    }

    private void Paint(ConsoleModel model)
    {
        if (!terminal.Write(_painter.Paint(ConsoleView.Draw(model, look)))) _isOver = true;
    }

    // The keyboard is the shell's until it ends.
    private async Task RunShellAsync()
    {
        _mayRead.Reset();
        _isAway.Wait();
        terminal.Leave();
        try
        {
            await shell();
        }
        finally
        {
            terminal.Enter();
            _painter.Forget();
            _mayRead.Set();
        }
    }

    private void ReadKeys(TerminalSize size, CancellationToken cancel)
    {
        var decoder = new KeyDecoder();
        var buffer = new byte[4096];
        var ticked = clock.GetTimestamp();
        while (!_isOver && !cancel.IsCancellationRequested)
        {
            if (!_mayRead.IsSet)
            {
                _isAway.Set();
                _mayRead.Wait(CancellationToken.None);
                _isAway.Reset();
                continue;
            }

            var count = terminal.Read(buffer, KeyWait);
            if (count < 0)
            {
                // The terminal is gone (a line was hung up): nobody can say anything any more.
                _messages.Writer.TryComplete();
                return;
            }

            foreach (var key in count > 0 ? decoder.Take(buffer.AsSpan(0, count)) : decoder.Flush()) _messages.Writer.TryWrite(new KeyPressed(key));
            if (terminal.Size is var now && now != size) _messages.Writer.TryWrite(new Resized(size = now));
            if (clock.GetElapsedTime(ticked) < TickEvery) continue;
            ticked = clock.GetTimestamp();
            _messages.Writer.TryWrite(new Ticked(clock.GetLocalNow()));
        }
    }
}
