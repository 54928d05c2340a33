// The right to have one block under way on a lane, with the memory for it.
using System.Buffers.Binary;
using System.Diagnostics;

namespace BootConsole.Stores.Sftp;

/// <summary>Gets the answers to the blocks that it sent. Called on the receiving thread; must give the slot back, now or later.</summary>
internal interface ISftpSlotUser
{
    /// <summary>The answer to a block came.</summary>
    /// <exception cref="SftpBrokenException">It is not one that the request can have; the slot must not have been given back.</exception>
    void Answer(SftpSlot slot, SftpPacketType type, SftpPacketReader body);

    /// <summary>No answer will come.</summary>
    void End(SftpSlot slot, SftpEnd end);
}

/// <summary>A place in a lane's window. It is used again and again, so that a block costs no allocation.</summary>
internal sealed class SftpSlot(SftpLanes lanes, SftpLane lane) : ISftpAnswerTaker
{
    /// <summary>Length, type, id, handle length, offset, data length.</summary>
    private const int HeaderBytes = 4 + 1 + 4 + 4 + 8 + 4;

    private byte[]? _buffer;
    private long _sentAt;

    /// <summary>The lane it belongs to.</summary>
    internal SftpLane Lane { get; } = lane;

    /// <summary>Who sent the block under way.</summary>
    internal ISftpSlotUser? User { get; set; }

    /// <summary>The handle of the file on this lane.</summary>
    internal byte[] Handle { get; set; } = [];

    /// <summary>Where the block starts in its file.</summary>
    internal long Offset { get; set; }

    /// <summary>Bytes of the block.</summary>
    internal int Length { get; set; }

    /// <summary>Where the bytes of a block that is written go; they are sent from here.</summary>
    internal Span<byte> Data(int bytes) => (_buffer ??= new byte[SftpLimits.WriteHeaderBytes + lanes.WriteBlockBytes]).AsSpan(SftpLimits.WriteHeaderBytes, bytes);

    /// <summary>Sends the block as a WRITE: header and data stand in one buffer and go out in one piece.</summary>
    internal void SendWrite()
    {
        // The header ends where the data starts, so that the data never moves whatever the handle's length is.
        var start = SftpLimits.WriteHeaderBytes - HeaderBytes - Handle.Length;
        var header = _buffer.AsSpan(start);
        header[4] = (byte)SftpPacketType.Write;
        BinaryPrimitives.WriteUInt32BigEndian(header[9..], (uint)Handle.Length);
        Handle.CopyTo(header[13..]);
        BinaryPrimitives.WriteUInt64BigEndian(header[(13 + Handle.Length)..], (ulong)Offset);
        BinaryPrimitives.WriteUInt32BigEndian(header[(21 + Handle.Length)..], (uint)Length);
        Send(new SftpPacket(_buffer!, start, HeaderBytes + Handle.Length + Length, IsRented: false));
    }

    /// <summary>Sends the block as a READ.</summary>
    internal void SendRead()
    {
        var packet = new SftpPacketBuilder(SftpPacketType.Read);
        packet.Add(Handle);
        packet.Add((ulong)Offset);
        packet.Add((uint)Length);
        Send(packet.Finish());
    }

    /// <summary>Gives the slot back after an answer.</summary>
    internal void Release() => lanes.Release(this, Stopwatch.GetElapsedTime(_sentAt));

    /// <summary>Gives a slot back that was never used.</summary>
    internal void ReleaseUnused() => lanes.Release(this, answerTime: null);

    /// <inheritdoc/>
    public void Answer(SftpPacketType type, SftpPacketReader body) => User!.Answer(this, type, body);

    /// <inheritdoc/>
    public void End(SftpEnd end) => User!.End(this, end);

    private void Send(SftpPacket packet)
    {
        _sentAt = Stopwatch.GetTimestamp();
        Lane.Channel.Send(packet, this);
    }
}
