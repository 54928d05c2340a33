// A block device, open for reading.
using BootConsole.Core;
using BootConsole.Host;

namespace BootConsole.Disks.Access;

/// <summary>A block device opened O_RDONLY and, where the driver allows it, O_DIRECT: bytes come from the device and leave the page cache alone.</summary>
public sealed class BlockDisk : IDisk
{
    private readonly DiskHandle _handle;

    private BlockDisk(DiskHandle handle) => _handle = handle;

    /// <inheritdoc/>
    public DiskInfo Info => _handle.Info;

    /// <summary>Opens a device.</summary>
    /// <exception cref="RefusedFault">Another disk has taken its place, or it may not be opened.</exception>
    /// <exception cref="DiskFault">It is gone or gives errors.</exception>
    public static BlockDisk Open(DiskInfo info)
    {
        try
        {
            return new BlockDisk(DiskHandle.OpenDirect(info, OpenFor.Reading));
        }
        catch (SystemCallException cause)
        {
            throw OpenErrors.Fault(cause);
        }
    }

    /// <inheritdoc/>
    public void Read(long offset, Span<byte> buffer) => _handle.Read(offset, buffer);

    /// <inheritdoc/>
    public void Dispose() => _handle.Dispose();
}
