// A file system of a test, mounted.
namespace BootConsole.TestKit;

/// <summary>A mount of a loop device. Dispose unmounts (which waits until the file system is clean) and detaches.</summary>
public sealed class MountedFolder : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly LoopDevice _device;

    internal MountedFolder(LoopDevice device, string type, string options)
    {
        _device = device;
        Path = Directory.CreateDirectory(_folder["mounted"]).FullName;
        var program = type switch { "ntfs" => "ntfs-3g", "exfat" => "mount.exfat-fuse", _ => "mount" };
        string[] kind = program == "mount" ? ["-t", type] : [];
        try
        {
            SystemTool.Run(program, [.. kind, "-o", options, device.Path, Path]);
        }
        catch
        {
            device.Dispose();
            _folder.Dispose();
            throw;
        }
    }

    /// <summary>Where it is mounted.</summary>
    public string Path { get; }

    /// <summary>The device that is mounted.</summary>
    public string Device => _device.Path;

    public void Dispose()
    {
        SystemTool.Run("umount", Path);
        _device.Dispose();
        _folder.Dispose();
    }
}
