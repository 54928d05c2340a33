// Whose a file or folder is, and who may do what with it.
using System.Runtime.InteropServices;

namespace BootConsole.Host;

/// <summary>Owner and permissions of a file or folder.</summary>
/// <param name="User">The owner's number.</param>
/// <param name="Group">The group's number.</param>
/// <param name="Mode">Who may do what.</param>
/// <param name="Kind">What it is.</param>
public sealed record FileOwnership(uint User, uint Group, UnixFileMode Mode, FileKind Kind)
{
    /// <summary>The superuser's number.</summary>
    public const uint Root = 0;

    private const UnixFileMode WritableByOthers = UnixFileMode.GroupWrite | UnixFileMode.OtherWrite;
    private const ushort ModeBits = 0xFFF;

    /// <summary>The number of the user that this program runs as.</summary>
    public static uint Self => LibC.geteuid();

    /// <summary>The number of this program's group.</summary>
    public static uint SelfGroup => LibC.getegid();

    /// <summary>True when somebody besides the owner may change it.</summary>
    public bool IsWritableByOthers => (Mode & WritableByOthers) != 0;

    /// <summary>True when somebody besides the owner may do anything with it.</summary>
    public bool IsOpenToOthers => ((int)Mode & 0x3F) != 0;

    /// <summary>The permissions as people write them: <c>0755</c>.</summary>
    public string Octal => "0" + Convert.ToString((int)Mode, 8).PadLeft(3, '0');

    /// <summary>Looks at a path; a symbolic link in its last place is not followed.</summary>
    /// <returns>Null when nothing is there.</returns>
    /// <exception cref="SystemCallException">The system refuses to look.</exception>
    public static unsafe FileOwnership? Of(string path)
    {
        LibC.statx_result result;
        if (LibC.statx(LibC.AT_FDCWD, path, LibC.AT_SYMLINK_NOFOLLOW, LibC.STATX_BASIC_STATS, &result) == 0)
            return new FileOwnership(result.stx_uid, result.stx_gid, (UnixFileMode)(result.stx_mode & ModeBits), FileIdentity.From(result).Kind);
        return (Errno)Marshal.GetLastPInvokeError() is Errno.ENOENT or Errno.ENOTDIR ? null : throw SystemCallException.Last("statx", path);
    }

    /// <summary>Gives a file or folder to somebody else; a symbolic link itself, not what it points at.</summary>
    /// <exception cref="SystemCallException">The system refuses.</exception>
    public static void Give(string path, uint user, uint group)
    {
        if (LibC.lchown(path, user, group) != 0) throw SystemCallException.Last("chown", path);
    }
}
