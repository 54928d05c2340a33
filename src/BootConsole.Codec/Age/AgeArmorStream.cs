// The ASCII armor that an age file may come in: read strictly.
using BootConsole.Core;

namespace BootConsole.Codec;

/// <summary>
/// Gives the bytes inside the armor (age-encryption.org/v1, "ASCII armor"; RFC 7468, figure 3): lines of 64 characters, a shorter or full last one, canonical padded base64. Lines end with LF or
/// CRLF; blanks may stand before and after. Anything else is a <see cref="CorruptFault"/> with <see cref="EncryptedPart.Armor"/>.
/// </summary>
public sealed class AgeArmorStream(Stream armored) : Stream
{
    private const int Columns = 64, MostBlanks = 1024;
    private readonly byte[] _buffer = new byte[4096];
    private readonly byte[] _line = new byte[Columns];
    private readonly byte[] _decoded = new byte[Columns / 4 * 3];
    private int _bufferStart, _bufferEnd, _decodedStart, _decodedEnd;
    private bool _isStarted, _isLastLine, _isEnd;

    private static ReadOnlySpan<byte> Begin => "-----BEGIN AGE ENCRYPTED FILE-----"u8;

    private static ReadOnlySpan<byte> End => "-----END AGE ENCRYPTED FILE-----"u8;

    /// <inheritdoc/>
    public override bool CanRead => true;

    /// <inheritdoc/>
    public override bool CanSeek => false;

    /// <inheritdoc/>
    public override bool CanWrite => false;

    /// <inheritdoc/>
    public override long Length => throw new NotSupportedException();

    /// <inheritdoc/>
    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <inheritdoc/>
    public override int Read(Span<byte> buffer)
    {
        if (_decodedStart == _decodedEnd && !_isEnd) DecodeLine();
        var count = Math.Min(buffer.Length, _decodedEnd - _decodedStart);
        _decoded.AsSpan(_decodedStart, count).CopyTo(buffer);
        _decodedStart += count;
        return count;
    }

    /// <inheritdoc/>
    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    /// <inheritdoc/>
    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => ValueTask.FromResult(Read(buffer.Span));

    /// <inheritdoc/>
    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) => Task.FromResult(Read(buffer, offset, count));

    /// <inheritdoc/>
    public override void Flush() { }

    /// <inheritdoc/>
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void SetLength(long value) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    private static CorruptFault Malformed(string how) => new("an armored file is damaged: " + how) { Part = EncryptedPart.Armor };

    private void DecodeLine()
    {
        if (!_isStarted)
        {
            SkipBlanks(MostBlanks);
            if (!ReadLine().SequenceEqual(Begin)) throw Malformed("it does not begin with the line of an age file");
            _isStarted = true;
        }

        var line = ReadLine();
        if (line.SequenceEqual(End))
        {
            SkipBlanks(int.MaxValue);
            if (Peek() >= 0) throw Malformed("something follows its last line");
            _isEnd = true;
            return;
        }

        if (_isLastLine || line.IsEmpty || line.Length % 4 != 0) throw Malformed("a line has a wrong length");
        _isLastLine = line.Length < Columns || line[^1] == (byte)'=';
        var text = line.EndsWith("=="u8) ? line[..^2] : line.EndsWith("="u8) ? line[..^1] : line;
        _decodedStart = 0;
        _decodedEnd = AgeBase64.DecodedBytes(text.Length);
        if (!AgeBase64.TryDecode(text, _decoded.AsSpan(0, _decodedEnd))) throw Malformed("a line is not canonical base64");
    }

    // The last line may end with the file.
    private ReadOnlySpan<byte> ReadLine()
    {
        var length = 0;
        while (Next() is var character && character != '\n' && character >= 0)
        {
            if (character == '\r' && Peek() == '\n') continue;
            if (length == Columns) throw Malformed("a line is too long");
            _line[length++] = (byte)character;
        }

        return _line.AsSpan(0, length);
    }

    private void SkipBlanks(int most)
    {
        for (; most > 0 && Peek() is ' ' or '\t' or '\r' or '\n'; most--) Next();
    }

    private int Next()
    {
        var character = Peek();
        if (character >= 0) _bufferStart++;
        return character;
    }

    private int Peek()
    {
        if (_bufferStart == _bufferEnd)
        {
            _bufferStart = 0;
            _bufferEnd = armored.Read(_buffer);
        }

        return _bufferStart < _bufferEnd ? _buffer[_bufferStart] : -1;
    }
}
