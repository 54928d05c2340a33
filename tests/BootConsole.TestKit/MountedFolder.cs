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
        // A program that another test starts right now has this test's open files for the moment between fork and exec, and the mount is busy for that long.
        for (var tries = 0; tries < 100 && SystemTool.Try("umount", Path).Error.Contains("target is busy", StringComparison.Ordinal);) tries++;
        if (File.ReadLines("/proc/self/mounts").Any(line => line.Contains(Path, StringComparison.Ordinal))) throw new InvalidOperationException($"{Path} stays mounted");
        _device.Dispose();
        _folder.Dispose();
    }
}
