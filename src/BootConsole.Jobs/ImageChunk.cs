// A chunk on its way from the store to a disk or a check, and the decoding that every such way shares.
using System.Buffers;
using System.Diagnostics;
using BootConsole.Codec;
using BootConsole.Core;
using BootConsole.Disks;
using BootConsole.Images;

namespace BootConsole.Jobs;

/// <summary>One chunk, or a run of equal zero or unused ones whose frames were not fetched. Buffers live as long as the pipeline.</summary>
internal sealed class ImageChunk : PipelineItem
{
    private readonly IMemoryOwner<byte> _plain;

    private ImageChunk(int plainBytes, int storedBytes)
    {
        _plain = DiskBuffer.Allocate(plainBytes);
        Stored = new byte[storedBytes];
    }

    internal long First { get; set; }

    internal int Count { get; set; }

    internal ByteRange Range { get; set; }

    internal ChunkRow Row { get; set; }

    /// <summary>Where the frame is from, for faults.</summary>
    internal SegmentReference? Source { get; set; }

    /// <summary>Length of one chunk: of each, when it is a run.</summary>
    internal int PlainBytes => (int)(Range.Length / Count);

    /// <summary>Room for one chunk's plain bytes.</summary>
    internal Memory<byte> Plain => _plain.Memory[..PlainBytes];

    internal byte[] Stored { get; }

    /// <summary>Bytes of the frame in <see cref="Stored"/>; 0 when it was not wanted.</summary>
    internal int StoredBytes { get; set; }

    /// <summary>A pool for one disk of an image.</summary>
    internal static List<ImageChunk> MakePool(MemoryBudget budget) => [.. Enumerable.Range(0, budget.PoolItems).Select(_ => WithRoom(budget.ChunkBytes))];

    /// <summary>One with room for any frame that a table may name.</summary>
    internal static ImageChunk WithRoom(int chunkBytes) => new(chunkBytes, new ChunkGrid(chunkBytes, chunkBytes).MaxFrameBytes);

    /// <summary>One that carries rows alone, for flows that fetch no frames.</summary>
    internal static ImageChunk WithoutRoom() => new(1, 0);

    /// <summary>Decodes the frame into <see cref="Plain"/> and holds it against the row's hash. Does nothing when the frame was not wanted.</summary>
    /// <exception cref="CorruptFault">It does not decode, or decodes to something else.</exception>
    internal void Decode(IChunkTransform transform, StageMeter meter)
    {
        if (StoredBytes == 0) return;
        var start = Stopwatch.GetTimestamp();
        var plain = Plain.Span;
        try
        {
            transform.Undo(Stored.AsSpan(0, StoredBytes), plain);
        }
        catch (CorruptFault damage)
        {
            throw new CorruptFault("a chunk does not decode", damage) { Which = Where, Found = damage.Message, StoreFile = File };
        }

        var found = ChunkHash.Of(plain);
        if (found != Row.Hash) throw new CorruptFault("a chunk is not what was saved") { Which = Where, Expected = $"SHA-256 {Row.Hash}", Found = found.ToString(), StoreFile = File };
        meter.Add(plain.Length);
        meter.AddBusy(start);
    }

    public override void Dispose()
    {
        _plain.Dispose();
        base.Dispose();
    }

    /// <summary>The chunk and the file it is in, for faults.</summary>
    internal string Where => $"chunk {First} in {(Source is null ? "no segment" : File)} at byte {Row.Offset}";

    private string File => Source is null ? "" : StoreNames.Segment(Source.Image, Source.Disk, Source.Name).Text;
}
