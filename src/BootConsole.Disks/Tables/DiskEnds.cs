// A disk of which only the first and last bytes are at hand: as an image's layout file keeps them.
using BootConsole.Core;

namespace BootConsole.Disks.Tables;

/// <summary>Lets <see cref="PartitionTables"/> read the table of a disk that is not here. Bytes between the two ends read as unreadable sectors.</summary>
/// <param name="info">The disk they come from; its length and sector size count.</param>
/// <param name="head">Its first bytes.</param>
/// <param name="tail">Its last bytes.</param>
public sealed class DiskEnds(DiskInfo info, ReadOnlyMemory<byte> head, ReadOnlyMemory<byte> tail) : IDisk
{
    /// <inheritdoc/>
    public DiskInfo Info { get; } = info;

    /// <inheritdoc/>
    public void Read(long offset, Span<byte> buffer)
    {
        var range = new ByteRange(offset, buffer.Length);
        var tailStart = Info.Length - tail.Length;
        if (range.End <= head.Length) head.Span.Slice((int)offset, buffer.Length).CopyTo(buffer);
        else if (offset >= tailStart && range.End <= Info.Length) tail.Span.Slice((int)(offset - tailStart), buffer.Length).CopyTo(buffer);
        else throw new DiskFault("only the ends of this disk are at hand") { Which = Info.Path, Problem = DiskProblem.BadSectors, Range = range };
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        // Nothing is held.
    }
}
