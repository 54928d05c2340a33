// One direction of a pipe in memory, with blocking reads as an operating system's pipe has.
namespace BootConsole.Stores.Tests.Sftp;

internal sealed class MemoryPipe : Stream
{
    private readonly object _gate = new();
    private readonly Queue<byte[]> _pieces = new();
    private int _taken;
    private bool _isEnded;

    public override bool CanRead => true;

    public override bool CanWrite => true;

    public override bool CanSeek => false;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    internal void End()
    {
        lock (_gate)
        {
            _isEnded = true;
            Monitor.PulseAll(_gate);
        }
    }

    public override int Read(byte[] buffer, int offset, int count)
    {
        lock (_gate)
        {
            while (_pieces.Count == 0 && !_isEnded) Monitor.Wait(_gate);
            if (!_pieces.TryPeek(out var piece)) return 0;
            var length = Math.Min(count, piece.Length - _taken);
            Buffer.BlockCopy(piece, _taken, buffer, offset, length);
            _taken += length;
            if (_taken == piece.Length)
            {
                _pieces.Dequeue();
                _taken = 0;
            }

            return length;
        }
    }

    public override void Write(byte[] buffer, int offset, int count)
    {
        lock (_gate)
        {
            if (_isEnded) throw new IOException("Broken pipe");
            if (count > 0) _pieces.Enqueue(buffer[offset..(offset + count)]);
            Monitor.PulseAll(_gate);
        }
    }

    public override void Flush() { }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();
}
