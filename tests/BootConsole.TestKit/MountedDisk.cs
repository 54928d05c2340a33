// A mounted file system.
namespace BootConsole.TestKit;

/// <summary>A device mounted at a folder, unmounted on dispose.</summary>
public sealed class MountedDisk : IDisposable
{
    private MountedDisk(string folder) => Folder = folder;

    /// <summary>Where it is mounted.</summary>
    public string Folder { get; }

    /// <summary>Mounts a device at a folder, which is made when missing.</summary>
    public static MountedDisk Mount(string device, string folder)
    {
        Directory.CreateDirectory(folder);
        DiskTool.Run("mount", device, folder);
        return new MountedDisk(folder);
    }

    /// <summary>Mounts a device at a folder, NTFS by its program in user space.</summary>
    public static MountedDisk Mount(string device, string folder, string type)
    {
        if (type != "ntfs") return Mount(device, folder);
        Directory.CreateDirectory(folder);
        DiskTool.Run("ntfs-3g", device, folder);
        return new MountedDisk(folder);
    }

    /// <summary>Mounts a ramfs: a file system in memory that knows no direct I/O.</summary>
    public static MountedDisk MountWithoutDirectReads(string folder)
    {
        Directory.CreateDirectory(folder);
        DiskTool.Run("mount", "-t", "ramfs", "none", folder);
        return new MountedDisk(folder);
    }

    public void Dispose() => DiskTool.Run("umount", Folder);
}
