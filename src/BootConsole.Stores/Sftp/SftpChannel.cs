// One SFTP channel: requests out, answers in, matched by their id.
using System.Diagnostics;

namespace BootConsole.Stores.Sftp;

/// <summary>
/// A channel to one sftp-server process. A thread sends and a thread receives: both spend their lives in blocking system calls, where a thread is the cheapest
/// thing there is. The first thing that goes wrong ends the channel and everything that waits on it.
/// </summary>
internal sealed class SftpChannel : IAsyncDisposable
{
    private static readonly TimeSpan ThreadsLimit = TimeSpan.FromSeconds(2);
    private readonly ISftpPipe _pipe;
    private readonly string _description;
    private readonly object _gate = new();
    private readonly Queue<SftpPacket> _outgoing = new();
    private readonly Dictionary<uint, ISftpAnswerTaker> _waiting = [];
    private readonly TaskCompletionSource<SftpExtensions> _version = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _sendingEnded = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _receivingEnded = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource<SftpEnd> _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private SftpEnd? _end;
    private uint _nextId;
    private long _roundTripTicks = long.MaxValue;

    private SftpChannel(ISftpPipe pipe, string description)
    {
        (_pipe, _description) = (pipe, description);
        StartThread("sftp send", new SftpSender(pipe.Input, TakeOutgoing).Run, () => _sendingEnded.SetResult());
        StartThread("sftp receive", Receive, () => _receivingEnded.SetResult());
    }

    /// <summary>Ends when the channel has ended, with the reason.</summary>
    internal Task<SftpEnd> Ended => _ended.Task;

    /// <summary>The extensions that the server named.</summary>
    internal SftpExtensions Extensions { get; private set; }

    /// <summary>The shortest time that a small question and its answer have taken.</summary>
    internal TimeSpan RoundTrip => Stopwatch.GetElapsedTime(0, Interlocked.Read(ref _roundTripTicks));

    /// <summary>Opens a channel over a pipe and waits for the server's greeting.</summary>
    /// <exception cref="Core.TransportFault">The server cannot be reached, refuses, or is no SFTP server.</exception>
    internal static async Task<SftpChannel> OpenAsync(ISftpPipe pipe, string description, TimeSpan limit, CancellationToken cancel)
    {
        var channel = new SftpChannel(pipe, description);
        try
        {
            channel.Extensions = await channel._version.Task.WaitAsync(limit, cancel);
            return channel;
        }
        catch (TimeoutException)
        {
            var late = new SftpEnd($"the server did not answer within {limit.TotalSeconds:0} seconds", MayPass: true);
            channel.Break(late);
            await channel.DisposeAsync();
            throw late.ToFault();
        }
        catch
        {
            channel.Break(SftpEnd.Closed);
            await channel.DisposeAsync();
            throw;
        }
    }

    /// <summary>Sends a request; its answer goes to <paramref name="taker"/>. Never waits.</summary>
    internal void Send(SftpPacket packet, ISftpAnswerTaker taker)
    {
        lock (_gate)
        {
            if (_end is null)
            {
                // Ids only have to differ from those that are under way; after four billion they start again.
                var id = unchecked(_nextId++);
                packet.Seal(id);
                _waiting.Add(id, taker);
                _outgoing.Enqueue(packet);
                Monitor.PulseAll(_gate);
                return;
            }
        }

        packet.Release();
        taker.End(_end);
    }

    /// <summary>Sends a small request and gives the task of its answer.</summary>
    internal Task<SftpAnswer<T>> CallAsync<T>(SftpPacket packet, SftpPacketType expected, SftpParser<T> parse)
    {
        var call = new SftpCall<T>(expected, parse, this);
        Send(packet, call);
        return call.Task;
    }

    /// <summary>Remembers how long a small question took.</summary>
    internal void NoteRoundTrip(TimeSpan time)
    {
        var ticks = (long)(time.TotalSeconds * Stopwatch.Frequency);
        var known = Interlocked.Read(ref _roundTripTicks);
        if (ticks < known) Interlocked.CompareExchange(ref _roundTripTicks, ticks, known);
    }

    /// <summary>Ends the channel at once: everything that waits is told <paramref name="end"/>.</summary>
    internal void Break(SftpEnd end)
    {
        EndWith(end);
        _pipe.Kill();
    }

    /// <summary>Closes the pipe, so that the server's process ends, and waits for the threads.</summary>
    public async ValueTask DisposeAsync()
    {
        bool isBusy;
        lock (_gate) isBusy = _waiting.Count > 0;
        EndWith(SftpEnd.Closed);
        // With requests under way nothing orderly is left to wait for: the sending thread may be stuck on a full pipe.
        if (isBusy) _pipe.Kill();
        await _pipe.DisposeAsync();
        // A pipe can outlive its program for a moment (the master holds a copy); the threads are background ones and end with it.
        await Task.WhenAll(_sendingEnded.Task, _receivingEnded.Task).WaitAsync(ThreadsLimit).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private static void StartThread(string name, Action run, Action ended) => new Thread(() =>
    {
        run();
        ended();
    }, maxStackSize: 256 << 10)
    { Name = name, IsBackground = true }.Start();

    private bool TakeOutgoing(List<SftpPacket> batch)
    {
        lock (_gate)
        {
            while (_outgoing.Count == 0 && _end is null) Monitor.Wait(_gate);
            while (_outgoing.TryDequeue(out var packet)) batch.Add(packet);
            return _end is null;
        }
    }

    private void Receive()
    {
        try
        {
            new SftpReceiver(_pipe.Output, TakeVersion, TakeAnswer).Run();
            EndWith(_pipe.ExplainEnd());
        }
        catch (SftpBrokenException broken)
        {
            Break(SftpEnd.Broken(broken));
        }
        catch (SftpNoiseException noise)
        {
            Break(noise.End);
        }
        catch (Exception cause) when (cause is IOException or ObjectDisposedException)
        {
            EndWith(_pipe.ExplainEnd());
        }
    }

    private void TakeVersion(SftpPacketReader packet) => _version.TrySetResult(SftpVersion.Take(ref packet));

    private void TakeAnswer(SftpPacketType type, uint id, SftpPacketReader body)
    {
        ISftpAnswerTaker? taker;
        lock (_gate)
        {
            if (_end is not null) return;
            if (!_waiting.Remove(id, out taker)) throw new SftpBrokenException("an answer to a question that was not asked");
        }

        try
        {
            taker.Answer(type, body);
        }
        catch (SftpBrokenException broken)
        {
            taker.End(SftpEnd.Broken(broken));
            throw;
        }
    }

    private void EndWith(SftpEnd end)
    {
        end = end with { Which = _description };
        ISftpAnswerTaker[] waiting;
        lock (_gate)
        {
            if (_end is not null) return;
            _end = end;
            waiting = [.. _waiting.Values];
            _waiting.Clear();
            foreach (var packet in _outgoing) packet.Release();
            _outgoing.Clear();
            Monitor.PulseAll(_gate);
        }

        foreach (var taker in waiting) taker.End(end);
        _version.TrySetException(end.ToFault());
        _ended.SetResult(end);
    }
}
