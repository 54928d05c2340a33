// The channels of one connection: who sends where, how much at once, and when another channel is worth opening.
using BootConsole.Core;

namespace BootConsole.Stores.Sftp;

/// <summary>
/// All lanes of a connection. It starts with one and grows only while a full window comes back about as fast as a single packet would, that is while the
/// window and not the line is the limit: on a LAN one lane is enough, at 50 ms one carries 36 MB/s and eight as many times that.
/// </summary>
internal sealed class SftpLanes : IAsyncDisposable
{
    /// <summary>sshd's default MaxSessions is 10.</summary>
    private const int MostLanes = 8;

    /// <summary>The rate to reach: about what a two-core PC compresses. A lane carries a window in a round trip, of which about four fifths are measured to arrive.</summary>
    private const double TargetBytesPerSecond = 320e6, LaneEfficiency = 0.8;

    private static readonly TimeSpan NearbyRoundTrip = TimeSpan.FromMilliseconds(2);
    private readonly object _gate = new();
    private readonly ISftpLink _link;
    private readonly SftpAbilities _abilities;
    private readonly List<SftpLane> _lanes = [];
    private readonly List<SftpSlotWaiter> _waiters = [];
    private readonly CancellationTokenSource _closing = new();
    private Task? _growing;
    private SftpWay[] _ways = [SftpWay.Shared, SftpWay.Separate];
    private int _tightAnswers;
    private bool _isDisposed;
    private SftpEnd? _end;

    internal SftpLanes(ISftpLink link, SftpChannel first, SftpAbilities abilities)
    {
        (_link, _abilities) = (link, abilities);
        Add(first);
    }

    /// <summary>Bytes of a block that is written.</summary>
    internal int WriteBlockBytes => _abilities.WriteBytes;

    /// <summary>Bytes of a block that is read.</summary>
    internal int ReadBlockBytes => _abilities.ReadBytes;

    /// <summary>Lanes that are open now.</summary>
    internal int Count => Locked(() => _lanes.Count);

    /// <summary>Opens a channel over a link.</summary>
    /// <exception cref="TransportFault">It cannot be opened.</exception>
    internal static Task<SftpChannel> OpenChannelAsync(ISftpLink link, SftpWay way, CancellationToken cancel) =>
        SftpChannel.OpenAsync(link.OpenPipe(way), link.Description, link.OpeningLimit, cancel);

    /// <summary>Closes a link that did not become a store, with the channel that was opened on it.</summary>
    internal static async ValueTask CloseAsync(ISftpLink link, SftpChannel? channel)
    {
        if (channel is not null) await channel.DisposeAsync();
        await link.DisposeAsync();
    }

    /// <summary>Chooses the lane for a small request: the least busy one, and none that is flushing if that can be helped.</summary>
    /// <exception cref="TransportFault">The connection has ended.</exception>
    internal async ValueTask<SftpLane> PickAsync(CancellationToken cancel)
    {
        // Every operation starts here. A near server may have answered before anybody looks at a cancel.
        cancel.ThrowIfCancellationRequested();
        Task? growing;
        lock (_gate)
        {
            if (_end is not null) throw _end.ToFault();
            if (LeastBusy(lane => lane.Flushes == 0) is { } idle) return idle;
            Grow(1);
            growing = _growing;
        }

        if (growing is not null) await growing.WaitAsync(cancel);
        lock (_gate)
        {
            if (_end is not null) throw _end.ToFault();
            return LeastBusy(lane => lane.Flushes == 0) ?? LeastBusy(_ => true)!;
        }
    }

    /// <summary>Runs a flush with its lane marked, so that other work goes elsewhere meanwhile; opens another lane when this is the only one.</summary>
    internal async Task<T> FlushingAsync<T>(SftpLane lane, Func<Task<T>> flush)
    {
        lock (_gate)
        {
            lane.Flushes++;
            if (_lanes.All(other => other.Flushes > 0)) Grow(1);
        }

        try
        {
            return await flush();
        }
        finally
        {
            lock (_gate)
            {
                lane.Flushes--;
                ServeWaiters();
            }
        }
    }

    /// <summary>Takes a slot for the waiter's file; when there is none now, the waiter is queued and null comes back.</summary>
    internal SftpSlot? TryTakeOrWait(SftpSlotWaiter waiter)
    {
        lock (_gate)
        {
            if (_end is not null) throw _end.ToFault();
            if (_waiters.Count == 0 && TryTake(waiter.File, hasWaited: false) is { } slot) return slot;
            _waiters.Add(waiter);
            ServeWaiters();
            return null;
        }
    }

    /// <summary>Takes a waiter out of the queue.</summary>
    /// <returns>False when it has been served already.</returns>
    internal bool StopWaiting(SftpSlotWaiter waiter) => Locked(() => _waiters.Remove(waiter));

    /// <summary>Takes a slot back.</summary>
    /// <param name="slot">The slot.</param>
    /// <param name="answerTime">How long its block took; null when none went out.</param>
    internal void Release(SftpSlot slot, TimeSpan? answerTime)
    {
        lock (_gate)
        {
            slot.User = null;
            slot.Lane.UnderWay--;
            slot.Lane.FreeSlots.Push(slot);
            if (answerTime is { } time)
            {
                slot.Lane.AdaptWindow(time);
                ConsiderGrowing(slot.Lane, time);
            }

            ServeWaiters();
        }
    }

    /// <summary>Records that a file is open on one more lane, unless it is being closed.</summary>
    internal bool TryOpen(SftpFile file, Func<bool> tryRecord)
    {
        lock (_gate)
        {
            if (!tryRecord()) return false;
            if (_waiters.Exists(waiter => waiter.File == file)) ServeWaiters();
            return true;
        }
    }

    /// <summary>Runs a short piece of code under the lock.</summary>
    internal T Locked<T>(Func<T> work)
    {
        lock (_gate) return work();
    }

    /// <summary>Closes all channels and the link.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _isDisposed, true)) return;
        await _closing.CancelAsync();
        EndWith(SftpEnd.Closed, isOrderly: true);
        if (Locked(() => _growing) is { } growing) await growing;
        await Task.WhenAll(Locked(() => _lanes.ToArray()).Select(lane => lane.Channel.DisposeAsync().AsTask()));
        await _link.DisposeAsync();
        _closing.Dispose();
    }

    private SftpLane? LeastBusy(Func<SftpLane, bool> isFit) => _lanes.Where(isFit).MinBy(lane => lane.UnderWay);

    private SftpSlot? TryTake(SftpFile file, bool hasWaited)
    {
        SftpLane? best = null;
        foreach (var lane in _lanes)
            if (lane.HasRoom(hasWaited) && file.HandleOn(lane) is not null && lane.UnderWay < (best?.UnderWay ?? int.MaxValue)) best = lane;
        if (best is null) return null;
        best.UnderWay++;
        file.Issue(_abilities.WriteBytes, _lanes);
        var slot = best.FreeSlots.TryPop(out var free) ? free : new SftpSlot(this, best);
        slot.Handle = file.HandleOn(best)!;
        return slot;
    }

    // In the order of asking; a waiter whose lanes are full does not hold up those behind it.
    private void ServeWaiters()
    {
        for (var index = 0; index < _waiters.Count;)
        {
            var waiter = _waiters[index];
            if (TryTake(waiter.File, hasWaited: true) is { } slot)
            {
                _waiters.RemoveAt(index);
                waiter.Give(slot);
            }
            else
            {
                index++;
            }
        }
    }

    // Somebody waits for room and yet the answers come back almost as quickly as they can: the window is too small for the way, not the line too slow for it.
    private void ConsiderGrowing(SftpLane lane, TimeSpan answerTime)
    {
        var roundTrip = lane.Channel.RoundTrip;
        var isTight = _waiters.Count > 0 && roundTrip > NearbyRoundTrip && answerTime < (roundTrip * 1.5) + TimeSpan.FromMilliseconds(1);
        _tightAnswers = isTight ? _tightAnswers + 1 : 0;
        if (_tightAnswers < lane.Window) return;
        var needed = (int)Math.Ceiling(roundTrip.TotalSeconds * TargetBytesPerSecond / (SftpLane.WindowBytes * LaneEfficiency));
        Grow(Math.Min(_lanes.Count, needed - _lanes.Count));
    }

    private void Grow(int count)
    {
        count = Math.Min(count, MostLanes - _lanes.Count);
        if (count <= 0 || _ways.Length == 0 || _growing is not null || _end is not null) return;
        _tightAnswers = 0;
        // Not started inline: opening a pipe starts a program, and the lock is held here.
        _growing = Task.Run(() => GrowAsync(count));
    }

    private async Task GrowAsync(int count)
    {
        await Task.WhenAll(Enumerable.Range(0, count).Select(_ => AddOneAsync()));
        lock (_gate)
        {
            _growing = null;
            ServeWaiters();
        }
    }

    private async Task AddOneAsync()
    {
        foreach (var way in Locked(() => _ways))
        {
            try
            {
                Add(await OpenChannelAsync(_link, way, _closing.Token));
                return;
            }
            catch (OperationCanceledException)
            {
                return;
            }
            catch (Fault)
            {
                // This way is closed from now on: the server allows so many sessions, or so many connections, and no more.
                Locked(() => _ways = [.. _ways.Where(other => other != way)]);
            }
        }
    }

    private void Add(SftpChannel channel)
    {
        var lane = new SftpLane(channel, Math.Max(1, SftpLane.WindowBytes / Math.Max(_abilities.ReadBytes, _abilities.WriteBytes)));
        Locked(() => { _lanes.Add(lane); return true; });
        _ = WatchAsync(channel);
    }

    private async Task WatchAsync(SftpChannel channel) => EndWith(await channel.Ended, isOrderly: false);

    private void EndWith(SftpEnd end, bool isOrderly)
    {
        SftpSlotWaiter[] waiters;
        SftpLane[] lanes;
        lock (_gate)
        {
            if (_end is not null) return;
            _end = end;
            (waiters, lanes) = ([.. _waiters], [.. _lanes]);
            _waiters.Clear();
        }

        foreach (var waiter in waiters) waiter.Fail(end.ToFault());
        if (isOrderly) return;
        // One channel's end is the connection's: half of a connection is worth nothing, and the cause is the same for all.
        foreach (var lane in lanes) lane.Channel.Break(end);
    }
}
