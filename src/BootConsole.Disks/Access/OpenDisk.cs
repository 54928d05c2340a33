// Opens disks of either kind.
namespace BootConsole.Disks.Access;

/// <summary>The doors to a disk: one for reading, one for writing. Where a device and an image file differ is not the caller's matter.</summary>
public static class OpenDisk
{
    /// <summary>Opens a disk for reading; nothing can be written through it.</summary>
    /// <exception cref="Core.RefusedFault">It may not be opened, or is not the one that was chosen.</exception>
    /// <exception cref="Core.DiskFault">It is gone or gives errors.</exception>
    public static IDisk ForReading(DiskInfo info) => info.IsImageFile ? DiskFile.Open(info) : BlockDisk.Open(info);

    /// <summary>Takes a disk for writing: for a confirmed restore alone.</summary>
    /// <exception cref="Core.RefusedFault">It is in use, read-only, or not the one that was chosen.</exception>
    /// <exception cref="Core.DiskFault">It is gone or gives errors.</exception>
    public static IWritableDisk ForWriting(DiskInfo info) => info.IsImageFile ? WritableDiskFile.Open(info) : WritableBlockDisk.Open(info);
}
