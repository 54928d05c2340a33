// A terminal of a test: keys are given to it, and it notes what is done to it.
using System.Collections.Concurrent;
using BootConsole.Appliance.Terminal;

namespace BootConsole.Appliance.Tests.Workbenches;

/// <summary>Notes "enter", "leave" and each picture, in order.</summary>
internal sealed class FakeTerminal : ITerminal
{
    private readonly BlockingCollection<byte[]> _keys = [];
    private readonly ConcurrentQueue<string> _notes = new();
    private volatile Exception? _failure;
    private long _size = Packed(new TerminalSize(80, 25));

    public TerminalSize Size
    {
        get => Interlocked.Read(ref _size) is var size ? new TerminalSize((int)(size >> 32), (int)(size & int.MaxValue)) : default;
        set => Interlocked.Exchange(ref _size, Packed(value));
    }

    /// <summary>What was done to it, oldest first.</summary>
    internal IReadOnlyList<string> Notes => [.. _notes];

    /// <summary>The pictures among the notes.</summary>
    internal IReadOnlyList<string> Pictures => [.. _notes.Where(note => note is not ("enter" or "leave"))];

    /// <summary>True when it was given back, and nothing was painted afterwards.</summary>
    internal bool IsGivenBack => _notes.LastOrDefault() == "leave";

    /// <summary>True once a read was asked for that found nothing to read.</summary>
    internal bool IsIdle { get; private set; }

    /// <summary>Holds every picture up while it is reset, as a slow line does.</summary>
    internal ManualResetEventSlim MayWrite { get; } = new(true);

    public void Enter() => _notes.Enqueue("enter");

    public void Leave() => _notes.Enqueue("leave");

    public int Read(Span<byte> buffer, TimeSpan wait)
    {
        if (_failure is { } failure) throw failure;
        if (_keys.IsCompleted) return -1;
        if (!_keys.TryTake(out var bytes, wait))
        {
            IsIdle = true;
            return 0;
        }

        bytes.CopyTo(buffer);
        return bytes.Length;
    }

    public bool Write(string text)
    {
        _notes.Enqueue(text);
        MayWrite.Wait();
        return !_keys.IsCompleted;
    }

    /// <summary>Presses keys, as a keyboard sends them.</summary>
    internal void Press(string keys) => _keys.Add(System.Text.Encoding.UTF8.GetBytes(keys));

    /// <summary>Hangs the line up.</summary>
    internal void HangUp() => _keys.CompleteAdding();

    /// <summary>Makes every read fail.</summary>
    internal void Break(Exception failure) => _failure = failure;

    private static long Packed(TerminalSize size) => ((long)size.Columns << 32) | (uint)size.Rows;
}
