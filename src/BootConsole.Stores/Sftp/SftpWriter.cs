// A new file on a server, written in blocks that are under way on all lanes at once.
namespace BootConsole.Stores.Sftp;

/// <summary>Copies what is appended into blocks and sends each as soon as it is full. Answers are only counted; what matters is that none is missing at the end.</summary>
internal sealed class SftpWriter : IStoreWriter, ISftpSlotUser
{
    private readonly SftpLanes _lanes;
    private readonly SftpFile _file;
    private readonly bool _flushes;
    private readonly Func<SftpCode, long, Task<Exception>> _explain;
    private readonly SftpSlotWaiter _waiter;
    private readonly object _gate = new();
    private SftpSlot? _slot;
    private int _filledBytes;
    private bool _isClosed;

    // Under the gate: shared with the receiving threads.
    private int _underWay;
    private (SftpCode Code, long Offset)? _refusal;
    private SftpEnd? _end;
    private TaskCompletionSource? _allAnswered;

    /// <param name="lanes">The connection.</param>
    /// <param name="file">The file, just created.</param>
    /// <param name="flushes">True when the server has fsync.</param>
    /// <param name="explain">Makes the fault for a refused request at a position.</param>
    internal SftpWriter(SftpLanes lanes, SftpFile file, bool flushes, Func<SftpCode, long, Task<Exception>> explain)
    {
        (_lanes, _file, _flushes, _explain) = (lanes, file, flushes, explain);
        _waiter = new SftpSlotWaiter(lanes, file);
    }

    /// <inheritdoc/>
    public long Length { get; private set; }

    /// <inheritdoc/>
    public async ValueTask AppendAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancel)
    {
        RequireOpen();
        while (!bytes.IsEmpty)
        {
            if (_slot is null) await TakeSlotAsync(cancel);
            var count = Math.Min(_lanes.WriteBlockBytes - _filledBytes, bytes.Length);
            bytes.Span[..count].CopyTo(_slot!.Data(_lanes.WriteBlockBytes)[_filledBytes..]);
            bytes = bytes[count..];
            _filledBytes += count;
            Length += count;
            if (_filledBytes == _lanes.WriteBlockBytes) SendBlock();
        }
    }

    /// <inheritdoc/>
    public async Task FinishAsync(CancellationToken cancel)
    {
        RequireOpen();
        if (_slot is not null) SendBlock();
        await AllAnsweredAsync(cancel);
        _isClosed = true;
        await RequireOkAsync(await _file.CloseElsewhereAsync().WaitAsync(cancel));
        var home = _file.Home.Channel;
        if (_flushes)
        {
            var flushed = await _lanes.FlushingAsync(_file.Home, () => home.FsyncAsync(_file.HomeHandle).WaitAsync(cancel));
            await RequireOkAsync(flushed.Code);
        }

        await RequireOkAsync((await home.CloseAsync(_file.HomeHandle).WaitAsync(cancel)).Code);
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        _slot?.ReleaseUnused();
        _slot = null;
        if (!_isClosed) _file.CloseSoon();
        _isClosed = true;
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public void Answer(SftpSlot slot, SftpPacketType type, SftpPacketReader body)
    {
        if (type != SftpPacketType.Status) throw new SftpBrokenException($"an answer of type {(byte)type} to a WRITE");
        var code = SftpStatus.Take(ref body);
        lock (_gate)
        {
            // The earliest position: with several lanes the answers come in any order.
            if (code != SftpCode.Ok && slot.Offset < (_refusal?.Offset ?? long.MaxValue)) _refusal = (code, slot.Offset);
            CountAnswer();
        }

        slot.Release();
    }

    /// <inheritdoc/>
    public void End(SftpSlot slot, SftpEnd end)
    {
        lock (_gate)
        {
            _end = end;
            CountAnswer();
        }

        slot.ReleaseUnused();
    }

    private async ValueTask TakeSlotAsync(CancellationToken cancel)
    {
        bool hasFailed;
        lock (_gate) hasFailed = _refusal is not null || _end is not null;
        if (hasFailed) await AllAnsweredAsync(cancel);
        try
        {
            _slot = await _waiter.TakeAsync(cancel);
        }
        catch (OperationCanceledException)
        {
            // Part of the bytes may be in the file: nothing can be appended to it any more.
            await DisposeAsync();
            throw;
        }

        _filledBytes = 0;
        (_slot.User, _slot.Offset) = (this, Length);
    }

    private void SendBlock()
    {
        var slot = _slot!;
        (_slot, slot.Length) = (null, _filledBytes);
        lock (_gate) _underWay++;
        slot.SendWrite();
    }

    private void CountAnswer()
    {
        _underWay--;
        if (_underWay == 0) _allAnswered?.TrySetResult();
    }

    /// <summary>Waits for all answers and throws for the earliest refusal.</summary>
    private async Task AllAnsweredAsync(CancellationToken cancel)
    {
        Task? wait = null;
        lock (_gate)
        {
            if (_underWay > 0)
            {
                _allAnswered = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                wait = _allAnswered.Task;
            }
        }

        if (wait is not null) await wait.WaitAsync(cancel);
        if (_end is not null) throw _end.ToFault();
        if (_refusal is { } refusal) throw await _explain(refusal.Code, refusal.Offset);
    }

    private async Task RequireOkAsync(SftpCode code)
    {
        // A refused flush or close is about bytes that were taken before: the position is not known.
        if (code != SftpCode.Ok) throw await _explain(code, Length);
    }

    private void RequireOpen()
    {
        if (_isClosed) throw new InvalidOperationException("the file is closed");
    }
}
