// exFAT: its allocation bitmap is read by us, a piece at a time.
using System.Buffers.Binary;
using BootConsole.Core;

namespace BootConsole.Disks.UsedMaps;

/// <summary>
/// Maps exFAT with little memory. The allocation bitmap is found through the root folder (exFAT specification, sections 6.3 and 7.1); everything outside the clusters
/// is used. The clusters of the root folder and of the bitmap itself must be marked used, or the bitmap is not one.
/// </summary>
internal sealed class ExfatMapper : IFileSystemMapper
{
    private const int EntryBytes = 32;
    private const byte EndOfFolder = 0x00, AllocationBitmap = 0x81;
    private const long MaxFolderBytes = 256L << 20;
    private const uint EndOfChain = 0xFFFFFFFF;
    private const int WindowBytes = 64 << 10;

    public Task<UsedBytes> MapAsync(MapTarget target, CancellationToken cancel)
    {
        var boot = ExfatBootSector.ReadClean(target.Reader);
        var fat = new FatWindow(target.Reader, boot.Fat);
        var system = new List<ByteRange>();
        var (first, length) = FindBitmap(target.Reader, boot, fat, system);
        if (length < (boot.Clusters + 7) / 8) throw UnprovenMapException.Tables("the allocation bitmap is too short");

        var bitmap = Contiguous(boot, fat, first, length);
        system.Add(bitmap);
        var builder = new UsedRangeBuilder(target.Options.MaxRanges);
        var clusters = new UnitRuns(boot.Heap, boot.ClusterBytes, builder);
        target.Reader.Stream(new ByteRange(bitmap.Start, (boot.Clusters + 7) / 8), clusters.AddBits);
        var used = builder.Build();
        if (!system.All(used.Contains)) throw UnprovenMapException.Tables("the allocation bitmap does not even hold itself");
        var outside = RangeSet.Of(ByteRange.FromEnds(0, boot.Heap.Start), ByteRange.FromEnds(boot.Heap.End, target.Range.Length));
        return Task.FromResult(new UsedBytes(used.Union(outside), "exfat bitmap"));
    }

    private static (uint First, long Length) FindBitmap(PartitionReader reader, ExfatBootSector boot, FatWindow fat, List<ByteRange> system)
    {
        var found = (First: 0u, Length: 0L);
        foreach (var cluster in Folder(boot, fat, boot.RootCluster))
        {
            var bytes = boot.BytesOf(cluster);
            system.Add(bytes);
            var isEnd = false;
            reader.Stream(bytes, piece =>
            {
                for (; !piece.IsEmpty && !isEnd; piece = piece[EntryBytes..])
                {
                    isEnd = piece[0] == EndOfFolder;
                    if (piece[0] != AllocationBitmap) continue;
                    if (found.First != 0) throw UnprovenMapException.Tables("there are two allocation bitmaps");
                    found = (BinaryPrimitives.ReadUInt32LittleEndian(piece[20..]), checked((long)BinaryPrimitives.ReadUInt64LittleEndian(piece[24..])));
                }
            });
            if (isEnd) break;
        }

        return found.First != 0 ? found : throw UnprovenMapException.Tables("there is no allocation bitmap");
    }

    // Linux reads the bitmap as one piece and never looks at its chain, Windows follows the chain: only where both see the same bytes is it the truth. A chain
    // that runs in a circle, or into another file, is refused by the same rule.
    private static ByteRange Contiguous(ExfatBootSector boot, FatWindow fat, uint first, long length)
    {
        var count = (length + boot.ClusterBytes - 1) / boot.ClusterBytes;
        if (count > boot.Clusters) throw UnprovenMapException.Tables("the allocation bitmap is too long");
        var last = checked((uint)(first + count - 1));
        var range = ByteRange.FromEnds(boot.BytesOf(first).Start, boot.BytesOf(last).End);
        for (var cluster = first; cluster < last; cluster++)
            if (fat[cluster] != cluster + 1) throw UnprovenMapException.Tables("the allocation bitmap is in pieces");
        return fat[last] == EndOfChain ? range : throw UnprovenMapException.Tables("the allocation bitmap has no end");
    }

    // The clusters of a folder. One that runs in a circle ends at the size that no folder may exceed.
    private static IEnumerable<uint> Folder(ExfatBootSector boot, FatWindow fat, uint first)
    {
        var left = Math.Min(boot.Clusters, Math.Max(1, MaxFolderBytes / boot.ClusterBytes));
        for (var cluster = first; left > 0 && cluster != EndOfChain; left--)
        {
            yield return cluster;
            cluster = fat[cluster];
        }
    }

    /// <summary>Entries of the FAT, read through one small window.</summary>
    private sealed class FatWindow(PartitionReader reader, ByteRange fat)
    {
        private readonly byte[] _window = new byte[WindowBytes];
        private ByteRange _held;

        internal uint this[uint cluster]
        {
            get
            {
                var position = fat.Start + cluster * 4L;
                if (!_held.Contains(new ByteRange(position, 4)))
                {
                    var start = fat.Start + cluster * 4L / WindowBytes * WindowBytes;
                    _held = new ByteRange(start, Math.Min(WindowBytes, fat.End - start));
                    reader.Read(_held.Start, _window.AsSpan(0, (int)_held.Length));
                }

                return BinaryPrimitives.ReadUInt32LittleEndian(_window.AsSpan((int)(position - _held.Start)));
            }
        }
    }
}
