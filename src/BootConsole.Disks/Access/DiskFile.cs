// A disk-image file, open for reading.
using BootConsole.Core;
using BootConsole.Host;

namespace BootConsole.Disks.Access;

/// <summary>
/// A disk-image file opened for reading, past the page cache where the file system allows it. Measured on files of 3 and 4 GiB (ext4, virtio disk): direct
/// reads of 1 and 4 MiB are as fast as cached ones, cost a fifth of the CPU time or less, and evict nothing. Where only cached reads work, what was read is
/// dropped from the cache.
/// </summary>
public sealed class DiskFile : IDisk
{
    private readonly DiskHandle _handle;
    private readonly bool _tellsHoles;

    private DiskFile(DiskHandle handle)
    {
        _handle = handle;
        _tellsHoles = TellsHoles(handle.File);
        if (!handle.IsDirect) handle.File.ExpectSequential();
    }

    /// <inheritdoc/>
    public DiskInfo Info => _handle.Info;

    /// <summary>Opens an image file described by <see cref="ImageFileProbe"/>.</summary>
    /// <exception cref="RefusedFault">It was replaced since, or may not be opened.</exception>
    /// <exception cref="DiskFault">It cannot be read.</exception>
    public static DiskFile Open(DiskInfo info)
    {
        try
        {
            return new DiskFile(DiskHandle.OpenDirect(info, OpenFor.Reading));
        }
        catch (SystemCallException cause)
        {
            throw OpenErrors.Fault(cause);
        }
    }

    /// <inheritdoc/>
    public void Read(long offset, Span<byte> buffer)
    {
        _handle.Read(offset, buffer);
        if (!_handle.IsDirect) _handle.File.DropCache(offset, buffer.Length);
    }

    /// <inheritdoc/>
    public RangeSet KnownZeros(ByteRange range)
    {
        if (!_tellsHoles) return RangeSet.Empty;
        try
        {
            return RangeSet.Of(Holes(range));
        }
        catch (SystemCallException cause)
        {
            throw _handle.Fault(cause, "searched for holes", range);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _handle.Dispose();

    private IEnumerable<ByteRange> Holes(ByteRange range)
    {
        for (var position = range.Start; position < range.End;)
        {
            var data = Math.Min(_handle.File.Seek(position, forData: true) ?? range.End, range.End);
            if (data > position) yield return ByteRange.FromEnds(position, data);
            if (data == range.End) yield break;
            // The end of the file counts as a hole, so there is always one after data.
            position = _handle.File.Seek(data, forData: false) ?? range.End;
        }
    }

    private static bool TellsHoles(LinuxFile file)
    {
        try
        {
            return file.Seek(0, forData: false) is not null;
        }
        catch (SystemCallException refusal) when (refusal.Error == Errno.EINVAL)
        {
            return false;
        }
    }
}
