// A writable loop device over a part of a test's image file.
using System.Globalization;
using BootConsole.Core;

namespace BootConsole.TestKit;

/// <summary>A loop device, detached on dispose. Detaching writes what the device still holds to the file.</summary>
public sealed class LoopDevice : IDisposable
{
    public LoopDevice(string file, ByteRange range, int sectorBytes = 512)
    {
        Path = SystemTool.Run(
            "losetup",
            "--find", "--show",
            "--offset", range.Start.ToString(CultureInfo.InvariantCulture),
            "--sizelimit", range.Length.ToString(CultureInfo.InvariantCulture),
            "--sector-size", sectorBytes.ToString(CultureInfo.InvariantCulture),
            file).Trim();
        // A device that someone made read-only (blockdev --setro) stays so for its next users.
        SystemTool.Run("blockdev", "--setrw", Path);
    }

    public string Path { get; }

    public void Dispose() => SystemTool.Run("losetup", "--detach", Path);
}
