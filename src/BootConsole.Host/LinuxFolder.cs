// An open folder: names are looked up in it, and no link leads out of it.
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace BootConsole.Host;

/// <summary>What a name in a folder stands for.</summary>
public enum EntryKind
{
    /// <summary>A regular file.</summary>
    File,

    /// <summary>A folder.</summary>
    Folder,

    /// <summary>A link, pipe, socket or device.</summary>
    Special,
}

/// <summary>One name in a folder.</summary>
/// <param name="Name">The name; bytes that are not UTF-8 are replaced.</param>
/// <param name="Kind">What it stands for; links are not followed.</param>
/// <param name="Length">Length in bytes of a regular file.</param>
/// <param name="ModifiedSeconds">Last change, in seconds since 1970.</param>
public sealed record FolderEntry(string Name, EntryKind Kind, long Length, long ModifiedSeconds)
{
    /// <summary>When something of it last changed, by the kernel's clock; who owns the file cannot set this.</summary>
    public DateTimeOffset Changed { get; init; }

    /// <summary>Differs from an earlier one whenever the file was written, replaced, or given to somebody else since: inode, length and both times to the nanosecond. Kernels count time in
    /// ticks of up to 10 ms: two changes within one tick look like one.</summary>
    public string Stamp { get; init; } = "";

    /// <summary>The user whose file it is.</summary>
    public uint Owner { get; init; }

    /// <summary>The file's mode bits, without its type.</summary>
    public int Mode { get; init; }
}

/// <summary>Space of the file system that a folder is on, in bytes.</summary>
/// <param name="Total">All of it.</param>
/// <param name="Free">What this user can still take.</param>
/// <param name="IsReadOnly">True when it is mounted read-only.</param>
public sealed record FileSystemSpace(long Total, long Free, bool IsReadOnly);

/// <summary>
/// An open folder. Every name is one part of a path (never with a slash) and is taken as it is: a symbolic link in its place is refused, so whoever can write
/// below the folder cannot lead this program out of it, not even by exchanging names between two calls.
/// </summary>
public sealed unsafe class LinuxFolder : IDisposable
{
    private const uint TypeMask = 0xF000, TypeFolder = 0x4000, TypeFile = 0x8000;
    private const ulong ReadOnlyFlag = 1; // ST_RDONLY of statvfs(3)
    private readonly SafeFileHandle _handle;

    private LinuxFolder(SafeFileHandle handle, string path) => (_handle, Path) = (handle, path);

    /// <summary>The path it was opened by, or what it is called in messages.</summary>
    public string Path { get; }

    internal SafeFileHandle Handle => _handle;

    /// <summary>Opens a folder by a path of this machine. Links in the path are followed: they are the caller's choice.</summary>
    /// <param name="path">The path.</param>
    /// <param name="shownAs">What messages call it instead, such as the address of the share that is mounted there; null for the path.</param>
    /// <exception cref="SystemCallException">The system refuses; <see cref="Errno.ENOTDIR"/> when it is no folder.</exception>
    public static LinuxFolder Open(string path, string? shownAs = null)
    {
        var descriptor = LibC.open(path, LibC.O_RDONLY | LibC.O_DIRECTORY | LibC.O_CLOEXEC, 0);
        return descriptor < 0 ? throw SystemCallException.Last("open", shownAs ?? path) : new LinuxFolder(new SafeFileHandle(descriptor, ownsHandle: true), shownAs ?? path);
    }

    /// <summary>Opens a folder in this one; <c>.</c> opens this one again.</summary>
    /// <exception cref="SystemCallException">The system refuses; <see cref="Errno.ENOTDIR"/> or <see cref="Errno.ELOOP"/> when the name is no folder.</exception>
    public LinuxFolder OpenFolder(string name)
    {
        var descriptor = LibC.openat(_handle, name, LibC.O_RDONLY | LibC.O_DIRECTORY | LibC.O_NOFOLLOW | LibC.O_CLOEXEC, 0);
        return descriptor < 0 ? throw Refusal("open", name) : new LinuxFolder(new SafeFileHandle(descriptor, ownsHandle: true), PathOf(name));
    }

    /// <summary>Opens a regular file in this folder; anything else, a link included, is as if it were not there (<see cref="Errno.ENOENT"/>). Never waits for a pipe's other end.</summary>
    /// <exception cref="SystemCallException">The system refuses.</exception>
    public LinuxFile OpenFile(string name, OpenFor mode)
    {
        // Looked at before it is opened, because opening some devices already does something, and after, because the name may have changed hands.
        if (!mode.HasFlag(OpenFor.CreateNew) && Find(name)?.Kind != EntryKind.File) throw new SystemCallException("open", PathOf(name), Errno.ENOENT);
        var flags = LibC.O_CLOEXEC | LibC.O_NOFOLLOW | LibC.O_NONBLOCK | LibC.O_NOCTTY;
        flags |= mode.HasFlag(OpenFor.Writing) ? LibC.O_RDWR : LibC.O_RDONLY;
        if (mode.HasFlag(OpenFor.CreateNew)) flags |= LibC.O_CREAT | LibC.O_EXCL;
        var descriptor = LibC.openat(_handle, name, flags, 0x1B6 /* 0666, less the umask */);
        if (descriptor < 0) throw Refusal("open", name);
        var handle = new SafeFileHandle(descriptor, ownsHandle: true);
        if (Status(handle, "", LibC.AT_EMPTY_PATH, out var status) && (status.Mode & TypeMask) == TypeFile) return LinuxFile.Over(handle, PathOf(name));
        handle.Dispose();
        throw new SystemCallException("open", PathOf(name), Errno.ENOENT);
    }

    /// <summary>Looks up a name.</summary>
    /// <returns>Null when it is not there.</returns>
    /// <exception cref="SystemCallException">The system refuses.</exception>
    public FolderEntry? Find(string name)
    {
        if (Status(_handle, name, LibC.AT_SYMLINK_NOFOLLOW, out var status)) return EntryOf(name, status);
        return (Errno)Marshal.GetLastPInvokeError() is Errno.ENOENT or Errno.ENOTDIR ? null : throw Refusal("stat", name);
    }

    /// <summary>Lists what is in the folder, without <c>.</c> and <c>..</c>; a name that goes away meanwhile is left out.</summary>
    /// <param name="limit">Stops after so many names.</param>
    /// <exception cref="SystemCallException">The system refuses.</exception>
    public IReadOnlyList<FolderEntry> List(int limit)
    {
        // The position of a listing belongs to the open folder: each listing opens it anew, so that two may run at once.
        using var listing = OpenFolder(".");
        var entries = new List<FolderEntry>();
        var buffer = new byte[32768];
        fixed (byte* start = buffer)
        {
            while (true)
            {
                var count = LibC.getdents64(listing._handle, start, (nuint)buffer.Length);
                if (count < 0) throw SystemCallException.Last("list", Path);
                if (count == 0) return entries;
                // struct linux_dirent64: inode (8), offset (8), record length (2), type (1), name up to a NUL.
                for (var record = start; record < start + count; record += *(ushort*)(record + 16))
                {
                    if (entries.Count >= limit) return entries;
                    if (EntryAt(record + 19) is { } entry) entries.Add(entry);
                }
            }
        }
    }

    /// <summary>Makes a folder; its permissions are the user's default ones.</summary>
    /// <exception cref="SystemCallException">The system refuses; <see cref="Errno.EEXIST"/> when the name is taken.</exception>
    public void MakeFolder(string name)
    {
        if (LibC.mkdirat(_handle, name, 0x1FF /* 0777, less the umask */) != 0) throw Refusal("mkdir", name);
    }

    /// <summary>Renames and fails with <see cref="Errno.EEXIST"/> when the new name is taken; see <see cref="LinuxNames.RenameWithoutReplacing"/>.</summary>
    /// <exception cref="SystemCallException">The system refuses.</exception>
    public void RenameWithoutReplacing(string oldName, string newName)
    {
        if (LibC.renameat2(_handle, oldName, _handle, newName, LibC.RENAME_NOREPLACE) == 0) return;
        if ((Errno)Marshal.GetLastPInvokeError() is not (Errno.EINVAL or Errno.ENOSYS or Errno.EOPNOTSUPP)) throw Refusal("rename", newName);
        if (LibC.linkat(_handle, oldName, _handle, newName, 0) == 0)
        {
            if (LibC.unlinkat(_handle, oldName, 0) != 0) throw Refusal("unlink", oldName);
            return;
        }

        // Without hard links either (FAT, exFAT) only a look before the rename is left; the store's lease keeps others away.
        if ((Errno)Marshal.GetLastPInvokeError() is not (Errno.EPERM or Errno.EOPNOTSUPP or Errno.ENOSYS)) throw Refusal("link", newName);
        if (Find(newName) is not null) throw new SystemCallException("rename", PathOf(newName), Errno.EEXIST);
        Replace(oldName, newName);
    }

    /// <summary>Renames over whatever has the new name.</summary>
    /// <exception cref="SystemCallException">The system refuses.</exception>
    public void Replace(string oldName, string newName)
    {
        if (LibC.renameat2(_handle, oldName, _handle, newName, 0) != 0) throw Refusal("rename", newName);
    }

    /// <summary>Gives a file of this folder a further name in another one.</summary>
    /// <returns>False where the two are not on one file system, or it has no such names, or the file is immutable.</returns>
    /// <exception cref="SystemCallException">The system refuses for another reason; <see cref="Errno.EEXIST"/> when the name is taken.</exception>
    public bool TryLink(string name, LinuxFolder target, string newName)
    {
        if (LibC.linkat(_handle, name, target._handle, newName, 0) == 0) return true;
        return (Errno)Marshal.GetLastPInvokeError() is Errno.EXDEV or Errno.EPERM or Errno.EOPNOTSUPP or Errno.ENOSYS ? false : throw target.Refusal("link", newName);
    }

    /// <summary>Removes a file name, or the name of an empty folder.</summary>
    /// <returns>False when it was not there.</returns>
    /// <exception cref="SystemCallException">The system refuses.</exception>
    public bool Remove(string name, EntryKind kind)
    {
        if (LibC.unlinkat(_handle, name, kind == EntryKind.Folder ? LibC.AT_REMOVEDIR : 0) == 0) return true;
        return (Errno)Marshal.GetLastPInvokeError() == Errno.ENOENT ? false : throw Refusal("remove", name);
    }

    /// <summary>Waits until the names in the folder are on the medium.</summary>
    /// <returns>False where the file system cannot flush folders.</returns>
    /// <exception cref="SystemCallException">The system refuses.</exception>
    public bool Flush()
    {
        if (LibC.fsync(_handle) == 0) return true;
        return (Errno)Marshal.GetLastPInvokeError() is Errno.EINVAL or Errno.EOPNOTSUPP or Errno.ENOSYS ? false : throw SystemCallException.Last("fsync", Path);
    }

    /// <summary>True when this user may make and remove names in the folder.</summary>
    public bool IsWritable => LibC.faccessat(_handle, ".", LibC.W_OK | LibC.X_OK, 0) == 0;

    /// <summary>The space of the file system it is on.</summary>
    /// <exception cref="SystemCallException">The system refuses.</exception>
    public FileSystemSpace FindSpace()
    {
        LibC.StatVfs space;
        if (LibC.fstatvfs(_handle, &space) != 0) throw SystemCallException.Last("statvfs", Path);
        return new FileSystemSpace(BytesOf(space.Blocks, space.FragmentBytes), BytesOf(space.BlocksAvailable, space.FragmentBytes), (space.Flags & ReadOnlyFlag) != 0);
    }

    /// <inheritdoc/>
    public void Dispose() => _handle.Dispose();

    private static bool Status(SafeFileHandle folder, string name, int flags, out LibC.StatX status)
    {
        fixed (byte* bytes = Encoding.UTF8.GetBytes(name + '\0'))
        fixed (LibC.StatX* result = &status)
            return LibC.statx(folder, bytes, flags, LibC.STATX_BASIC_STATS, result) == 0;
    }

    private static FolderEntry EntryOf(string name, in LibC.StatX status)
    {
        var kind = (status.Mode & TypeMask) switch { TypeFile => EntryKind.File, TypeFolder => EntryKind.Folder, _ => EntryKind.Special };
        var length = kind == EntryKind.File ? (long)status.Size : 0;
        return new FolderEntry(name, kind, length, status.ModifiedSeconds)
        {
            Changed = DateTimeOffset.FromUnixTimeSeconds(Math.Clamp(status.ChangedSeconds, -62_135_596_800, 253_402_300_799)),
            Stamp = string.Create(CultureInfo.InvariantCulture, $"{status.Inode}:{length}:{status.ModifiedSeconds}.{status.ModifiedNanoseconds}:{status.ChangedSeconds}.{status.ChangedNanoseconds}"),
            Owner = status.Owner,
            Mode = status.Mode & 0xFFF,
        };
    }

    private FolderEntry? EntryAt(byte* name)
    {
        var bytes = MemoryMarshal.CreateReadOnlySpanFromNullTerminated(name);
        if (bytes.SequenceEqual("."u8) || bytes.SequenceEqual(".."u8)) return null;
        LibC.StatX status;
        // By its raw bytes: a name that is not UTF-8 could not be found again by its text.
        if (LibC.statx(_handle, name, LibC.AT_SYMLINK_NOFOLLOW, LibC.STATX_BASIC_STATS, &status) == 0) return EntryOf(Encoding.UTF8.GetString(bytes), status);
        return (Errno)Marshal.GetLastPInvokeError() == Errno.ENOENT ? null : throw SystemCallException.Last("stat", PathOf(Encoding.UTF8.GetString(bytes)));
    }

    // Some network file systems answer with "as much as you like".
    private static long BytesOf(ulong blocks, ulong blockBytes) => (long)UInt128.Min((UInt128)blocks * blockBytes, long.MaxValue);

    private string PathOf(string name) => name == "." ? Path : System.IO.Path.Combine(Path, name);

    private SystemCallException Refusal(string call, string name) => SystemCallException.Last(call, PathOf(name));
}
