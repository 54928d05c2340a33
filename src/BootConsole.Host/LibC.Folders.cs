// The C library's functions that take an open folder and a name in it, as their headers declare them.
using System.Runtime.InteropServices;

namespace BootConsole.Host;

/// <summary>The part of libc that works below an open folder, so that no link can lead a path elsewhere between two calls.</summary>
internal static unsafe partial class LibC
{
    internal const int O_NONBLOCK = 0x800, O_NOCTTY = 0x100;
    internal const int AT_SYMLINK_NOFOLLOW = 0x100, AT_REMOVEDIR = 0x200;
    internal const int R_OK = 4, W_OK = 2, X_OK = 1;
    internal const uint SYNC_FILE_RANGE_WRITE = 2;

    [LibraryImport(Library, SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int openat(SafeHandle folder, string name, int flags, uint mode);

    [LibraryImport(Library, SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int mkdir(string path, uint mode);

    [LibraryImport(Library, SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int chmod(string path, uint mode);

    [LibraryImport(Library, SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int mkdirat(SafeHandle folder, string name, uint mode);

    [LibraryImport(Library, SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int unlinkat(SafeHandle folder, string name, int flags);

    [LibraryImport(Library, SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int linkat(SafeHandle oldFolder, string oldName, SafeHandle newFolder, string newName, int flags);

    [LibraryImport(Library, SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int renameat2(SafeHandle oldFolder, string oldName, SafeHandle newFolder, string newName, uint flags);

    [LibraryImport(Library, SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int faccessat(SafeHandle folder, string name, int mode, int flags);

    [LibraryImport(Library, SetLastError = true)]
    internal static partial int statx(SafeHandle folder, byte* name, int flags, uint mask, StatX* status);

    [LibraryImport(Library, SetLastError = true)]
    internal static partial nint getdents64(SafeHandle folder, byte* buffer, nuint count);

    [LibraryImport(Library, SetLastError = true)]
    internal static partial int fstatvfs(SafeHandle file, StatVfs* space);

    [LibraryImport(Library, SetLastError = true)]
    internal static partial int sync_file_range(SafeHandle file, long offset, long count, uint flags);

    [LibraryImport(Library, SetLastError = true)]
    internal static partial int fchown(SafeHandle file, uint user, uint group);

    [LibraryImport(Library, SetLastError = true)]
    internal static partial int fchmod(SafeHandle file, uint mode);

    /// <summary><c>struct statx</c> of linux/stat.h: the same on every architecture, unlike <c>struct stat</c>.</summary>
    [StructLayout(LayoutKind.Explicit, Size = 256)]
    internal struct StatX
    {
        [FieldOffset(20)] internal uint Owner;
        [FieldOffset(28)] internal ushort Mode;
        [FieldOffset(32)] internal ulong Inode;
        [FieldOffset(40)] internal ulong Size;
        [FieldOffset(96)] internal long ChangedSeconds;
        [FieldOffset(104)] internal uint ChangedNanoseconds;
        [FieldOffset(112)] internal long ModifiedSeconds;
        [FieldOffset(120)] internal uint ModifiedNanoseconds;
    }

    /// <summary><c>struct statvfs</c> of sys/statvfs.h on 64-bit Linux, with room behind it.</summary>
    [StructLayout(LayoutKind.Explicit, Size = 128)]
    internal struct StatVfs
    {
        [FieldOffset(8)] internal ulong FragmentBytes;
        [FieldOffset(16)] internal ulong Blocks;
        [FieldOffset(32)] internal ulong BlocksAvailable;
        [FieldOffset(72)] internal ulong Flags;
    }
}
