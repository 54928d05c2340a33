// A packet on its way out: bytes with room for the length and the id, which the channel fills in.
using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace BootConsole.Stores.Sftp;

/// <summary>Bytes of a request. <see cref="IsRented"/> ones go back to the shared pool when they are sent.</summary>
/// <param name="Buffer">Holds the packet.</param>
/// <param name="Start">Where its length field starts.</param>
/// <param name="Length">Bytes from there, the length field included.</param>
/// <param name="IsRented">True for a buffer of the shared pool.</param>
internal readonly record struct SftpPacket(byte[] Buffer, int Start, int Length, bool IsRented)
{
    /// <summary>Fills in the length field and the id.</summary>
    internal void Seal(uint id)
    {
        BinaryPrimitives.WriteUInt32BigEndian(Buffer.AsSpan(Start), (uint)(Length - 4));
        BinaryPrimitives.WriteUInt32BigEndian(Buffer.AsSpan(Start + 5), id);
    }

    /// <summary>Gives the buffer back.</summary>
    internal void Release()
    {
        if (IsRented) ArrayPool<byte>.Shared.Return(Buffer);
    }
}

/// <summary>Puts a small request together in a rented buffer.</summary>
internal ref struct SftpPacketBuilder
{
    private byte[] _buffer;
    private int _length;

    /// <summary>Begins a request of a type.</summary>
    internal SftpPacketBuilder(SftpPacketType type)
    {
        _buffer = ArrayPool<byte>.Shared.Rent(256);
        _buffer[4] = (byte)type;
        _length = 9;
    }

    /// <summary>Adds a 32-bit number.</summary>
    internal void Add(uint value) => BinaryPrimitives.WriteUInt32BigEndian(Grow(4), value);

    /// <summary>Adds a 64-bit number.</summary>
    internal void Add(ulong value) => BinaryPrimitives.WriteUInt64BigEndian(Grow(8), value);

    /// <summary>Adds a string.</summary>
    internal void Add(ReadOnlySpan<byte> bytes)
    {
        Add((uint)bytes.Length);
        bytes.CopyTo(Grow(bytes.Length));
    }

    /// <summary>Adds a text as a string.</summary>
    internal void Add(string text)
    {
        var count = Encoding.UTF8.GetByteCount(text);
        Add((uint)count);
        Encoding.UTF8.GetBytes(text, Grow(count));
    }

    /// <summary>The packet, ready for the channel.</summary>
    internal readonly SftpPacket Finish() => new(_buffer, 0, _length, IsRented: true);

    private Span<byte> Grow(int count)
    {
        if (_length + count > _buffer.Length)
        {
            var larger = ArrayPool<byte>.Shared.Rent(_length + count);
            _buffer.AsSpan(0, _length).CopyTo(larger);
            ArrayPool<byte>.Shared.Return(_buffer);
            _buffer = larger;
        }

        var room = _buffer.AsSpan(_length, count);
        _length += count;
        return room;
    }
}
