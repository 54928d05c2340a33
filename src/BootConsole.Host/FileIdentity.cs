// What a path or an open file really is: device numbers and inode, which no link can disguise.
using System.Globalization;
using System.Runtime.InteropServices;

namespace BootConsole.Host;

/// <summary>The kinds of file that callers tell apart.</summary>
public enum FileKind
{
    /// <summary>A regular file.</summary>
    Regular,

    /// <summary>A folder.</summary>
    Folder,

    /// <summary>A block device: a disk or a part of one.</summary>
    BlockDevice,

    /// <summary>Anything else: a terminal, a pipe, a socket.</summary>
    Other,
}

/// <summary>The number of a device, as <c>8:0</c>.</summary>
/// <param name="Major">The driver; 0 for file systems without a block device of their own.</param>
/// <param name="Minor">The device among the driver's.</param>
public readonly record struct DeviceNumber(uint Major, uint Minor)
{
    /// <summary>Reads <c>major:minor</c>, spaces around it allowed.</summary>
    /// <returns>False when the text is anything else.</returns>
    public static bool TryParse(string text, out DeviceNumber number)
    {
        number = default;
        var parts = text.Trim().Split(':');
        if (parts.Length != 2) return false;
        if (!uint.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var major)) return false;
        if (!uint.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var minor)) return false;
        number = new DeviceNumber(major, minor);
        return true;
    }

    /// <summary><c>major:minor</c>.</summary>
    public override string ToString() => $"{Major}:{Minor}";
}

/// <summary>What a file is. Two paths with equal identities are the same file, hard and symbolic links included.</summary>
/// <param name="Kind">Its kind.</param>
/// <param name="FileSystem">The device of the file system it lies on.</param>
/// <param name="Inode">Its number there.</param>
/// <param name="Device">The device a block device file stands for; 0:0 for all else.</param>
public sealed record FileIdentity(FileKind Kind, DeviceNumber FileSystem, ulong Inode, DeviceNumber Device)
{
    /// <summary>Looks at a path, links followed.</summary>
    /// <returns>Null when nothing is there.</returns>
    /// <exception cref="SystemCallException">The system refuses to look.</exception>
    public static unsafe FileIdentity? Of(string path)
    {
        LibC.statx_result result;
        if (LibC.statx(LibC.AT_FDCWD, path, 0, LibC.STATX_BASIC_STATS, &result) == 0) return From(result);
        return (Errno)Marshal.GetLastPInvokeError() is Errno.ENOENT or Errno.ENOTDIR ? null : throw SystemCallException.Last("statx", path);
    }

    /// <summary>True when both stand for the same bytes: the same file, or the same device behind two device files.</summary>
    public bool IsSameAs(FileIdentity other) =>
        Kind == FileKind.BlockDevice && other.Kind == FileKind.BlockDevice
            ? Device == other.Device
            : Kind == other.Kind && FileSystem == other.FileSystem && Inode == other.Inode;

    /// <summary><c>device 8:0</c>, or <c>inode 12 on 8:1</c>.</summary>
    public override string ToString() => Kind == FileKind.BlockDevice ? $"device {Device}" : $"inode {Inode} on {FileSystem}";

    internal static FileIdentity From(in LibC.statx_result result)
    {
        var kind = (result.stx_mode & 0xF000) switch
        {
            0x8000 => FileKind.Regular,
            0x4000 => FileKind.Folder,
            0x6000 => FileKind.BlockDevice,
            _ => FileKind.Other,
        };
        var device = kind == FileKind.BlockDevice ? new DeviceNumber(result.stx_rdev_major, result.stx_rdev_minor) : default;
        return new FileIdentity(kind, new DeviceNumber(result.stx_dev_major, result.stx_dev_minor), result.stx_ino, device);
    }
}
