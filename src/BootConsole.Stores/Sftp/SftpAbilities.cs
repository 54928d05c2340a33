// What a server offers beyond the draft, as it says itself when a channel opens.
namespace BootConsole.Stores.Sftp;

/// <summary>OpenSSH's extensions that stores use.</summary>
[Flags]
internal enum SftpExtensions
{
    None = 0,

    /// <summary>posix-rename@openssh.com: rename over an existing file.</summary>
    PosixRename = 1,

    /// <summary>statvfs@openssh.com: space of the file system.</summary>
    StatVfs = 2,

    /// <summary>hardlink@openssh.com: a second name for a file; fails when it is taken.</summary>
    HardLink = 4,

    /// <summary>fsync@openssh.com: wait until a file is on the medium.</summary>
    Fsync = 8,

    /// <summary>limits@openssh.com: longest packet, read and write.</summary>
    Limits = 16,
}

/// <summary>The answer to INIT.</summary>
internal static class SftpVersion
{
    // With the version of each extension as OpenSSH has had it since it exists; another version is another extension.
    private static readonly Dictionary<(string Name, string Version), SftpExtensions> Known = new()
    {
        [("posix-rename@openssh.com", "1")] = SftpExtensions.PosixRename,
        [("statvfs@openssh.com", "2")] = SftpExtensions.StatVfs,
        [("hardlink@openssh.com", "1")] = SftpExtensions.HardLink,
        [("fsync@openssh.com", "1")] = SftpExtensions.Fsync,
        [("limits@openssh.com", "1")] = SftpExtensions.Limits,
    };

    /// <summary>Takes the rest of a VERSION packet apart.</summary>
    /// <exception cref="SftpBrokenException">It is damaged, or the server speaks another version.</exception>
    internal static SftpExtensions Take(ref SftpPacketReader packet)
    {
        var version = packet.TakeUInt32();
        if (version != SftpLimits.Version) throw new SftpBrokenException($"the server speaks SFTP version {version}, and version {SftpLimits.Version} is needed");
        var extensions = SftpExtensions.None;
        while (!packet.IsAtEnd)
            extensions |= Known.GetValueOrDefault((packet.TakeText(), packet.TakeText()));
        return extensions;
    }
}

/// <summary>What the server offers, settled when the store opens.</summary>
/// <param name="Extensions">The extensions.</param>
/// <param name="ReadBytes">Longest READ.</param>
/// <param name="WriteBytes">Longest WRITE.</param>
internal sealed record SftpAbilities(SftpExtensions Extensions, int ReadBytes, int WriteBytes)
{
    /// <summary>The block that is read and written: 128 KiB runs as fast as 255 KiB and leaves twice as many pieces to share out among channels.</summary>
    private const int BlockBytes = 128 * 1024;

    /// <summary>A server that takes less is not usable.</summary>
    private const int SmallestBlockBytes = 4096;

    /// <summary>True when the server has the extension.</summary>
    internal bool Has(SftpExtensions extension) => (Extensions & extension) != 0;

    /// <summary>For a server without limits@openssh.com.</summary>
    internal static SftpAbilities Default(SftpExtensions extensions) => new(extensions, SftpLimits.SafeBlockBytes, SftpLimits.SafeBlockBytes);

    /// <summary>From the answer to limits@openssh.com. Zero means "I do not say" there.</summary>
    /// <exception cref="SftpBrokenException">The limits leave no room for data.</exception>
    internal static SftpAbilities From(SftpExtensions extensions, ulong packetBytes, ulong readBytes, ulong writeBytes)
    {
        // The headers of WRITE and of the answer to READ count against the packet.
        var room = packetBytes == 0 ? SftpLimits.SafeBlockBytes : packetBytes - Math.Min(packetBytes, SftpLimits.WriteHeaderBytes);
        var read = Math.Min(room, readBytes == 0 ? SftpLimits.SafeBlockBytes : readBytes);
        var write = Math.Min(room, writeBytes == 0 ? SftpLimits.SafeBlockBytes : writeBytes);
        if (Math.Min(read, write) < SmallestBlockBytes) throw new SftpBrokenException($"the server takes only {Math.Min(read, write)} bytes at once");
        return new SftpAbilities(extensions, (int)Math.Min(read, BlockBytes), (int)Math.Min(write, BlockBytes));
    }
}
