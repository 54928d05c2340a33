// The seam below SFTP: something that carries the bytes of one channel, and something that opens more of them.
namespace BootConsole.Stores.Sftp;

/// <summary>Two streams to an SFTP server. Blocking reads and writes; each stream is used by one thread.</summary>
internal interface ISftpPipe : IAsyncDisposable
{
    /// <summary>Bytes to the server.</summary>
    Stream Input { get; }

    /// <summary>Bytes from the server.</summary>
    Stream Output { get; }

    /// <summary>Breaks the pipe at once; both streams then fail or end.</summary>
    void Kill();

    /// <summary>After <see cref="Output"/> has ended: finds out why. May wait a second for the last words of a program.</summary>
    SftpEnd ExplainEnd();
}

/// <summary>How a further pipe reaches the server.</summary>
internal enum SftpWay
{
    /// <summary>On the connection that is there.</summary>
    Shared,

    /// <summary>On a connection of its own, for a server that allows one session for each.</summary>
    Separate,
}

/// <summary>Opens pipes to one server.</summary>
internal interface ISftpLink : IAsyncDisposable
{
    /// <summary>The store in words, without secrets.</summary>
    string Description { get; }

    /// <summary>How long it may take from opening a pipe to the server's greeting.</summary>
    TimeSpan OpeningLimit { get; }

    /// <summary>Opens a pipe. The first one makes the connection, whatever the way.</summary>
    /// <exception cref="Core.Fault">It cannot be opened, or there is no such way.</exception>
    ISftpPipe OpenPipe(SftpWay way);
}
