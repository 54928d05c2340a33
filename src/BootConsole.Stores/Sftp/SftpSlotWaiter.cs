// Waiting for a place in the window of a lane.
using System.Threading.Tasks.Sources;

namespace BootConsole.Stores.Sftp;

/// <summary>One waiting caller. It is used again and again by its owner, one wait at a time, so that waiting costs no allocation.</summary>
internal sealed class SftpSlotWaiter(SftpLanes lanes, SftpFile file) : IValueTaskSource<SftpSlot>
{
    private ManualResetValueTaskSourceCore<SftpSlot> _core = new() { RunContinuationsAsynchronously = true };
    private CancellationTokenRegistration _registration;

    /// <summary>The file whose next block waits; only lanes that have it open will do.</summary>
    internal SftpFile File { get; } = file;

    /// <summary>Takes a slot, or waits for one in the order of asking.</summary>
    /// <exception cref="Core.TransportFault">The connection has ended.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    internal ValueTask<SftpSlot> TakeAsync(CancellationToken cancel)
    {
        cancel.ThrowIfCancellationRequested();
        _core.Reset();
        if (lanes.TryTakeOrWait(this) is { } slot) return new ValueTask<SftpSlot>(slot);
        _registration = cancel.UnsafeRegister(static (waiter, token) => ((SftpSlotWaiter)waiter!).Cancel(token), this);
        return new ValueTask<SftpSlot>(this, _core.Version);
    }

    /// <summary>Ends the wait with a slot. Called once for a wait, by whoever took the waiter out of the queue.</summary>
    internal void Give(SftpSlot slot) => _core.SetResult(slot);

    /// <summary>Ends the wait with a fault.</summary>
    internal void Fail(Exception fault) => _core.SetException(fault);

    /// <inheritdoc/>
    public SftpSlot GetResult(short token)
    {
        // Waits for a cancellation that is running right now: it must not meet the next wait.
        _registration.Dispose();
        _registration = default;
        return _core.GetResult(token);
    }

    /// <inheritdoc/>
    public ValueTaskSourceStatus GetStatus(short token) => _core.GetStatus(token);

    /// <inheritdoc/>
    public void OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _core.OnCompleted(continuation, state, token, flags);

    private void Cancel(CancellationToken token)
    {
        if (lanes.StopWaiting(this)) _core.SetException(new OperationCanceledException(token));
    }
}
