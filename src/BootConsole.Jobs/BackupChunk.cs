// A chunk on its way from the disk to the store: one that is read, or a run of unused ones.
using System.Buffers;
using BootConsole.Core;
using BootConsole.Disks;
using BootConsole.Images;

namespace BootConsole.Jobs;

/// <summary>The item of the backup pipeline. Buffers live as long as the pipeline.</summary>
internal sealed class BackupChunk(int chunkBytes, int storedBytes) : PipelineItem
{
    private readonly IMemoryOwner<byte> _plain = DiskBuffer.Allocate(chunkBytes);

    /// <summary>First chunk.</summary>
    internal long First { get; set; }

    /// <summary>How many chunks: more than one only for a run of unused ones of equal length.</summary>
    internal int Count { get; set; }

    /// <summary>The bytes of the disk.</summary>
    internal ByteRange Range { get; set; }

    /// <summary>Bytes of the range that are used.</summary>
    internal long UsedBytes { get; set; }

    internal ChunkKind Kind { get; set; }

    internal ChunkHash Hash { get; set; }

    /// <summary>Used bytes that could not be read.</summary>
    internal RangeSet Unreadable { get; set; } = RangeSet.Empty;

    /// <summary>The chunk's plain bytes; unspecified for unused ones.</summary>
    internal Memory<byte> Plain => _plain.Memory[..(int)(Range.Length / Count)];

    /// <summary>Where the store has the content; for chunks of kind <see cref="ChunkKind.Same"/>.</summary>
    internal KnownFrame Same { get; set; }

    /// <summary>The published table that a chunk is held against, and its rows there; in a recheck only.</summary>
    internal CommittedTable? Saved { get; set; }

    /// <summary>See <see cref="Saved"/>.</summary>
    internal ChunkRow[] SavedRows { get; set; } = [];

    /// <summary>Room for the frame.</summary>
    internal byte[] Stored { get; } = new byte[storedBytes];

    /// <summary>The frame; set by the worker.</summary>
    internal ReadOnlyMemory<byte> Frame { get; set; }

    public override void Dispose()
    {
        _plain.Dispose();
        base.Dispose();
    }
}
