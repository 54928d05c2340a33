// Names in folders: renaming without overwriting, hard links, flushing a folder.
using System.Runtime.InteropServices;

namespace BootConsole.Host;

/// <summary>Operations on file names that .NET has no race-free call for.</summary>
public static class LinuxNames
{
    /// <summary>Renames a file and fails with <see cref="Errno.EEXIST"/> when the new name is taken: <c>renameat2</c> with NOREPLACE, else link and unlink.</summary>
    /// <exception cref="SystemCallException">The system refuses.</exception>
    public static void RenameWithoutReplacing(string oldPath, string newPath)
    {
        if (LibC.renameat2(LibC.AT_FDCWD, oldPath, LibC.AT_FDCWD, newPath, LibC.RENAME_NOREPLACE) == 0) return;
        // File systems without the flag (some network and FUSE ones) answer EINVAL or ENOSYS.
        if ((Errno)Marshal.GetLastPInvokeError() is not (Errno.EINVAL or Errno.ENOSYS or Errno.EOPNOTSUPP)) throw SystemCallException.Last("rename", newPath);
        if (LibC.link(oldPath, newPath) == 0)
        {
            if (LibC.unlink(oldPath) != 0) throw SystemCallException.Last("unlink", oldPath);
            return;
        }

        // Without hard links either (FAT, exFAT) only a look before the rename is left; the store's lease keeps others away.
        if ((Errno)Marshal.GetLastPInvokeError() is not (Errno.EPERM or Errno.EOPNOTSUPP or Errno.ENOSYS)) throw SystemCallException.Last("link", newPath);
        if (Path.Exists(newPath)) throw new SystemCallException("rename", newPath, Errno.EEXIST);
        Replace(oldPath, newPath);
    }

    /// <summary>Renames a file over whatever has the new name.</summary>
    /// <exception cref="SystemCallException">The system refuses.</exception>
    public static void Replace(string oldPath, string newPath)
    {
        if (LibC.rename(oldPath, newPath) != 0) throw SystemCallException.Last("rename", newPath);
    }

    /// <summary>Exchanges two names in one step: whoever looks finds either the old state or the new one.</summary>
    /// <exception cref="SystemCallException">The system refuses, or the file system cannot (<see cref="Errno.EINVAL"/>).</exception>
    public static void Exchange(string onePath, string otherPath)
    {
        if (LibC.renameat2(LibC.AT_FDCWD, onePath, LibC.AT_FDCWD, otherPath, LibC.RENAME_EXCHANGE) != 0) throw SystemCallException.Last("rename", otherPath);
    }

    /// <summary>Gives a file one more name.</summary>
    /// <returns>False where it cannot have one there: another file system, or one without hard links.</returns>
    /// <exception cref="SystemCallException">The system refuses for another reason.</exception>
    public static bool Link(string path, string newPath)
    {
        if (LibC.link(path, newPath) == 0) return true;
        return (Errno)Marshal.GetLastPInvokeError() is Errno.EPERM or Errno.EXDEV or Errno.EOPNOTSUPP or Errno.ENOSYS ? false : throw SystemCallException.Last("link", newPath);
    }

    /// <summary>The absolute path with every symbolic link followed (<c>realpath</c>).</summary>
    /// <returns>Null when nothing is there.</returns>
    /// <exception cref="SystemCallException">The system refuses to look.</exception>
    public static unsafe string? Resolve(string path)
    {
        var resolved = LibC.realpath(path, null);
        if (resolved is null)
            return (Errno)Marshal.GetLastPInvokeError() is Errno.ENOENT or Errno.ENOTDIR ? null : throw SystemCallException.Last("realpath", path);
        var text = Marshal.PtrToStringUTF8((nint)resolved);
        LibC.free(resolved);
        return text;
    }

    /// <summary>Makes a folder that only this user can enter; fails with <see cref="Errno.EEXIST"/> when the name is taken, so that nobody can have put it there before.</summary>
    /// <exception cref="SystemCallException">The system refuses.</exception>
    public static void MakePrivateFolder(string path)
    {
        if (LibC.mkdir(path, 0x1C0 /* 0700 */) != 0) throw SystemCallException.Last("mkdir", path);
    }

    /// <summary>Sets who may read, write and enter a file or folder, whatever the umask is.</summary>
    /// <exception cref="SystemCallException">The system refuses.</exception>
    public static void SetMode(string path, UnixFileMode mode)
    {
        if (LibC.chmod(path, (uint)mode) != 0) throw SystemCallException.Last("chmod", path);
    }

    /// <summary>Removes a file name.</summary>
    /// <returns>False when it was not there.</returns>
    /// <exception cref="SystemCallException">The system refuses.</exception>
    public static bool Remove(string path)
    {
        if (LibC.unlink(path) == 0) return true;
        return (Errno)Marshal.GetLastPInvokeError() == Errno.ENOENT ? false : throw SystemCallException.Last("unlink", path);
    }

    /// <summary>Waits until the names in a folder are on the medium.</summary>
    /// <returns>False where the file system cannot flush folders.</returns>
    public static bool FlushFolder(string path)
    {
        using var folder = LinuxFile.Open(path, OpenFor.Folder);
        try
        {
            folder.Flush();
            return true;
        }
        catch (SystemCallException refusal) when (refusal.Error is Errno.EINVAL or Errno.EOPNOTSUPP or Errno.ENOSYS)
        {
            return false;
        }
    }
}
