// A real block device made of a file.
using System.Globalization;
using BootConsole.Core;

namespace BootConsole.TestKit;

/// <summary>A loop device, detached on dispose. Detaching writes what the device still holds to the file.</summary>
public sealed class LoopDisk : IDisposable
{
    private bool _isAttached = true;

    private LoopDisk(string path, string file) => (Path, BackingFile) = (path, file);

    /// <summary>The device: <c>/dev/loop3</c>.</summary>
    public string Path { get; }

    /// <summary>The file behind it.</summary>
    public string BackingFile { get; }

    /// <summary>Attaches a file, or a range of it.</summary>
    public static LoopDisk Attach(string file, int sectorBytes = 512, bool isReadOnly = false, ByteRange? range = null)
    {
        string[] mode = isReadOnly ? ["--read-only"] : [];
        string[] part = range is { } bytes ? ["--offset", Text(bytes.Start), "--sizelimit", Text(bytes.Length)] : [];
        var path = SystemTool.Run("losetup", ["--find", "--show", "--sector-size", Text(sectorBytes), .. mode, .. part, file]).Trim();
        // A device that someone made read-only (blockdev --setro) stays so for its next users.
        if (!isReadOnly) SystemTool.Run("blockdev", "--setrw", path);
        return new LoopDisk(path, file);
    }

    /// <summary>Makes a sparse file of a length and attaches it.</summary>
    public static LoopDisk Create(string file, long bytes, int sectorBytes = 512) => Attach(PartitionedImage.Sparse(file, bytes), sectorBytes);

    /// <summary>Tells the device that the length of its file changed.</summary>
    public void TakeNewLength() => SystemTool.Run("losetup", "--set-capacity", Path);

    /// <summary>Detaches the file now.</summary>
    public void Detach()
    {
        if (!_isAttached) return;
        _isAttached = false;
        // While anybody else has the device open, a list of disks in a test beside this one, detaching alone writes nothing yet.
        SystemTool.Run("blockdev", "--flushbufs", Path);
        SystemTool.Run("losetup", "--detach", Path);
    }

    public void Dispose() => Detach();

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
