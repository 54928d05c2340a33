// An open file or block device: positions and spans in, whole transfers or an exception out.
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace BootConsole.Host;

/// <summary>How a file is opened.</summary>
[Flags]
public enum OpenFor
{
    /// <summary>Reading only.</summary>
    Reading = 0,

    /// <summary>Reading and writing.</summary>
    Writing = 1,

    /// <summary>Past the page cache (O_DIRECT): buffers, positions and lengths must be multiples of the sector size; see <see cref="AlignedMemory"/>.</summary>
    Direct = 2,

    /// <summary>Make the file; fail when it exists.</summary>
    CreateNew = 4,

    /// <summary>The path is a folder, opened to flush it.</summary>
    Folder = 8,

    /// <summary>Refuse when someone else has the block device in use, a mounted file system included (O_EXCL on a device).</summary>
    Exclusive = 16,

    /// <summary>Refuse a symbolic link in the last place of the path.</summary>
    NoFollow = 32,

    /// <summary>A new file is readable by its owner only (mode 0600).</summary>
    Private = 64,

    /// <summary>Writes go behind what is there at that moment, whatever position they name (O_APPEND): several programs can write lines into one file. A file that is missing is made.</summary>
    Append = 128,
}

/// <summary>An open file or block device. Not thread-safe for closing; positional reads and writes may run at once.</summary>
public sealed unsafe class LinuxFile : IDisposable
{
    private readonly SafeFileHandle _handle;

    private LinuxFile(SafeFileHandle handle, string path) => (_handle, Path) = (handle, path);

    /// <summary>The path it was opened by.</summary>
    public string Path { get; }

    internal SafeFileHandle Handle => _handle;

    internal static LinuxFile Over(SafeFileHandle handle, string path) => new(handle, path);

    /// <summary>Opens a file.</summary>
    /// <exception cref="SystemCallException">The system refuses.</exception>
    public static LinuxFile Open(string path, OpenFor mode)
    {
        var flags = LibC.O_CLOEXEC;
        flags |= mode.HasFlag(OpenFor.Writing) ? LibC.O_RDWR : LibC.O_RDONLY;
        if (mode.HasFlag(OpenFor.Direct)) flags |= LibC.O_DIRECT;
        if (mode.HasFlag(OpenFor.Append)) flags |= LibC.O_APPEND | LibC.O_CREAT;
        if (mode.HasFlag(OpenFor.CreateNew)) flags |= LibC.O_CREAT | LibC.O_EXCL;
        if (mode.HasFlag(OpenFor.Exclusive)) flags |= LibC.O_EXCL;
        if (mode.HasFlag(OpenFor.Folder)) flags |= LibC.O_DIRECTORY;
        if (mode.HasFlag(OpenFor.NoFollow)) flags |= LibC.O_NOFOLLOW;
        var descriptor = LibC.open(path, flags, mode.HasFlag(OpenFor.Private) ? 0x180u /* 0600 */ : 0x1A4u /* 0644 */);
        return descriptor < 0 ? throw SystemCallException.Last("open", path) : new LinuxFile(new SafeFileHandle(descriptor, ownsHandle: true), path);
    }

    /// <summary>Length in bytes of a regular file or a block device.</summary>
    public long Length
    {
        get
        {
            var end = LibC.lseek(_handle, 0, 2 /* SEEK_END */);
            return end >= 0 ? end : throw SystemCallException.Last("lseek", Path);
        }
    }

    /// <summary>Reads from <paramref name="offset"/> until <paramref name="buffer"/> is full or the file ends.</summary>
    /// <returns>Bytes read; fewer than asked only at the end of the file.</returns>
    /// <exception cref="SystemCallException">The system refuses, <see cref="Errno.EIO"/> for an unreadable sector included.</exception>
    public int ReadAt(long offset, Span<byte> buffer)
    {
        var done = 0;
        fixed (byte* start = buffer)
        {
            while (done < buffer.Length)
            {
                var count = LibC.pread(_handle, start + done, (nuint)(buffer.Length - done), offset + done);
                if (count < 0 && Marshal.GetLastPInvokeError() == 4 /* EINTR */) continue;
                if (count < 0) throw SystemCallException.Last("read", Path);
                if (count == 0) break;
                done += (int)count;
            }
        }

        return done;
    }

    /// <summary>Writes all of <paramref name="bytes"/> at <paramref name="offset"/>.</summary>
    /// <exception cref="SystemCallException">The system refuses.</exception>
    public void WriteAt(long offset, ReadOnlySpan<byte> bytes)
    {
        var done = 0;
        fixed (byte* start = bytes)
        {
            while (done < bytes.Length)
            {
                var count = LibC.pwrite(_handle, start + done, (nuint)(bytes.Length - done), offset + done);
                if (count < 0 && Marshal.GetLastPInvokeError() == 4 /* EINTR */) continue;
                if (count < 0) throw SystemCallException.Last("write", Path);
                if (count == 0) throw new SystemCallException("write", Path, Errno.ENOSPC);
                done += (int)count;
            }
        }
    }

    /// <summary>Waits until everything written is on the medium (fsync); on a folder, until its names are.</summary>
    public void Flush() => Check(LibC.fsync(_handle), "fsync");

    /// <summary>Sets the length of a regular file.</summary>
    public void SetLength(long bytes) => Check(LibC.ftruncate(_handle, bytes), "ftruncate");

    /// <summary>Makes a range of a regular file read as zeros without using space.</summary>
    /// <returns>False where the file system cannot do it.</returns>
    public bool TryPunchHole(long offset, long length) =>
        Tried(LibC.fallocate(_handle, LibC.FALLOC_FL_PUNCH_HOLE | LibC.FALLOC_FL_KEEP_SIZE, offset, length), "fallocate");

    /// <summary>Tells the page cache that a range will not be needed again. Advice only; never fails.</summary>
    public void DropCache(long offset, long length) => LibC.posix_fadvise(_handle, offset, length, LibC.POSIX_FADV_DONTNEED);

    /// <summary>Starts writing a range to the medium without waiting for it (sync_file_range). Advice only; never fails, promises nothing: see <see cref="Flush"/>.</summary>
    public void StartWriteback(long offset, long length) => LibC.sync_file_range(_handle, offset, length, LibC.SYNC_FILE_RANGE_WRITE);

    /// <summary>Tells the page cache that the file is read in order. Advice only; never fails.</summary>
    public void ExpectSequential() => LibC.posix_fadvise(_handle, 0, 0, LibC.POSIX_FADV_SEQUENTIAL);

    /// <summary>Finds the next hole or the next data of a sparse file at or after <paramref name="offset"/>; the file's end counts as a hole.</summary>
    /// <returns>The position; null when no data follows.</returns>
    /// <exception cref="SystemCallException">The file cannot tell (<see cref="Errno.EINVAL"/>) or fails: never to be taken for a hole.</exception>
    public long? Seek(long offset, bool forData)
    {
        var found = LibC.lseek(_handle, offset, forData ? LibC.SEEK_DATA : LibC.SEEK_HOLE);
        if (found >= 0) return found;
        return (Errno)Marshal.GetLastPInvokeError() == Errno.ENXIO ? null : throw SystemCallException.Last("lseek", Path);
    }

    /// <summary>What this open file is, whatever its path may mean by now.</summary>
    /// <exception cref="SystemCallException">The system refuses.</exception>
    public FileIdentity Identity
    {
        get
        {
            LibC.statx_result result;
            Check(LibC.statx(_handle, "", LibC.AT_EMPTY_PATH, LibC.STATX_BASIC_STATS, &result), "statx");
            return FileIdentity.From(result);
        }
    }

    /// <summary>Takes the file for this process (<c>flock</c>); others that ask the same way are kept out until it is closed.</summary>
    /// <returns>False when someone else has it.</returns>
    public bool TryLock() => LibC.flock(_handle, LibC.LOCK_EX | LibC.LOCK_NB) == 0;

    /// <summary>Logical sector size of a block device in bytes; null when this is not one.</summary>
    public int? LogicalSectorBytes
    {
        get
        {
            int bytes;
            return LibC.ioctl(_handle, LibC.BLKSSZGET, &bytes) == 0 ? bytes : null;
        }
    }

    /// <summary>Physical sector size of a block device in bytes; null when this is not one.</summary>
    public int? PhysicalSectorBytes
    {
        get
        {
            int bytes;
            return LibC.ioctl(_handle, LibC.BLKPBSZGET, &bytes) == 0 ? bytes : null;
        }
    }

    /// <summary>True for a block device that the kernel holds read-only.</summary>
    public bool IsReadOnlyDevice
    {
        get
        {
            int flag;
            return LibC.ioctl(_handle, LibC.BLKROGET, &flag) == 0 && flag != 0;
        }
    }

    /// <summary>Has the kernel hold a block device read-only, or no longer (BLKROSET). It stays so when the file is closed. For the superuser.</summary>
    /// <exception cref="SystemCallException">The system refuses.</exception>
    public void SetReadOnlyDevice(bool isReadOnly)
    {
        int flag = isReadOnly ? 1 : 0;
        if (LibC.ioctl(_handle, LibC.BLKROSET, &flag) != 0) throw SystemCallException.Last("BLKROSET", Path);
    }

    /// <summary>The kernel's number of this very disk (BLKGETDISKSEQ, Linux 5.15): another one sits at the same path after it was unplugged or a loop device
    /// attached anew. Null where the kernel cannot tell.</summary>
    public ulong? DiskSequence
    {
        get
        {
            ulong number;
            return LibC.ioctl(_handle, LibC.BLKGETDISKSEQ, &number) == 0 ? number : null;
        }
    }

    /// <summary>Makes a range of a block device read as zeros (BLKZEROOUT), by the device's own command where it has one.</summary>
    /// <returns>False where the device cannot do it.</returns>
    public bool TryZeroDevice(long offset, long length) => TryRange(LibC.BLKZEROOUT, offset, length, "BLKZEROOUT");

    /// <summary>Tells a block device that a range is not needed (BLKDISCARD); what it then reads as is up to the device.</summary>
    /// <returns>False where the device cannot do it.</returns>
    public bool TryDiscardDevice(long offset, long length) => TryRange(LibC.BLKDISCARD, offset, length, "BLKDISCARD");

    /// <summary>Drops the kernel's cached pages of a block device, so that the next read comes from the device.</summary>
    public void DropDeviceCache() => LibC.ioctl(_handle, LibC.BLKFLSBUF, null);

    /// <summary>Asks the kernel to read the partition table anew (BLKRRPART).</summary>
    /// <returns>False where the device cannot have partitions or one of them is in use.</returns>
    public bool TryRereadPartitions() => LibC.ioctl(_handle, LibC.BLKRRPART, null) == 0;

    /// <inheritdoc/>
    public void Dispose() => _handle.Dispose();

    private bool TryRange(ulong request, long offset, long length, string name)
    {
        var range = stackalloc ulong[2];
        range[0] = (ulong)offset;
        range[1] = (ulong)length;
        return Tried(LibC.ioctl(_handle, request, range), name);
    }

    private bool Tried(int result, string call)
    {
        if (result == 0) return true;
        return (Errno)Marshal.GetLastPInvokeError() is Errno.EOPNOTSUPP or Errno.EINVAL or Errno.ENOTTY or Errno.ENOSYS ? false : throw SystemCallException.Last(call, Path);
    }

    private void Check(int result, string call)
    {
        if (result < 0) throw SystemCallException.Last(call, Path);
    }
}
