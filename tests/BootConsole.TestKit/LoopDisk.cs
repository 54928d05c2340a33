// A real block device made of a file.
using System.Globalization;

namespace BootConsole.TestKit;

/// <summary>A loop device, detached on dispose.</summary>
public sealed class LoopDisk : IDisposable
{
    private bool _isAttached = true;

    private LoopDisk(string path, string file) => (Path, BackingFile) = (path, file);

    /// <summary>The device: <c>/dev/loop3</c>.</summary>
    public string Path { get; }

    /// <summary>The file behind it.</summary>
    public string BackingFile { get; }

    /// <summary>Attaches a file.</summary>
    public static LoopDisk Attach(string file, int sectorBytes = 512, bool isReadOnly = false)
    {
        var size = sectorBytes.ToString(CultureInfo.InvariantCulture);
        string[] mode = isReadOnly ? ["--read-only"] : [];
        return new LoopDisk(DiskTool.Run("losetup", ["--find", "--show", "--sector-size", size, .. mode, file]).Trim(), file);
    }

    /// <summary>Makes a sparse file of a length and attaches it.</summary>
    public static LoopDisk Create(string file, long bytes, int sectorBytes = 512)
    {
        using (var stream = new FileStream(file, FileMode.CreateNew)) stream.SetLength(bytes);
        return Attach(file, sectorBytes);
    }

    /// <summary>Tells the device that the length of its file changed.</summary>
    public void TakeNewLength() => DiskTool.Run("losetup", "--set-capacity", Path);

    /// <summary>Detaches the file now.</summary>
    public void Detach()
    {
        if (_isAttached) DiskTool.Run("losetup", "--detach", Path);
        _isAttached = false;
    }

    public void Dispose() => Detach();
}
