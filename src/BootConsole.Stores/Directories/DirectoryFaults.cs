// The system's error numbers as the faults of a store.
using BootConsole.Core;
using BootConsole.Host;

namespace BootConsole.Stores.Directories;

/// <summary>Turns a refused system call into a <see cref="StoreFault"/>.</summary>
internal static class DirectoryFaults
{
    /// <summary>The fault for <paramref name="refusal"/>.</summary>
    /// <param name="what">What could not be done: "the file cannot be created".</param>
    /// <param name="refusal">The system call that said no.</param>
    /// <param name="findFree">Free bytes, asked only for a full store; null when unknown.</param>
    /// <param name="mounted">What is mounted there; null for a plain folder.</param>
    internal static StoreFault From(string what, SystemCallException refusal, Func<long?> findFree, MountAddress? mounted = null)
    {
        var problem = ProblemOf(refusal.Error);
        return new StoreFault(problem, problem == StoreProblem.Full ? "the store is full" : what, refusal)
        {
            Which = refusal.Path,
            Found = problem == StoreProblem.Full && findFree() is { } free ? $"{ByteSize.Format(free)} free" : SystemCallException.Describe(refusal.Error),
            Remedy = RemedyFor(refusal.Error, mounted),
        };
    }

    /// <summary>True for what a share says when its server went away (nfs(5) with <c>soft</c>, mount.cifs(8)), or is just back and not quite ready (EAGAIN of the SMB client).</summary>
    internal static bool IsLoss(Errno error) => error is Errno.EAGAIN or Errno.EIO or Errno.ESTALE or Errno.ETIMEDOUT or Errno.EHOSTDOWN or Errno.EHOSTUNREACH or Errno.ENOTCONN or Errno.ECONNRESET or Errno.ECONNABORTED;

    /// <summary>What to do about a store that this user may not write or read.</summary>
    internal static string RightsRemedy(MountAddress? mounted) => mounted switch
    {
        // Root of this PC is nobody there, unless the server says otherwise: what most exports are refused for.
        NfsAddress => "Check the export on the server: this PC has to be allowed to write (rw), and its root has to stay root (no_root_squash) or the folder has to belong to the user whom root becomes.",
        SmbAddress => "Check the share on the server: it has to be writable (read only = no), and its folder for the user of the credentials file.",
        _ => "Check owner and permissions of the store's folder.",
    };

    private static StoreProblem ProblemOf(Errno error) => error switch
    {
        // A link where a folder should be is as good as nothing there.
        Errno.ENOENT or Errno.ENOTDIR or Errno.ELOOP => StoreProblem.Missing,
        Errno.EEXIST => StoreProblem.Exists,
        Errno.ENOSPC or Errno.EDQUOT => StoreProblem.Full,
        Errno.EACCES or Errno.EPERM or Errno.EROFS => StoreProblem.Denied,
        _ => StoreProblem.Other,
    };

    private static string RemedyFor(Errno error, MountAddress? mounted) => error switch
    {
        Errno.EACCES or Errno.EPERM => RightsRemedy(mounted),
        Errno.EROFS when mounted is NfsAddress or SmbAddress => RightsRemedy(mounted),
        Errno.ENOSPC => "Free some space on the store, or delete images that are no longer needed; a backup that is started again goes on with what it has saved.",
        Errno.EDQUOT => "The quota of this user is used up: delete images that are no longer needed, or have it raised; a backup that is started again goes on with what it has saved.",
        Errno.EROFS => "The file system is mounted read-only; after a disk error Linux does that by itself.",
        Errno.EFBIG => "The store's file system cannot hold a file of this size (FAT stops at 4 GiB).",
        Errno.EIO => "The store's medium cannot be read or written; check its cable and the kernel's log.",
        _ => "",
    };
}
