// An open file on a server, read in blocks that are under way on all lanes at once.
namespace BootConsole.Stores.Sftp;

/// <summary>Reads a file. Calls that run at once share the lanes in the order of their blocks.</summary>
internal sealed class SftpReader(SftpLanes lanes, SftpFile file, long length, Func<SftpCode, long, Task<Exception>> explain) : IStoreReader
{
    private bool _isClosed;

    /// <inheritdoc/>
    public long Length { get; } = length;

    /// <inheritdoc/>
    public async ValueTask<int> ReadAsync(long offset, Memory<byte> buffer, CancellationToken cancel)
    {
        // An answer may be here before the caller's cancel is looked at.
        cancel.ThrowIfCancellationRequested();
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        if (_isClosed) throw new InvalidOperationException("the file is closed");
        // Not past the length at opening: asking for what is not there would cost a round trip to hear so.
        var count = (int)Math.Clamp(Length - offset, 0, buffer.Length);
        if (count == 0) return 0;
        var call = new SftpReadCall(lanes, file, offset, buffer[..count]);
        var (read, code, failedAt) = await call.RunAsync(cancel);
        return code == SftpCode.Ok ? read : throw await explain(code, failedAt);
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        if (!_isClosed) file.CloseSoon();
        _isClosed = true;
        return ValueTask.CompletedTask;
    }
}
