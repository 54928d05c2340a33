// What boot medium is wanted.
using BootConsole.Media.Bases;
using BootConsole.Media.Contents;

namespace BootConsole.Media.Building;

/// <summary>A boot medium to be made.</summary>
public sealed record MediumOrder
{
    /// <summary>Its kind.</summary>
    public required MediumKind Kind { get; init; }

    /// <summary>The base.</summary>
    public required BaseFolder Base { get; init; }

    /// <summary>The PC's archive.</summary>
    public required PcArchive Pc { get; init; }

    /// <summary>The new file; for <see cref="MediumKind.Pxe"/> the new folder.</summary>
    public required string Target { get; init; }

    /// <summary>The serial port that shows the boot menu and the console too, as the kernel names it (<c>ttyS0,115200</c>); empty for none.</summary>
    public string Serial { get; init; } = "";

    /// <summary>Further words of the kernel's line.</summary>
    public IReadOnlyList<string> KernelOptions { get; init; } = [];

    /// <summary>Bytes of the partition for backups on a USB medium; 0 for none.</summary>
    public long RoomBytes { get; init; }
}
