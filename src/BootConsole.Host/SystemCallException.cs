// A system call said no: which one, on what, and why.
using System.Runtime.InteropServices;

namespace BootConsole.Host;

/// <summary>The error numbers that callers tell apart (Linux, <c>errno(3)</c>).</summary>
public enum Errno
{
    /// <summary>Operation not permitted.</summary>
    EPERM = 1,

    /// <summary>No such file or directory.</summary>
    ENOENT = 2,

    /// <summary>Input/output error.</summary>
    EIO = 5,

    /// <summary>No such device or address.</summary>
    ENXIO = 6,

    /// <summary>Resource temporarily unavailable.</summary>
    EAGAIN = 11,

    /// <summary>Permission denied.</summary>
    EACCES = 13,

    /// <summary>Device or resource busy.</summary>
    EBUSY = 16,

    /// <summary>File exists.</summary>
    EEXIST = 17,

    /// <summary>Across two file systems.</summary>
    EXDEV = 18,

    /// <summary>No such device.</summary>
    ENODEV = 19,

    /// <summary>Not a directory.</summary>
    ENOTDIR = 20,

    /// <summary>Is a directory.</summary>
    EISDIR = 21,

    /// <summary>Invalid argument.</summary>
    EINVAL = 22,

    /// <summary>Not a device that knows the request.</summary>
    ENOTTY = 25,

    /// <summary>The file is a program that runs, or a swap file in use.</summary>
    ETXTBSY = 26,

    /// <summary>File too large.</summary>
    EFBIG = 27,

    /// <summary>No space left on device.</summary>
    ENOSPC = 28,

    /// <summary>Read-only file system.</summary>
    EROFS = 30,

    /// <summary>Function not implemented.</summary>
    ENOSYS = 38,

    /// <summary>Directory not empty.</summary>
    ENOTEMPTY = 39,

    /// <summary>Too many symbolic links, or one where none may be.</summary>
    ELOOP = 40,

    /// <summary>No data (a medium error as some drivers report it).</summary>
    ENODATA = 61,

    /// <summary>The way to the disk failed (a transport error as the block layer reports it).</summary>
    ENOLINK = 67,

    /// <summary>Illegal byte sequence (a protection error as the block layer reports it).</summary>
    EILSEQ = 84,

    /// <summary>Operation not supported.</summary>
    EOPNOTSUPP = 95,

    /// <summary>The connection was given up.</summary>
    ECONNABORTED = 103,

    /// <summary>The connection was reset by the other end.</summary>
    ECONNRESET = 104,

    /// <summary>The file system in user space behind the file is gone.</summary>
    ENOTCONN = 107,

    /// <summary>The other end has shut down.</summary>
    ESHUTDOWN = 108,

    /// <summary>The device did not answer in time.</summary>
    ETIMEDOUT = 110,

    /// <summary>The host is down.</summary>
    EHOSTDOWN = 112,

    /// <summary>No way to the host.</summary>
    EHOSTUNREACH = 113,

    /// <summary>The network file is no longer there.</summary>
    ESTALE = 116,

    /// <summary>The device reported an error of its own.</summary>
    EREMOTEIO = 121,

    /// <summary>Disk quota exceeded.</summary>
    EDQUOT = 122,

    /// <summary>No medium found.</summary>
    ENOMEDIUM = 123,
}

/// <summary>A failed system call. Callers turn it into the fault of their layer; it never reaches a person as it is.</summary>
public sealed class SystemCallException : IOException
{
    /// <summary>Makes the exception for <paramref name="call"/> on <paramref name="path"/>.</summary>
    public SystemCallException(string call, string path, Errno error) : base($"{call} {path}: {Describe(error)}")
    {
        Error = error;
        Path = path;
    }

    /// <summary>The error number.</summary>
    public Errno Error { get; }

    /// <summary>The file or device.</summary>
    public string Path { get; }

    /// <summary>The system's own words for an error number: "No space left on device".</summary>
    public static string Describe(Errno error) => Marshal.PtrToStringUTF8(LibC.strerror((int)error)) ?? error.ToString();

    internal static SystemCallException Last(string call, string path) => new(call, path, (Errno)Marshal.GetLastPInvokeError());
}
