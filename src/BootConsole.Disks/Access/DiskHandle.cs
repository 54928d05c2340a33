// The bytes of an open disk: whole transfers at any position, through an aligned buffer where direct I/O asks for one.
using BootConsole.Core;
using BootConsole.Host;

namespace BootConsole.Disks.Access;

/// <summary>An open file or device, checked to be the disk that was chosen. Reads and writes may run concurrently.</summary>
internal sealed class DiskHandle : IDisposable
{
    private const int BounceBytes = 1 << 20;

    // What positions, lengths and addresses must be multiples of; 1 when transfers go through the page cache.
    private readonly int _alignment;

    private DiskHandle(LinuxFile file, DiskInfo info, int alignment) => (File, Info, _alignment) = (file, info, alignment);

    internal DiskInfo Info { get; }

    internal LinuxFile File { get; }

    /// <summary>True when transfers bypass the page cache.</summary>
    internal bool IsDirect => _alignment > 1;

    /// <summary>Opens past the page cache where the system can do that.</summary>
    /// <exception cref="SystemCallException">The system refuses to open it.</exception>
    /// <exception cref="RefusedFault">It is not the disk that was chosen.</exception>
    internal static DiskHandle OpenDirect(DiskInfo info, OpenFor mode)
    {
        try
        {
            var file = LinuxFile.Open(info.CanonicalPath, mode | OpenFor.Direct);
            // A device wants its own sector size; the file system under an image file may sit on larger sectors than the image has.
            foreach (var alignment in (ReadOnlySpan<int>)[info.SectorBytes, AlignedMemory.Alignment])
                if (CanReadDirectly(file, alignment)) return Checked(new DiskHandle(file, info, alignment));
            file.Dispose();
        }
        catch (SystemCallException refusal) when (refusal.Error == Errno.EINVAL)
        {
            // The file system has no direct I/O (open(2)); the page cache does.
        }

        return OpenCached(info, mode);
    }

    /// <summary>Opens through the page cache.</summary>
    /// <exception cref="SystemCallException">The system refuses to open it.</exception>
    /// <exception cref="RefusedFault">It is not the disk that was chosen.</exception>
    internal static DiskHandle OpenCached(DiskInfo info, OpenFor mode) => Checked(new DiskHandle(LinuxFile.Open(info.CanonicalPath, mode), info, alignment: 1));

    /// <summary>Reads exactly <paramref name="buffer"/>.Length bytes.</summary>
    /// <exception cref="DiskFault">The disk gives an error or ends before.</exception>
    internal void Read(long offset, Span<byte> buffer)
    {
        var range = OnDisk(offset, buffer.Length);
        if (IsAligned(range, buffer))
        {
            if (ReadFile(range, buffer) < buffer.Length) throw Ended(range);
            return;
        }

        using var bounce = new AlignedMemory((int)Math.Min(BounceBytes, AlignedAround(range).Length));
        for (var done = 0; done < buffer.Length;)
        {
            var around = AlignedAround(ByteRange.FromEnds(offset + done, range.End));
            var piece = new ByteRange(around.Start, Math.Min(around.Length, bounce.Memory.Length));
            var count = ReadFile(piece, bounce.GetSpan()[..(int)piece.Length]);
            var skipped = (int)(offset + done - piece.Start);
            // A piece may reach past the end of the disk; what the caller asked for may not.
            var wanted = (int)Math.Min(piece.Length - skipped, buffer.Length - done);
            if (count < skipped + wanted) throw Ended(range);
            bounce.GetSpan().Slice(skipped, wanted).CopyTo(buffer[done..]);
            done += wanted;
        }
    }

    /// <summary>Writes all bytes; offset and length are multiples of the sector size.</summary>
    /// <exception cref="DiskFault">The disk refuses.</exception>
    internal void Write(long offset, ReadOnlySpan<byte> bytes)
    {
        var range = OnDisk(offset, bytes.Length);
        RequireSectors(range);
        if (IsAligned(range, bytes))
        {
            WriteFile(range, bytes);
            return;
        }

        using var bounce = new AlignedMemory(Math.Min(BounceBytes, bytes.Length));
        for (var done = 0; done < bytes.Length; done += bounce.Memory.Length)
        {
            var count = Math.Min(bounce.Memory.Length, bytes.Length - done);
            bytes.Slice(done, count).CopyTo(bounce.GetSpan());
            WriteFile(new ByteRange(offset + done, count), bounce.GetSpan()[..count]);
        }
    }

    /// <summary>Refuses a range that is not made of whole sectors or leaves the disk: a mistake of the caller, never of the disk.</summary>
    internal void RequireSectors(ByteRange range)
    {
        if (range.Start % Info.SectorBytes != 0 || range.Length % Info.SectorBytes != 0)
            throw new ArgumentException($"The range {range} is not made of whole sectors of {Info.SectorBytes} bytes.", nameof(range));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(range.End, Info.Length, nameof(range));
    }

    /// <summary>The fault for a failed call on this disk.</summary>
    internal DiskFault Fault(SystemCallException cause, string deed, ByteRange? range) => DiskErrors.Fault(cause, deed, range, IsGone());

    public void Dispose() => File.Dispose();

    private static DiskHandle Checked(DiskHandle handle)
    {
        try
        {
            DiskChanges.Require(handle.Info, handle.File);
            return handle;
        }
        catch
        {
            handle.Dispose();
            throw;
        }
    }

    private static bool CanReadDirectly(LinuxFile file, int alignment)
    {
        using var probe = new AlignedMemory(alignment);
        try
        {
            file.ReadAt(0, probe.GetSpan());
            return true;
        }
        catch (SystemCallException refusal)
        {
            // EINVAL: opened, yet not able to (some network file systems). Any other error is the disk's, and its reader shall meet it.
            return refusal.Error != Errno.EINVAL;
        }
    }

    private ByteRange OnDisk(long offset, int count)
    {
        var range = new ByteRange(offset, count);
        return range.End <= Info.Length
            ? range
            : throw new DiskFault("the disk ends before that place") { Which = Info.Path, Range = range, Expected = $"at most {Info.Length} bytes" };
    }

    private bool IsAligned(ByteRange range, ReadOnlySpan<byte> buffer) =>
        range.Start % _alignment == 0 && range.Length % _alignment == 0 && AlignedMemory.IsAligned(buffer, _alignment);

    private ByteRange AlignedAround(ByteRange range)
    {
        var start = range.Start - range.Start % _alignment;
        var end = range.End + (_alignment - range.End % _alignment) % _alignment;
        return ByteRange.FromEnds(start, end);
    }

    private int ReadFile(ByteRange range, Span<byte> buffer)
    {
        try
        {
            return File.ReadAt(range.Start, buffer);
        }
        catch (SystemCallException cause)
        {
            throw Fault(cause, "read", range);
        }
    }

    private void WriteFile(ByteRange range, ReadOnlySpan<byte> bytes)
    {
        try
        {
            File.WriteAt(range.Start, bytes);
        }
        catch (SystemCallException cause)
        {
            throw Fault(cause, "written", range);
        }
    }

    private DiskFault Ended(ByteRange range) => IsGone()
        ? DiskErrors.Gone(Info.Path, range)
        : new DiskFault("the disk has become shorter") { Which = Info.Path, Range = range, Expected = $"{Info.Length} bytes", Found = $"{File.Length} bytes" };

    // An unplugged disk answers EIO or "end of file" like a worn one; but its size is then zero, or the kernel no longer lists it.
    private bool IsGone()
    {
        if (Info.IsImageFile || Info.Identity is not { } identity) return false;
        try
        {
            return File.Length == 0 || !Directory.Exists($"/sys/dev/block/{identity.Device}");
        }
        catch (SystemCallException)
        {
            return true;
        }
    }
}
