// Why a disk could not be opened, in the words of a fault.
using BootConsole.Core;
using BootConsole.Host;

namespace BootConsole.Disks.Access;

/// <summary>Turns a failed <c>open</c> of a disk into a fault. Nothing was written, so all but trouble of the disk itself is a refusal.</summary>
internal static class OpenErrors
{
    internal static Fault Fault(SystemCallException cause) => cause.Error switch
    {
        Errno.ENOENT or Errno.ENOTDIR => Refused(cause, "there is no such disk", "Look at the list of disks."),
        Errno.EACCES or Errno.EPERM => Refused(cause, "the disk may not be opened", "Run as root."),
        Errno.EROFS => Refused(cause, "the disk is read-only", ""),
        Errno.ETXTBSY => Refused(cause, "the file is in use as swap space or as a running program", ""),
        Errno.EISDIR => Refused(cause, "this is a folder, neither a disk nor an image file", ""),
        _ => DiskErrors.Fault(cause, "opened", range: null, isGone: false),
    };

    private static RefusedFault Refused(SystemCallException cause, string what, string remedy) =>
        new(what, cause) { Which = cause.Path, Found = SystemCallException.Describe(cause.Error), Remedy = remedy };
}
