// A file system of a test, mounted.
namespace BootConsole.TestKit;

/// <summary>A mount. Dispose unmounts (which waits until the file system is clean) and lets go of what was made for it.</summary>
public sealed class MountedFolder : IDisposable
{
    private readonly IDisposable[] _owned;

    private MountedFolder(string path, string device, params IDisposable[] owned) => (Path, Device, _owned) = (path, device, owned);

    /// <summary>Where it is mounted.</summary>
    public string Path { get; }

    /// <summary>The device that is mounted.</summary>
    public string Device { get; }

    /// <summary>Mounts a device at a folder, which is made when missing; NTFS by its program in user space.</summary>
    public static MountedFolder Mount(string device, string folder, string type = "", string options = "")
    {
        SystemTool.Run(type == "ntfs" ? "ntfs-3g" : "mount", [.. options.Length > 0 ? ["-o", options] : (string[])[], device, Directory.CreateDirectory(folder).FullName]);
        return new MountedFolder(folder, device);
    }

    /// <summary>Mounts a ramfs: a file system in memory that knows no direct I/O.</summary>
    public static MountedFolder MountWithoutDirectReads(string folder)
    {
        SystemTool.Run("mount", "-t", "ramfs", "none", Directory.CreateDirectory(folder).FullName);
        return new MountedFolder(folder, "none");
    }

    /// <summary>Mounts a loop device at a folder of its own and takes it over.</summary>
    internal static MountedFolder Mount(LoopDisk device, string type, string options)
    {
        var folder = new TempFolder();
        var path = Directory.CreateDirectory(folder["mounted"]).FullName;
        var program = type switch { "ntfs" => "ntfs-3g", "exfat" => "mount.exfat-fuse", _ => "mount" };
        string[] kind = program == "mount" ? ["-t", type] : [];
        try
        {
            SystemTool.Run(program, [.. kind, "-o", options, device.Path, path]);
            return new MountedFolder(path, device.Path, device, folder);
        }
        catch
        {
            device.Dispose();
            folder.Dispose();
            throw;
        }
    }

    public void Dispose()
    {
        // A program that another test starts right now has this test's open files for the moment between fork and exec, and the mount is busy for that long.
        for (var tries = 0; tries < 100 && SystemTool.Try("umount", Path).Error.Contains("target is busy", StringComparison.Ordinal);) tries++;
        if (File.ReadLines("/proc/self/mounts").Any(line => line.Contains(Path, StringComparison.Ordinal))) throw new InvalidOperationException($"{Path} stays mounted");
        foreach (var owned in _owned) owned.Dispose();
    }
}
