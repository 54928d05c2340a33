// The numbers and names of SFTP version 3 (draft-ietf-secsh-filexfer-02) and of OpenSSH's extensions (its PROTOCOL file, section 4).
namespace BootConsole.Stores.Sftp;

/// <summary>Packet types that this client sends or takes.</summary>
internal enum SftpPacketType : byte
{
    Init = 1, Version = 2, Open = 3, Close = 4, Read = 5, Write = 6, Lstat = 7, Fstat = 8, Opendir = 11, Readdir = 12, Remove = 13, Mkdir = 14, Rmdir = 15,
    Stat = 17, Rename = 18, Status = 101, Handle = 102, Data = 103, Name = 104, Attributes = 105, Extended = 200, ExtendedReply = 201,
}

/// <summary>Codes of a STATUS answer. OpenSSH says "failure" for a full disk, a used-up quota, a taken name and more: see <see cref="SftpRefusals"/>.</summary>
internal enum SftpCode : uint
{
    Ok = 0, EndOfFile = 1, NoSuchFile = 2, PermissionDenied = 3, Failure = 4, BadMessage = 5, NoConnection = 6, ConnectionLost = 7, Unsupported = 8,
}

/// <summary>What a file is opened for.</summary>
[Flags]
internal enum SftpOpen : uint
{
    Read = 1, Write = 2, Create = 8, Exclusive = 0x20,
}

/// <summary>Sizes that both sides keep to.</summary>
internal static class SftpLimits
{
    /// <summary>The version that OpenSSH speaks and nobody left behind.</summary>
    internal const uint Version = 3;

    /// <summary>Longest packet taken from a server, its length field left out; OpenSSH's own limit (SFTP_MAX_MSG_LENGTH).</summary>
    internal const int PacketBytes = 256 * 1024;

    /// <summary>Longest handle (draft, section 6.2).</summary>
    internal const int HandleBytes = 256;

    /// <summary>Bytes in front of the data of a WRITE: length, type, id, handle, offset, data length.</summary>
    internal const int WriteHeaderBytes = 4 + 1 + 4 + 4 + HandleBytes + 8 + 4;

    /// <summary>Length of a READ or WRITE that every server takes (draft, section 3: packets of 34,000 bytes).</summary>
    internal const int SafeBlockBytes = 32768;
}

/// <summary>The server said something that SFTP does not allow. Ends the channel.</summary>
internal sealed class SftpBrokenException(string what) : Exception(what);
