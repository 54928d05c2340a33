// One name of a cpio archive.
namespace BootConsole.Media.Cpio;

/// <summary>A file or a folder of an archive; it belongs to root.</summary>
/// <param name="Name">Its path without a slash in front: <c>etc/bootconsole.toml</c>.</param>
/// <param name="Mode">Kind and permissions as in <c>st_mode</c>.</param>
/// <param name="Content">The bytes of a file; empty for a folder.</param>
public sealed record CpioEntry(string Name, uint Mode, ReadOnlyMemory<byte> Content)
{
    internal const uint KindMask = 0xF000, FolderKind = 0x4000, FileKind = 0x8000;

    /// <summary>True for a folder.</summary>
    public bool IsFolder => (Mode & KindMask) == FolderKind;

    /// <summary>A folder that everyone may enter.</summary>
    public static CpioEntry Folder(string name) => new(name, FolderKind | 0x1ED /* 0755 */, default);

    /// <summary>A file that everyone may read.</summary>
    public static CpioEntry PublicFile(string name, ReadOnlyMemory<byte> content) => new(name, FileKind | 0x1A4 /* 0644 */, content);

    /// <summary>A file that root alone may read.</summary>
    public static CpioEntry PrivateFile(string name, ReadOnlyMemory<byte> content) => new(name, FileKind | 0x180 /* 0600 */, content);
}
