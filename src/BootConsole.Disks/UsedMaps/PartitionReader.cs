// One partition of a disk, read by positions relative to its start.
using BootConsole.Core;
using BootConsole.Host;

namespace BootConsole.Disks.UsedMaps;

/// <summary>Reads tables of a file system. Every position comes from the disk itself and is checked against the partition's end.</summary>
internal sealed class PartitionReader(IDisk disk, ByteRange partition, JobProgress progress, CancellationToken cancel)
{
    internal const int PieceBytes = 1 << 20;

    /// <summary>Length of the partition in bytes.</summary>
    internal long Length => partition.Length;

    /// <summary>Reads <paramref name="count"/> bytes into a new array; callers have bounded the count.</summary>
    internal byte[] Read(long offset, int count)
    {
        var bytes = new byte[count];
        Read(offset, bytes);
        return bytes;
    }

    /// <exception cref="UnprovenMapException">The bytes lie outside the partition.</exception>
    /// <exception cref="DiskFault">They cannot be read.</exception>
    internal void Read(long offset, Span<byte> buffer)
    {
        cancel.ThrowIfCancellationRequested();
        if (offset < 0 || offset > Length - buffer.Length) throw UnprovenMapException.Tables("they point outside the partition");
        disk.Read(partition.Start + offset, buffer);
        progress.Tick();
    }

    /// <summary>Reads a range from its start to its end in pieces of <see cref="PieceBytes"/>; only the last one is shorter.</summary>
    internal void Stream(ByteRange range, Action<ReadOnlySpan<byte>> take)
    {
        if (!new ByteRange(0, Length).Contains(range)) throw UnprovenMapException.Tables("they point outside the partition");
        if (range.IsEmpty) return;
        using var memory = new AlignedMemory((int)Math.Min(PieceBytes, range.Length));
        for (var position = range.Start; position < range.End;)
        {
            var piece = memory.GetSpan()[..(int)Math.Min(PieceBytes, range.End - position)];
            Read(position, piece);
            take(piece);
            position += piece.Length;
        }
    }
}
