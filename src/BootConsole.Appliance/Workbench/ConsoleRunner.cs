// The loop of the console: keys and answers in, pictures and effects out.
using System.Threading.Channels;
using BootConsole.Appliance.Screens;
using BootConsole.Appliance.Terminal;

namespace BootConsole.Appliance.Workbench;

/// <summary>Runs the console on a terminal until the person leaves it.</summary>
/// <param name="terminal">Shows it.</param>
/// <param name="bench">Does what it asks for.</param>
/// <param name="look">What the terminal can show.</param>
/// <param name="clock">The time.</param>
/// <param name="shell">Runs a shell on the terminal until it ends.</param>
/// <param name="halt">Begins to stop this process; <see cref="GoOn"/> follows when it is continued.</param>
internal sealed class ConsoleRunner(ITerminal terminal, IWorkbench bench, Look look, TimeProvider clock, Func<Task> shell, Action halt) : IDisposable
{
    private static readonly TimeSpan TickEvery = TimeSpan.FromMilliseconds(500), KeyWait = TimeSpan.FromMilliseconds(50);

    private readonly Channel<Message> _messages = Channel.CreateUnbounded<Message>(new UnboundedChannelOptions { SingleReader = true });
    private readonly FramePainter _painter = new(look);
    private readonly ManualResetEventSlim _mayRead = new(true), _isAway = new(false);
    private volatile bool _isOver, _mustHalt, _wasHalted;
    private volatile TaskCompletionSource _goesOn = new();

    /// <summary>True when the console was ended by <see cref="BeginJob"/>.</summary>
    internal bool WantsJob { get; private set; }

    /// <summary>Runs until <see cref="Leave"/> or <see cref="BeginJob"/>, or until the terminal or the token goes. The terminal is as it was afterwards.</summary>
    internal async Task RunAsync(Facts facts, CancellationToken cancel)
    {
        var (model, effects) = ConsoleModel.Begin(facts with { Now = clock.GetLocalNow() }, terminal.Size);
        terminal.Enter();
        // A thread of its own: reading a terminal blocks.
        var keys = Task.Factory.StartNew(() => ReadKeys(model.Size, cancel), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        // Whatever ends it, nobody can say anything any more.
        _ = keys.ContinueWith(ended => _messages.Writer.TryComplete(ended.Exception?.InnerException), TaskScheduler.Default);
        try
        {
            await DoAsync(effects);
            Paint(model);
            await foreach (var message in _messages.Reader.ReadAllAsync(cancel))
            {
                model = await TakeAsync(model, message);
                // What has piled up is taken before the next picture: a slow line shows the newest.
                while (!_isOver && _messages.Reader.TryRead(out var next)) model = await TakeAsync(model, next);
                await ObeySignalsAsync();
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
            await Task.WhenAny(keys);
            terminal.Leave();
        }
    }

    /// <summary>Asks the console to give the terminal back and to stop the process until it is continued (SIGTSTP). From any thread.</summary>
    internal void Halt()
    {
        _mustHalt = true;
        Wake();
    }

    /// <summary>Says that the process was stopped and goes on (SIGCONT): who had the terminal meanwhile has left it as they like it. From any thread.</summary>
    internal void GoOn()
    {
        _wasHalted = true;
        _goesOn.TrySetResult();
        Wake();
    }

    private void Wake() => _messages.Writer.TryWrite(new Ticked(clock.GetLocalNow()));

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
                case Leave or BeginJob:
                    (_isOver, WantsJob) = (true, effect is BeginJob);
                    break;
                case Repaint:
                    _painter.Forget();
                    break;
                case RunShell:
                    await AwayAsync(shell);
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

    private async Task ObeySignalsAsync()
    {
        if (_isOver) return;
        if (_mustHalt)
        {
            _mustHalt = false;
            var goesOn = _goesOn = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            await AwayAsync(() =>
            {
                halt();
                // The signal stops the process a moment later; until it is continued, the terminal is not ours.
                return goesOn.Task;
            });
            _wasHalted = false;
        }

        if (!_wasHalted) return;
        _wasHalted = false;
        terminal.Enter();
        _painter.Forget();
    }

    // Screen and keyboard belong to somebody else for a while.
    private async Task AwayAsync(Func<Task> meanwhile)
    {
        _mayRead.Reset();
        _isAway.Wait();
        terminal.Leave();
        try
        {
            await meanwhile();
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
        try
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
                // A line was hung up.
                if (count < 0) return;
                foreach (var key in count > 0 ? decoder.Take(buffer.AsSpan(0, count)) : decoder.Flush()) _messages.Writer.TryWrite(new KeyPressed(key));
                if (terminal.Size is var now && now != size) _messages.Writer.TryWrite(new Resized(size = now));
                if (clock.GetElapsedTime(ticked) < TickEvery) continue;
                ticked = clock.GetTimestamp();
                _messages.Writer.TryWrite(new Ticked(clock.GetLocalNow()));
            }
        }
        finally
        {
            // Nobody reads any more: whoever waits for that need not.
            _isAway.Set();
        }
    }
}
