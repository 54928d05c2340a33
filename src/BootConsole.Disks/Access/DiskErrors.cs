// From error numbers to faults: a bad sector, a disk that is gone, or something else.
using BootConsole.Core;
using BootConsole.Host;

namespace BootConsole.Disks.Access;

/// <summary>Turns a failed system call on a disk into a <see cref="DiskFault"/>.</summary>
internal static class DiskErrors
{
    /// <summary>What an error number of a read or write says about the disk; Linux <c>block/blk-core.c</c>, <c>blk_errors</c>, lists those of the block layer.</summary>
    internal static DiskProblem Classify(Errno error) => error switch
    {
        Errno.EIO or Errno.ENODATA or Errno.EILSEQ or Errno.EREMOTEIO or Errno.ETIMEDOUT or Errno.ENOLINK => DiskProblem.BadSectors,
        // ENOTCONN, ESHUTDOWN and ESTALE: an image file on a network or user-space file system that went away.
        Errno.ENODEV or Errno.ENXIO or Errno.ENOMEDIUM or Errno.ENOTCONN or Errno.ESHUTDOWN or Errno.ESTALE => DiskProblem.Gone,
        _ => DiskProblem.Other,
    };

    /// <summary>Makes the fault.</summary>
    /// <param name="cause">What the system said.</param>
    /// <param name="deed">"read", "written", "zeroed", "flushed".</param>
    /// <param name="range">The bytes it was about; null for the whole disk.</param>
    /// <param name="isGone">True when a look at the device showed that it is no longer there, whatever the error number: an unplugged disk answers EIO.</param>
    internal static DiskFault Fault(SystemCallException cause, string deed, ByteRange? range, bool isGone)
    {
        var problem = isGone ? DiskProblem.Gone : Classify(cause.Error);
        return problem == DiskProblem.Gone
            ? Gone(cause.Path, range, cause)
            : new DiskFault($"the disk could not be {deed}", cause)
            {
                Which = cause.Path,
                Problem = problem,
                Range = range,
                Found = SystemCallException.Describe(cause.Error),
                Remedy = cause.Error is Errno.ENOSPC or Errno.EDQUOT ? "Make space on the file system that holds the image file." : "",
            };
    }

    internal static DiskFault Gone(string path, ByteRange? range, Exception? cause = null) => new("the disk is no longer there", cause)
    {
        Which = path,
        Problem = DiskProblem.Gone,
        Range = range,
        Remedy = "Check cable and power; nothing is wrong with what was read before.",
    };
}
