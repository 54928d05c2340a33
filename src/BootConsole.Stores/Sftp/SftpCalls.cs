// The small requests, one method each: the packet that goes out and the answer that is expected.
namespace BootConsole.Stores.Sftp;

/// <summary>Space as statvfs@openssh.com tells it.</summary>
/// <param name="Total">Bytes in all.</param>
/// <param name="Free">Bytes that this user can take.</param>
/// <param name="FreeFiles">Names that this user can still make; null where the file system has no such limit.</param>
/// <param name="IsReadOnly">True when it is mounted read-only.</param>
internal readonly record struct SftpSpace(long Total, long Free, ulong? FreeFiles, bool IsReadOnly);

/// <summary>Requests of a channel. None waits; each gives the task of its answer.</summary>
internal static class SftpCalls
{
    /// <summary>Attributes of a name; a link is not followed.</summary>
    internal static Task<SftpAnswer<SftpAttributes>> LstatAsync(this SftpChannel channel, string path) =>
        channel.CallAsync(WithText(SftpPacketType.Lstat, path), SftpPacketType.Attributes, SftpAttributes.Take);

    /// <summary>Attributes of what a name leads to.</summary>
    internal static Task<SftpAnswer<SftpAttributes>> StatAsync(this SftpChannel channel, string path) =>
        channel.CallAsync(WithText(SftpPacketType.Stat, path), SftpPacketType.Attributes, SftpAttributes.Take);

    /// <summary>Attributes of an open file.</summary>
    internal static Task<SftpAnswer<SftpAttributes>> FstatAsync(this SftpChannel channel, byte[] handle) =>
        channel.CallAsync(WithBytes(SftpPacketType.Fstat, handle), SftpPacketType.Attributes, SftpAttributes.Take);

    /// <summary>Opens a file. New files get the server's own default permissions.</summary>
    internal static Task<SftpAnswer<byte[]>> OpenAsync(this SftpChannel channel, string path, SftpOpen mode)
    {
        var packet = new SftpPacketBuilder(SftpPacketType.Open);
        packet.Add(path);
        packet.Add((uint)mode);
        packet.Add(0u);
        return channel.CallAsync(packet.Finish(), SftpPacketType.Handle, TakeHandle);
    }

    /// <summary>Opens a folder for listing.</summary>
    internal static Task<SftpAnswer<byte[]>> OpenFolderAsync(this SftpChannel channel, string path) =>
        channel.CallAsync(WithText(SftpPacketType.Opendir, path), SftpPacketType.Handle, TakeHandle);

    /// <summary>Some more names of a folder; <see cref="SftpCode.EndOfFile"/> when there are none left.</summary>
    internal static Task<SftpAnswer<List<SftpName>>> ReadFolderAsync(this SftpChannel channel, byte[] handle) =>
        channel.CallAsync(WithBytes(SftpPacketType.Readdir, handle), SftpPacketType.Name, SftpName.TakeAll);

    /// <summary>Closes a file or folder.</summary>
    internal static Task<SftpAnswer<bool>> CloseAsync(this SftpChannel channel, byte[] handle) => channel.DoAsync(WithBytes(SftpPacketType.Close, handle));

    /// <summary>Writes a few bytes; for files that fit one packet.</summary>
    internal static Task<SftpAnswer<bool>> WriteAsync(this SftpChannel channel, byte[] handle, long offset, ReadOnlySpan<byte> bytes)
    {
        var packet = new SftpPacketBuilder(SftpPacketType.Write);
        packet.Add(handle);
        packet.Add((ulong)offset);
        packet.Add(bytes);
        return channel.DoAsync(packet.Finish());
    }

    /// <summary>Removes a file name.</summary>
    internal static Task<SftpAnswer<bool>> RemoveAsync(this SftpChannel channel, string path) => channel.DoAsync(WithText(SftpPacketType.Remove, path));

    /// <summary>Removes an empty folder.</summary>
    internal static Task<SftpAnswer<bool>> RemoveFolderAsync(this SftpChannel channel, string path) => channel.DoAsync(WithText(SftpPacketType.Rmdir, path));

    /// <summary>Makes a folder with the server's own default permissions.</summary>
    internal static Task<SftpAnswer<bool>> MakeFolderAsync(this SftpChannel channel, string path)
    {
        var packet = new SftpPacketBuilder(SftpPacketType.Mkdir);
        packet.Add(path);
        packet.Add(0u);
        return channel.DoAsync(packet.Finish());
    }

    /// <summary>Renames; fails when the new name is taken (draft, section 6.5; OpenSSH: a hard link, then the removal of the old name).</summary>
    internal static Task<SftpAnswer<bool>> RenameAsync(this SftpChannel channel, string from, string to)
    {
        var packet = new SftpPacketBuilder(SftpPacketType.Rename);
        packet.Add(from);
        packet.Add(to);
        return channel.DoAsync(packet.Finish());
    }

    /// <summary>Renames over whatever has the new name (OpenSSH PROTOCOL, 4.3).</summary>
    internal static Task<SftpAnswer<bool>> ReplaceAsync(this SftpChannel channel, string from, string to) =>
        channel.DoAsync(WithTwoNames("posix-rename@openssh.com", from, to));

    /// <summary>Gives a file a second name; fails when it is taken (OpenSSH PROTOCOL, 4.5).</summary>
    internal static Task<SftpAnswer<bool>> HardLinkAsync(this SftpChannel channel, string from, string to) =>
        channel.DoAsync(WithTwoNames("hardlink@openssh.com", from, to));

    /// <summary>Waits until an open file, or folder opened as a file, is on the medium (OpenSSH PROTOCOL, 4.6).</summary>
    internal static Task<SftpAnswer<bool>> FsyncAsync(this SftpChannel channel, byte[] handle)
    {
        var packet = Extended("fsync@openssh.com");
        packet.Add(handle);
        return channel.DoAsync(packet.Finish());
    }

    /// <summary>Space of the file system that a path is on (OpenSSH PROTOCOL, 4.4).</summary>
    internal static Task<SftpAnswer<SftpSpace>> FindSpaceAsync(this SftpChannel channel, string path)
    {
        var packet = Extended("statvfs@openssh.com");
        packet.Add(path);
        return channel.CallAsync(packet.Finish(), SftpPacketType.ExtendedReply, TakeSpace);
    }

    /// <summary>The server's limits (OpenSSH PROTOCOL, 4.8).</summary>
    internal static Task<SftpAnswer<SftpAbilities>> FindLimitsAsync(this SftpChannel channel) =>
        channel.CallAsync(Extended("limits@openssh.com").Finish(), SftpPacketType.ExtendedReply,
            (ref body) => SftpAbilities.From(channel.Extensions, body.TakeUInt64(), body.TakeUInt64(), body.TakeUInt64()));

    private static Task<SftpAnswer<bool>> DoAsync(this SftpChannel channel, SftpPacket packet) =>
        channel.CallAsync(packet, SftpPacketType.Status, static (ref _) => true);

    private static SftpPacket WithText(SftpPacketType type, string text)
    {
        var packet = new SftpPacketBuilder(type);
        packet.Add(text);
        return packet.Finish();
    }

    private static SftpPacket WithBytes(SftpPacketType type, byte[] bytes)
    {
        var packet = new SftpPacketBuilder(type);
        packet.Add(bytes);
        return packet.Finish();
    }

    private static SftpPacketBuilder Extended(string name)
    {
        var packet = new SftpPacketBuilder(SftpPacketType.Extended);
        packet.Add(name);
        return packet;
    }

    private static SftpPacket WithTwoNames(string extension, string from, string to)
    {
        var packet = Extended(extension);
        packet.Add(from);
        packet.Add(to);
        return packet.Finish();
    }

    private static byte[] TakeHandle(ref SftpPacketReader body) =>
        body.TakeBytes() is { Length: > 0 and <= SftpLimits.HandleBytes } handle ? handle.ToArray() : throw new SftpBrokenException("a handle of an impossible length");

    // f_bsize, f_frsize, f_blocks, f_bfree, f_bavail, f_files, f_ffree, f_favail, f_fsid, f_flag, f_namemax
    private static SftpSpace TakeSpace(ref SftpPacketReader body)
    {
        Span<ulong> fields = stackalloc ulong[11];
        foreach (ref var field in fields) field = body.TakeUInt64();
        return new SftpSpace(BytesOf(fields[2], fields[1]), BytesOf(fields[4], fields[1]), fields[5] > 0 ? fields[7] : null, (fields[9] & 1) != 0);
    }

    private static long BytesOf(ulong blocks, ulong blockBytes) => (long)UInt128.Min((UInt128)blocks * blockBytes, long.MaxValue);
}
