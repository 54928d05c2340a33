// Takes the fields of a packet apart; every length is checked against what is there.
using System.Buffers.Binary;
using System.Text;

namespace BootConsole.Stores.Sftp;

/// <summary>A cursor over the bytes of one packet from a server.</summary>
internal ref struct SftpPacketReader(ReadOnlySpan<byte> bytes)
{
    private ReadOnlySpan<byte> _rest = bytes;

    /// <summary>True when every byte was taken.</summary>
    internal readonly bool IsAtEnd => _rest.IsEmpty;

    /// <summary>Takes a byte.</summary>
    internal byte TakeByte() => Take(1)[0];

    /// <summary>Takes a 32-bit number, high byte first.</summary>
    internal uint TakeUInt32() => BinaryPrimitives.ReadUInt32BigEndian(Take(4));

    /// <summary>Takes a 64-bit number, high byte first.</summary>
    internal ulong TakeUInt64() => BinaryPrimitives.ReadUInt64BigEndian(Take(8));

    /// <summary>Takes a string: its length, then so many bytes.</summary>
    internal ReadOnlySpan<byte> TakeBytes()
    {
        var length = TakeUInt32();
        return length <= (uint)_rest.Length ? Take((int)length) : throw Short();
    }

    /// <summary>Takes a string as text; bytes that are not UTF-8 are replaced.</summary>
    internal string TakeText() => Encoding.UTF8.GetString(TakeBytes());

    private ReadOnlySpan<byte> Take(int count)
    {
        if (count > _rest.Length) throw Short();
        var taken = _rest[..count];
        _rest = _rest[count..];
        return taken;
    }

    private static SftpBrokenException Short() => new("a packet ends in the middle of a field");
}
