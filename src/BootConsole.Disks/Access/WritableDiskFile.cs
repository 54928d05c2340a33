// A disk-image file, open for writing; only a confirmed restore or an export obtains one.
using BootConsole.Core;
using BootConsole.Host;

namespace BootConsole.Disks.Access;

/// <summary>
/// A disk-image file taken for this process (advisory lock). Written through the page cache, because its sectors may be smaller than the ones direct I/O wants
/// below it; every 32 MiB the kernel is told to write out and forget, so that a restore does not fill the memory with unwritten pages.
/// </summary>
public sealed class WritableDiskFile : IWritableDisk
{
    private const long WindowBytes = 32 << 20;
    private readonly DiskHandle _handle;
    private long _sinceWindow;

    private WritableDiskFile(DiskHandle handle) => _handle = handle;

    /// <inheritdoc/>
    public DiskInfo Info => _handle.Info;

    /// <summary>Takes an existing image file.</summary>
    /// <exception cref="RefusedFault">It may not be written, someone else writes it, or it was replaced since it was chosen.</exception>
    /// <exception cref="DiskFault">It gives errors.</exception>
    public static WritableDiskFile Open(DiskInfo info)
    {
        try
        {
            var handle = DiskHandle.OpenCached(info, OpenFor.Writing);
            if (handle.File.TryLock()) return new WritableDiskFile(handle);
            handle.Dispose();
            throw new RefusedFault("the image file is being written by another program") { Which = info.Path };
        }
        catch (SystemCallException cause)
        {
            throw OpenErrors.Fault(cause);
        }
    }

    /// <summary>Makes a new image file, all of it a hole, readable by its owner only.</summary>
    /// <param name="path">Where; nothing may be there.</param>
    /// <param name="bytes">Its length, a multiple of <paramref name="sectorBytes"/>.</param>
    /// <param name="sectorBytes">Logical sector size, 512 to 4096.</param>
    /// <exception cref="RefusedFault">Something of that name is there, or the folder may not be written.</exception>
    /// <exception cref="DiskFault">The file system refuses the length.</exception>
    public static WritableDiskFile Create(string path, long bytes, int sectorBytes)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(bytes);
        ImageFileProbe.RequireWholeSectors(path, bytes, sectorBytes);
        try
        {
            using var file = LinuxFile.Open(path, OpenFor.Writing | OpenFor.CreateNew | OpenFor.Private);
            try
            {
                file.SetLength(bytes);
                LinuxNames.FlushFolder(Path.GetDirectoryName(Path.GetFullPath(path))!);
                return Open(ImageFileProbe.Describe(path, sectorBytes));
            }
            catch
            {
                LinuxNames.Remove(path);
                throw;
            }
        }
        catch (SystemCallException cause) when (cause.Error == Errno.EEXIST)
        {
            throw new RefusedFault("a file of that name is there already", cause) { Which = path };
        }
        catch (SystemCallException cause)
        {
            throw OpenErrors.Fault(cause);
        }
    }

    /// <inheritdoc/>
    public void Read(long offset, Span<byte> buffer) => _handle.Read(offset, buffer);

    /// <inheritdoc/>
    public void Write(long offset, ReadOnlySpan<byte> bytes)
    {
        _handle.Write(offset, bytes);
        // Told twice: the first time it starts the writing of these pages, the second time (a window later) it drops them, clean by then.
        if (Interlocked.Add(ref _sinceWindow, bytes.Length) < WindowBytes) return;
        Interlocked.Exchange(ref _sinceWindow, 0);
        _handle.File.DropCache(0, 0);
    }

    /// <inheritdoc/>
    public void Zero(ByteRange range)
    {
        if (!TryPunch(range)) ZeroWriter.Write(_handle, range);
    }

    /// <inheritdoc/>
    public bool TryDiscard(ByteRange range) => TryPunch(range);

    /// <inheritdoc/>
    public void Flush()
    {
        try
        {
            _handle.File.Flush();
            _handle.File.DropCache(0, 0);
        }
        catch (SystemCallException cause)
        {
            throw _handle.Fault(cause, "flushed", range: null);
        }
    }

    /// <inheritdoc/>
    public bool TryRereadPartitions() => false;

    /// <inheritdoc/>
    public void Dispose() => _handle.Dispose();

    private bool TryPunch(ByteRange range)
    {
        _handle.RequireSectors(range);
        if (range.IsEmpty) return true;
        try
        {
            return _handle.File.TryPunchHole(range.Start, range.Length);
        }
        catch (SystemCallException cause)
        {
            throw _handle.Fault(cause, "zeroed", range);
        }
    }
}
