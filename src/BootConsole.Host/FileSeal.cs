// Makes files unchangeable for everybody but root: owner, mode, and the immutable flag where the file system has one.
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace BootConsole.Host;

/// <summary>Seals open files and folders. By the open file, never by its name: nobody can put another in its place meanwhile. Needs root.</summary>
public static unsafe class FileSeal
{
    private const uint Root = 0, FileMode = 0x124 /* 0444 */, FolderMode = 0x16D /* 0555 */;
    // linux/fs.h: FS_IOC_GETFLAGS, FS_IOC_SETFLAGS, FS_IMMUTABLE_FL; the numbers are those of 64-bit machines.
    private const ulong GetFlags = 0x80086601, SetFlags = 0x40086602;
    private const int Immutable = 0x10;

    /// <summary>Gives a file to root, readable for all and writable for nobody. Whoever has it open for writing keeps that until the process ends.</summary>
    /// <exception cref="SystemCallException">The system refuses.</exception>
    public static void Close(LinuxFile file) => Close(file.Handle, FileMode, file.Path);

    /// <summary>Gives a folder to root: from here on nobody else adds, renames or removes names in it.</summary>
    /// <exception cref="SystemCallException">The system refuses.</exception>
    public static void Close(LinuxFolder folder) => Close(folder.Handle, FolderMode, folder.Path);

    /// <summary>Sets or lifts the immutable flag, which holds for root too.</summary>
    /// <returns>False where the file system, or the system that this one runs in, has none.</returns>
    public static bool TrySetImmutable(LinuxFile file, bool isOn) => TrySet(file.Handle, isOn);

    /// <inheritdoc cref="TrySetImmutable(LinuxFile, bool)"/>
    public static bool TrySetImmutable(LinuxFolder folder, bool isOn) => TrySet(folder.Handle, isOn);

    private static void Close(SafeFileHandle handle, uint mode, string path)
    {
        // A sealed one may be immutable: then nothing about it can be changed, and need not be.
        TrySet(handle, false);
        if (LibC.fchown(handle, Root, Root) != 0) throw SystemCallException.Last("chown", path);
        if (LibC.fchmod(handle, mode) != 0) throw SystemCallException.Last("chmod", path);
    }

    private static bool TrySet(SafeFileHandle handle, bool isOn)
    {
        // The kernel takes an int, although the number of the request says long.
        long flags = 0;
        if (LibC.ioctl(handle, GetFlags, &flags) != 0) return false;
        var wanted = isOn ? (int)flags | Immutable : (int)flags & ~Immutable;
        if (wanted == (int)flags) return true;
        flags = wanted;
        return LibC.ioctl(handle, SetFlags, &flags) == 0;
    }
}
