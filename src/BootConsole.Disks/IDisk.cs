// A disk of this PC: a block device or a disk-image file. Reading is one type, writing another.
using BootConsole.Core;
using BootConsole.Host;

namespace BootConsole.Disks;

/// <summary>What identifies and describes a disk.</summary>
public sealed record DiskInfo
{
    /// <summary>The path it was named by.</summary>
    public required string Path { get; init; }

    /// <summary>The path with links resolved: <c>/dev/sda</c>, <c>/srv/disk.img</c>.</summary>
    public required string CanonicalPath { get; init; }

    /// <summary>Length in bytes, a multiple of the logical sector size.</summary>
    public required long Length { get; init; }

    /// <summary>Logical sector size in bytes, 512 to 4096.</summary>
    public required int SectorBytes { get; init; }

    /// <summary>Physical sector size in bytes.</summary>
    public required int PhysicalSectorBytes { get; init; }

    /// <summary>True for a disk-image file, false for a block device.</summary>
    public required bool IsImageFile { get; init; }

    /// <summary>Model as the disk says it; empty when it does not.</summary>
    public string Model { get; init; } = "";

    /// <summary>Serial number as the disk says it; empty when it does not.</summary>
    public string Serial { get; init; } = "";

    /// <summary>World Wide Name as <c>lsblk</c> shows it; empty when there is none.</summary>
    public string Wwn { get; init; } = "";

    /// <summary>How it is attached: <c>nvme</c>, <c>sata</c>, <c>usb</c>, <c>virtio</c>, <c>loop</c>, <c>file</c> …</summary>
    public string Attachment { get; init; } = "";

    /// <summary>What the path stood for when the disk was chosen; opening refuses when it has become something else. Null when nobody looked.</summary>
    public FileIdentity? Identity { get; init; }

    /// <summary>The kernel's number of this very disk when it was chosen (see <see cref="LinuxFile.DiskSequence"/>); null when it cannot tell.</summary>
    public ulong? Sequence { get; init; }

    /// <summary>What <c>--yes-overwrite</c> must repeat: the serial, else the WWN, else <c>path:size</c> of a device and the canonical path of a file.</summary>
    public string OverwriteToken =>
        Serial.Length > 0 ? Serial : Wwn.Length > 0 ? Wwn : IsImageFile ? CanonicalPath : $"{CanonicalPath}:{Length}";
}

/// <summary>
/// A disk open for reading; nothing that holds one can write. Calls block (the kernel's block I/O does): they belong on a thread of their own. Reads may run
/// concurrently.
/// </summary>
public interface IDisk : IDisposable
{
    /// <summary>Who the disk is.</summary>
    DiskInfo Info { get; }

    /// <summary>Reads exactly <paramref name="buffer"/>.Length bytes at <paramref name="offset"/>. Fastest when both are multiples of the sector size and the
    /// buffer is <see cref="AlignedMemory"/>; other requests work too.</summary>
    /// <exception cref="DiskFault">The disk gives an error (with <see cref="DiskFault.Range"/>) or ends before the range does.</exception>
    void Read(long offset, Span<byte> buffer);

    /// <summary>The parts of <paramref name="range"/> that are known to read as zeros without reading them: the holes of a disk-image file.</summary>
    /// <returns>Possibly nothing: a disk that cannot tell has no known zeros.</returns>
    /// <exception cref="DiskFault">The file system could not be asked.</exception>
    RangeSet KnownZeros(ByteRange range) => RangeSet.Empty;
}

/// <summary>A disk open for writing too. Only a confirmed restore obtains one.</summary>
public interface IWritableDisk : IDisk
{
    /// <summary>Writes bytes; offset and length are multiples of the sector size. Fastest from <see cref="AlignedMemory"/>.</summary>
    /// <exception cref="DiskFault">The disk refuses (with <see cref="DiskFault.Range"/>).</exception>
    void Write(long offset, ReadOnlySpan<byte> bytes);

    /// <summary>Makes a sector-aligned range read as zeros, by the device's own command or a hole in a file where possible. A device without such a command
    /// takes as long as for writing it, and cannot be stopped meanwhile: give large ranges in pieces.</summary>
    /// <exception cref="DiskFault">The disk refuses.</exception>
    void Zero(ByteRange range);

    /// <summary>Says that a sector-aligned range is not needed; what it reads as afterwards is undefined.</summary>
    /// <returns>False where the device cannot do it.</returns>
    bool TryDiscard(ByteRange range);

    /// <summary>Waits until everything written is on the medium, and drops cached pages so that reads come from it.</summary>
    void Flush();

    /// <summary>Asks the kernel to read the partition table anew.</summary>
    /// <returns>False where it cannot (image files, loop devices, partitions in use).</returns>
    bool TryRereadPartitions();
}
