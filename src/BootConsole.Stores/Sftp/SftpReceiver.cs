// The receiving half of a channel: bytes from the pipe, cut into packets of checked length.
using System.Buffers.Binary;
using System.Text;

namespace BootConsole.Stores.Sftp;

/// <summary>Takes one answer, on the receiving thread.</summary>
internal delegate void SftpAnswerHandler(SftpPacketType type, uint id, SftpPacketReader body);

/// <summary>Takes the server's greeting, on the receiving thread.</summary>
internal delegate void SftpVersionHandler(SftpPacketReader packet);

/// <summary>Something else than SFTP stands at the start of the stream.</summary>
internal sealed class SftpNoiseException(SftpEnd end) : Exception(end.What)
{
    internal SftpEnd End { get; } = end;
}

/// <summary>Reads a pipe to its end. Memory is one buffer, at most a packet of the longest kind and a read, whatever the server says.</summary>
internal sealed class SftpReceiver(Stream pipe, SftpVersionHandler takeVersion, SftpAnswerHandler takeAnswer)
{
    private const int LengthBytes = 4, ReadBytes = 64 << 10, FirstBytes = 16 << 10;
    private byte[] _buffer = new byte[FirstBytes + ReadBytes];
    private int _start;
    private int _end;
    private bool _isGreeted;

    /// <summary>Reads packets until the pipe ends.</summary>
    /// <exception cref="SftpBrokenException">The bytes are not SFTP.</exception>
    /// <exception cref="SftpNoiseException">A text came before the server's greeting.</exception>
    internal void Run()
    {
        while (Fill())
            while (TryTakePacket()) { }
        // A text shorter than a packet, such as nologin's, and then the end.
        if (!_isGreeted && _end > _start) throw Noise();
    }

    private bool Fill()
    {
        if (_start == _end) (_start, _end) = (0, 0);
        if (_buffer.Length - _end < ReadBytes) MakeRoom();
        var count = pipe.Read(_buffer, _end, _buffer.Length - _end);
        _end += count;
        return count > 0;
    }

    private void MakeRoom()
    {
        var kept = _end - _start;
        // What is kept is the start of one packet, whose length was checked: the buffer never grows beyond that and a read.
        var target = kept + ReadBytes > _buffer.Length ? new byte[LengthBytes + SftpLimits.PacketBytes + ReadBytes] : _buffer;
        Buffer.BlockCopy(_buffer, _start, target, 0, kept);
        (_buffer, _start, _end) = (target, 0, kept);
    }

    private bool TryTakePacket()
    {
        if (_end - _start < LengthBytes + 1) return false;
        var length = BinaryPrimitives.ReadUInt32BigEndian(_buffer.AsSpan(_start));
        var type = (SftpPacketType)_buffer[_start + LengthBytes];
        if (!_isGreeted && (length > SftpLimits.PacketBytes || type != SftpPacketType.Version)) throw Noise();
        if (length is 0 or > SftpLimits.PacketBytes) throw new SftpBrokenException($"a packet of {length} bytes");
        if (_end - _start < LengthBytes + (int)length) return false;
        var packet = new SftpPacketReader(_buffer.AsSpan(_start + LengthBytes + 1, (int)length - 1));
        _start += LengthBytes + (int)length;
        Take(type, packet);
        return true;
    }

    private void Take(SftpPacketType type, SftpPacketReader packet)
    {
        if (_isGreeted)
        {
            takeAnswer(type, packet.TakeUInt32(), packet);
            return;
        }

        _isGreeted = true;
        takeVersion(packet);
    }

    // The usual cause is an `echo` in the shell's start-up file on the server; the text says at once which one.
    private Exception Noise()
    {
        // Up to the first byte that no text has: behind the words the real greeting may have started.
        var bytes = _buffer.AsSpan(_start, Math.Min(_end - _start, 200));
        var length = bytes.IndexOfAnyInRange((byte)0, (byte)8);
        var text = Encoding.UTF8.GetString(length < 0 ? bytes : bytes[..length]);
        if (text.Length < 3 || text.Contains('\uFFFD', StringComparison.Ordinal)) return new SftpBrokenException("the first packet is no greeting");
        return new SftpNoiseException(new SftpEnd("the server's shell prints text where SFTP should start", MayPass: false)
        {
            Found = PlainWords.Of(text),
            Remedy = "Keep the login shell on the server quiet (.bashrc, .profile), or set 'Subsystem sftp internal-sftp' there, which needs no shell.",
        });
    }
}
