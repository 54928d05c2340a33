// What a server tells about a file (draft, section 5).
namespace BootConsole.Stores.Sftp;

/// <summary>What a name stands for, as far as a store cares.</summary>
internal enum SftpKind
{
    File,
    Folder,

    /// <summary>A link, pipe, socket or device.</summary>
    Special,
}

/// <summary>Attributes of a file.</summary>
/// <param name="Kind">Null when the server does not tell permissions, which hold the kind.</param>
/// <param name="Length">Length in bytes; null when the server does not tell.</param>
/// <param name="ModifiedSeconds">Last change in seconds since 1970, 32 bits in this version of SFTP; zero when the server does not tell.</param>
internal readonly record struct SftpAttributes(SftpKind? Kind, long? Length, uint ModifiedSeconds)
{
    private const uint HasSize = 1, HasOwner = 2, HasPermissions = 4, HasTimes = 8, HasExtended = 0x8000_0000;
    private const uint TypeMask = 0xF000, TypeFolder = 0x4000, TypeFile = 0x8000;

    /// <summary>Takes attributes out of a packet.</summary>
    /// <exception cref="SftpBrokenException">They are cut short or cannot be.</exception>
    internal static SftpAttributes Take(ref SftpPacketReader packet)
    {
        var flags = packet.TakeUInt32();
        if ((flags & ~(HasSize | HasOwner | HasPermissions | HasTimes | HasExtended)) != 0) throw new SftpBrokenException("file attributes of an unknown kind");
        long? length = (flags & HasSize) != 0 ? LengthOf(packet.TakeUInt64()) : null;
        if ((flags & HasOwner) != 0) _ = packet.TakeUInt64();
        SftpKind? kind = (flags & HasPermissions) != 0 ? KindOf(packet.TakeUInt32()) : null;
        uint modified = 0;
        if ((flags & HasTimes) != 0) (_, modified) = (packet.TakeUInt32(), packet.TakeUInt32());
        if ((flags & HasExtended) != 0) SkipExtended(ref packet);
        return new SftpAttributes(kind, length, modified);
    }

    private static long LengthOf(ulong length) => length <= long.MaxValue ? (long)length : throw new SftpBrokenException("a file length beyond 63 bits");

    private static SftpKind KindOf(uint permissions) =>
        (permissions & TypeMask) switch { TypeFile => SftpKind.File, TypeFolder => SftpKind.Folder, _ => SftpKind.Special };

    private static void SkipExtended(ref SftpPacketReader packet)
    {
        for (var count = packet.TakeUInt32(); count > 0; count--)
        {
            _ = packet.TakeBytes();
            _ = packet.TakeBytes();
        }
    }
}
