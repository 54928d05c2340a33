// A channel and what is under way on it.
namespace BootConsole.Stores.Sftp;

/// <summary>One channel of a connection with its window: the blocks that may be under way on it at once. Its numbers belong to <see cref="SftpLanes"/>, under its lock.</summary>
internal sealed class SftpLane(SftpChannel channel, int mostBlocks)
{
    /// <summary>Bytes that fill an SSH channel: OpenSSH's flow control lets no more be under way (CHAN_SES_WINDOW_DEFAULT in its channels.h).</summary>
    internal const int WindowBytes = 2 << 20;

    private static readonly TimeSpan Slow = TimeSpan.FromSeconds(4), Quick = TimeSpan.FromSeconds(2);

    private readonly int _mostBlocks = mostBlocks;

    // A caller that found the window full is woken when this many blocks more than a full one have gone: it then brings several at once, and the pool of threads
    // is not woken for each. The window proper stays full meanwhile.
    private readonly int _spareBlocks = (mostBlocks + 3) / 4;

    /// <summary>The channel.</summary>
    internal SftpChannel Channel { get; } = channel;

    /// <summary>Blocks under way.</summary>
    internal int UnderWay { get; set; }

    /// <summary>Blocks that may be under way.</summary>
    internal int Window { get; private set; } = mostBlocks;

    /// <summary>Flushes under way. A server does one thing at a time on a channel, and a flush of a large file takes seconds: nothing else should wait behind it.</summary>
    internal int Flushes { get; set; }

    /// <summary>Slots that wait for use.</summary>
    internal Stack<SftpSlot> FreeSlots { get; } = new();

    /// <summary>True when one more block may go out now.</summary>
    /// <param name="hasWaited">True for a caller that has waited.</param>
    internal bool HasRoom(bool hasWaited) => UnderWay < (hasWaited ? Window : Window + _spareBlocks) && Flushes == 0;

    /// <summary>Keeps what is under way on a slow line down to a few seconds' worth, so that a small question (a lease, a look-up) is not stuck behind it.</summary>
    internal void AdaptWindow(TimeSpan answerTime)
    {
        if (answerTime > Slow && Window > 2) Window--;
        else if (answerTime < Quick && Window < _mostBlocks) Window++;
    }
}
