// The sending half of a channel: packets to the pipe in as few system calls as possible.
namespace BootConsole.Stores.Sftp;

/// <summary>Writes packets. Small ones that are ready together go out together; a large one goes out from its own buffer.</summary>
/// <param name="pipe">To the server.</param>
/// <param name="takeBatch">Waits for packets and adds them to the list; false when the channel has ended.</param>
internal sealed class SftpSender(Stream pipe, Func<List<SftpPacket>, bool> takeBatch)
{
    private const int SmallBytes = 4096;
    private readonly byte[] _together = new byte[32 << 10];
    private int _togetherBytes;

    // Length, type INIT, version: the one packet without an id.
    private static ReadOnlySpan<byte> Greeting => [0, 0, 0, 5, (byte)SftpPacketType.Init, 0, 0, 0, (byte)SftpLimits.Version];

    /// <summary>Sends until the channel ends or the pipe breaks. The receiving side finds out why it broke.</summary>
    internal void Run()
    {
        var batch = new List<SftpPacket>();
        try
        {
            pipe.Write(Greeting);
            while (takeBatch(batch))
            {
                foreach (var packet in batch) Send(packet);
                SendTogether();
                batch.Clear();
            }
        }
        catch (Exception cause) when (cause is IOException or ObjectDisposedException)
        {
            // The far end is gone; so is the use of what is still in the batch.
        }
    }

    private void Send(SftpPacket packet)
    {
        if (packet.Length > SmallBytes)
        {
            SendTogether();
            pipe.Write(packet.Buffer, packet.Start, packet.Length);
        }
        else
        {
            if (_togetherBytes + packet.Length > _together.Length) SendTogether();
            packet.Buffer.AsSpan(packet.Start, packet.Length).CopyTo(_together.AsSpan(_togetherBytes));
            _togetherBytes += packet.Length;
        }

        packet.Release();
    }

    private void SendTogether()
    {
        if (_togetherBytes > 0) pipe.Write(_together, 0, _togetherBytes);
        _togetherBytes = 0;
    }
}
