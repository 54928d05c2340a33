// One call to read a piece of a file: its blocks, asked for as the window allows and put where they belong as they come.
namespace BootConsole.Stores.Sftp;

/// <summary>A read under way. A cancelled one never touches its buffer again, though answers may still come.</summary>
internal sealed class SftpReadCall(SftpLanes lanes, SftpFile file, long offset, Memory<byte> buffer) : ISftpSlotUser
{
    private readonly object _gate = new();
    private readonly TaskCompletionSource _allAnswered = new(TaskCreationOptions.RunContinuationsAsynchronously);
    // One more than the blocks under way while blocks are still being asked for.
    private int _open = 1;
    private bool _isAbandoned;
    private long _endOfFile = long.MaxValue;
    private (SftpCode Code, long Offset) _refusal = (SftpCode.Ok, long.MaxValue);
    private SftpEnd? _end;

    /// <summary>Reads until the buffer is full or the file ends.</summary>
    /// <returns>Bytes read, or the earliest refusal and its position.</returns>
    /// <exception cref="Core.TransportFault">The connection has ended.</exception>
    /// <exception cref="OperationCanceledException">Cancelled; the buffer is left alone from now on.</exception>
    internal async Task<(int Read, SftpCode Code, long FailedAt)> RunAsync(CancellationToken cancel)
    {
        try
        {
            await AskAsync(cancel);
            CountAnswer();
            await _allAnswered.Task.WaitAsync(cancel);
        }
        catch
        {
            lock (_gate) _isAbandoned = true;
            throw;
        }

        if (_end is not null) throw _end.ToFault();
        var read = (int)Math.Min(buffer.Length, _endOfFile - offset);
        return (read, _refusal.Code, _refusal.Offset);
    }

    /// <inheritdoc/>
    public void Answer(SftpSlot slot, SftpPacketType type, SftpPacketReader body)
    {
        if (type == SftpPacketType.Data)
        {
            TakeData(slot, body.TakeBytes());
            return;
        }

        if (type != SftpPacketType.Status) throw new SftpBrokenException($"an answer of type {(byte)type} to a READ");
        TakeCode(slot, SftpStatus.Take(ref body));
    }

    /// <inheritdoc/>
    public void End(SftpSlot slot, SftpEnd end)
    {
        lock (_gate) _end = end;
        slot.ReleaseUnused();
        CountAnswer();
    }

    private async Task AskAsync(CancellationToken cancel)
    {
        var waiter = new SftpSlotWaiter(lanes, file);
        for (var done = 0; done < buffer.Length;)
        {
            var slot = await waiter.TakeAsync(cancel);
            (slot.User, slot.Offset, slot.Length) = (this, offset + done, Math.Min(lanes.ReadBlockBytes, buffer.Length - done));
            done += slot.Length;
            lock (_gate) _open++;
            slot.SendRead();
        }
    }

    private void TakeData(SftpSlot slot, ReadOnlySpan<byte> data)
    {
        // Nothing at all would make this go on for ever; an end of file has a code of its own.
        if (data.IsEmpty || data.Length > slot.Length) throw new SftpBrokenException($"{data.Length} bytes where 1 to {slot.Length} were asked for");
        bool wantsRest;
        lock (_gate)
        {
            if (!_isAbandoned) data.CopyTo(buffer.Span[(int)(slot.Offset - offset)..]);
            wantsRest = data.Length < slot.Length && !_isAbandoned;
        }

        if (wantsRest)
        {
            slot.Offset += data.Length;
            slot.Length -= data.Length;
            slot.SendRead();
            return;
        }

        slot.Release();
        CountAnswer();
    }

    private void TakeCode(SftpSlot slot, SftpCode code)
    {
        if (code == SftpCode.Ok) throw new SftpBrokenException("a plain OK where data belongs");
        lock (_gate)
        {
            if (code == SftpCode.EndOfFile) _endOfFile = Math.Min(_endOfFile, slot.Offset);
            else if (slot.Offset < _refusal.Offset) _refusal = (code, slot.Offset);
        }

        slot.Release();
        CountAnswer();
    }

    private void CountAnswer()
    {
        lock (_gate)
        {
            if (--_open > 0) return;
        }

        _allAnswered.TrySetResult();
    }
}
