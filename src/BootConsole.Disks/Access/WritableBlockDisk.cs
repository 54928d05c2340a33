// A block device, open for writing; only a confirmed restore obtains one.
using BootConsole.Core;
using BootConsole.Host;

namespace BootConsole.Disks.Access;

/// <summary>
/// A block device taken for this process alone (O_EXCL, which the kernel refuses while the device or a part of it is mounted, used as swap, or held by LVM,
/// RAID or device mapper), written past the page cache.
/// </summary>
public sealed class WritableBlockDisk : IWritableDisk
{
    private readonly DiskHandle _handle;

    private WritableBlockDisk(DiskHandle handle) => _handle = handle;

    /// <inheritdoc/>
    public DiskInfo Info => _handle.Info;

    /// <summary>Takes a device.</summary>
    /// <exception cref="RefusedFault">It is in use, read-only, or not the disk that was chosen.</exception>
    /// <exception cref="DiskFault">It is gone or gives errors.</exception>
    public static WritableBlockDisk Open(DiskInfo info)
    {
        try
        {
            var handle = DiskHandle.OpenDirect(info, OpenFor.Writing | OpenFor.Exclusive);
            // Linux lets a read-only device be opened for writing; only the writes fail then.
            if (!handle.File.IsReadOnlyDevice) return new WritableBlockDisk(handle);
            handle.Dispose();
            throw new RefusedFault("the disk is read-only") { Which = info.Path, Remedy = "Look for a write-protect switch." };
        }
        catch (SystemCallException cause) when (cause.Error == Errno.EBUSY)
        {
            throw new RefusedFault("the disk is in use", cause)
            {
                Which = info.Path,
                Found = string.Join("; ", DeviceUsers.Of(info.CanonicalPath)),
                Remedy = "Unmount its file systems, switch off swap on it, stop RAID and LVM on it.",
            };
        }
        catch (SystemCallException cause)
        {
            throw OpenErrors.Fault(cause);
        }
    }

    /// <inheritdoc/>
    public void Read(long offset, Span<byte> buffer) => _handle.Read(offset, buffer);

    /// <inheritdoc/>
    public void Write(long offset, ReadOnlySpan<byte> bytes) => _handle.Write(offset, bytes);

    /// <inheritdoc/>
    public void Zero(ByteRange range)
    {
        _handle.RequireSectors(range);
        if (range.IsEmpty) return;
        if (!Try(() => _handle.File.TryZeroDevice(range.Start, range.Length), "zeroed", range)) ZeroWriter.Write(_handle, range);
    }

    /// <inheritdoc/>
    public bool TryDiscard(ByteRange range)
    {
        _handle.RequireSectors(range);
        return !range.IsEmpty && Try(() => _handle.File.TryDiscardDevice(range.Start, range.Length), "discarded", range);
    }

    /// <inheritdoc/>
    public void Flush() => Try(
        () =>
        {
            _handle.File.Flush();
            _handle.File.DropDeviceCache();
            return true;
        },
        "flushed",
        range: null);

    /// <inheritdoc/>
    public bool TryRereadPartitions() => _handle.File.TryRereadPartitions();

    /// <inheritdoc/>
    public void Dispose() => _handle.Dispose();

    private bool Try(Func<bool> call, string deed, ByteRange? range)
    {
        try
        {
            return call();
        }
        catch (SystemCallException cause)
        {
            throw _handle.Fault(cause, deed, range);
        }
    }
}
