// The C library's functions as their headers declare them; the only place of the product that names them.
using System.Runtime.InteropServices;

namespace BootConsole.Host;

/// <summary>Signatures of libc, named as in the C headers. Nothing outside this project sees them.</summary>
internal static unsafe partial class LibC
{
    private const string Library = "libc";

    internal const int O_RDONLY = 0, O_WRONLY = 1, O_RDWR = 2, O_CREAT = 0x40, O_EXCL = 0x80, O_APPEND = 0x400, O_DIRECT = 0x4000, O_DIRECTORY = 0x10000, O_NOFOLLOW = 0x20000, O_CLOEXEC = 0x80000;
    internal const int RENAME_NOREPLACE = 1;
    internal const int RENAME_EXCHANGE = 2;
    internal const int AT_FDCWD = -100;
    internal const int FALLOC_FL_KEEP_SIZE = 1, FALLOC_FL_PUNCH_HOLE = 2;
    internal const int POSIX_FADV_SEQUENTIAL = 2, POSIX_FADV_DONTNEED = 4;
    internal const int SEEK_DATA = 3, SEEK_HOLE = 4;
    internal const int LOCK_EX = 2, LOCK_NB = 4;
    internal const int AT_EMPTY_PATH = 0x1000;
    internal const uint STATX_BASIC_STATS = 0x7FF;

    // Block device requests, linux/fs.h; the numbers are those of x86-64 and arm64.
    internal const ulong BLKROSET = 0x125D, BLKROGET = 0x125E, BLKRRPART = 0x125F, BLKFLSBUF = 0x1261, BLKSSZGET = 0x1268, BLKPBSZGET = 0x127B, BLKDISCARD = 0x1277, BLKZEROOUT = 0x127F, BLKGETSIZE64 = 0x80081272, BLKGETDISKSEQ = 0x80081280;

    [LibraryImport(Library, SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int open(string path, int flags, uint mode);

    [LibraryImport(Library, SetLastError = true)]
    internal static partial nint pread(SafeHandle fd, byte* buffer, nuint count, long offset);

    [LibraryImport(Library, SetLastError = true)]
    internal static partial nint pwrite(SafeHandle fd, byte* buffer, nuint count, long offset);

    [LibraryImport(Library, SetLastError = true)]
    internal static partial int fsync(SafeHandle fd);

    [LibraryImport(Library, SetLastError = true)]
    internal static partial int fallocate(SafeHandle fd, int mode, long offset, long length);

    [LibraryImport(Library, SetLastError = true)]
    internal static partial int posix_fadvise(SafeHandle fd, long offset, long length, int advice);

    [LibraryImport(Library, SetLastError = true)]
    internal static partial long lseek(SafeHandle fd, long offset, int whence);

    [LibraryImport(Library, SetLastError = true)]
    internal static partial int ftruncate(SafeHandle fd, long length);

    [LibraryImport(Library, SetLastError = true)]
    internal static partial int ioctl(SafeHandle fd, ulong request, void* argument);

    [LibraryImport(Library, SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int renameat2(int oldFolder, string oldPath, int newFolder, string newPath, uint flags);

    [LibraryImport(Library, SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int rename(string oldPath, string newPath);

    [LibraryImport(Library, SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int link(string oldPath, string newPath);

    [LibraryImport(Library, SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int unlink(string path);

    [LibraryImport(Library, SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int lchown(string path, uint user, uint group);

    [LibraryImport(Library, SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int execv(string path, nint* arguments);

    [LibraryImport(Library)]
    internal static partial uint geteuid();

    [LibraryImport(Library)]
    internal static partial uint getegid();

    [LibraryImport(Library, SetLastError = true)]
    internal static partial int flock(SafeHandle fd, int operation);

    [LibraryImport(Library, SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int statx(int folder, string path, int flags, uint mask, statx_result* result);

    [LibraryImport(Library, SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int statx(SafeHandle folder, string path, int flags, uint mask, statx_result* result);

    [LibraryImport(Library, SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial byte* realpath(string path, byte* resolved);

    [LibraryImport(Library)]
    internal static partial void free(void* memory);

    [LibraryImport(Library)]
    internal static partial nint strerror(int error);

    /// <summary>struct statx (linux/stat.h): unlike struct stat, its layout is the same on every architecture.</summary>
    [StructLayout(LayoutKind.Explicit, Size = 256)]
    internal struct statx_result
    {
        [FieldOffset(0x14)] internal uint stx_uid;
        [FieldOffset(0x18)] internal uint stx_gid;
        [FieldOffset(0x1C)] internal ushort stx_mode;
        [FieldOffset(0x20)] internal ulong stx_ino;
        [FieldOffset(0x80)] internal uint stx_rdev_major;
        [FieldOffset(0x84)] internal uint stx_rdev_minor;
        [FieldOffset(0x88)] internal uint stx_dev_major;
        [FieldOffset(0x8C)] internal uint stx_dev_minor;
    }
}
