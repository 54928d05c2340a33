// A medium with a file system and a label, attached and not mounted, as a stick that was just plugged in.
using System.Security.Cryptography;

namespace BootConsole.TestKit;

/// <summary>A loop device with a file system of a label of its own. Needs root.</summary>
public sealed class LabelledMedium : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly LoopDisk _disk;

    /// <summary>Makes and attaches it.</summary>
    /// <param name="maker">Program and arguments; the label and the file follow.</param>
    /// <param name="label">The label; random when null.</param>
    /// <param name="bytes">Size of the medium.</param>
    /// <param name="isReadOnly">True for one whose write protection is on.</param>
    public LabelledMedium(string[] maker, string? label = null, long bytes = 32 << 20, bool isReadOnly = false)
    {
        Label = label ?? "T" + RandomNumberGenerator.GetHexString(8);
        var file = PartitionedImage.Sparse(_folder["medium"], bytes);
        SystemTool.Run(maker[0], [.. maker[1..], Label, file]);
        _disk = LoopDisk.Attach(file, isReadOnly: isReadOnly);
    }

    /// <summary>ext4 with nothing at all in it, as no stick comes from the shop.</summary>
    public static LabelledMedium Empty()
    {
        var medium = Ext4();
        SystemTool.Run("debugfs", "-w", "-R", "rmdir lost+found", medium.Device);
        return medium;
    }

    /// <summary>ext4.</summary>
    public static LabelledMedium Ext4(string? label = null, bool isReadOnly = false) => new(["mkfs.ext4", "-q", "-m", "0", "-F", "-L"], label, isReadOnly: isReadOnly);

    /// <summary>The label of its file system.</summary>
    public string Label { get; }

    /// <summary>The device.</summary>
    public string Device => _disk.Path;

    /// <summary>True while it is mounted anywhere.</summary>
    public bool IsMounted => File.ReadLines("/proc/self/mounts").Any(line => line.StartsWith(Device + " ", StringComparison.Ordinal));

    public void Dispose()
    {
        _disk.Dispose();
        _folder.Dispose();
    }
}
