// How many chunks are in memory at once: the one place where the pipeline's memory is computed.
namespace BootConsole.Jobs;

/// <summary>The memory plan of a flow; <c>backup --explain</c> prints it.</summary>
/// <param name="ChunkBytes">Chunk size.</param>
/// <param name="Workers">Workers, each with a compression context.</param>
/// <param name="PoolItems">Chunks in flight, each with a plain and a stored buffer.</param>
public sealed record MemoryBudget(int ChunkBytes, int Workers, int PoolItems)
{
    /// <summary>What the whole program may use, children included.</summary>
    public const long TotalBytes = 256L << 20;

    /// <summary>What the chunk buffers may use. The rest: the runtime about 60 MiB, ssh about 10 MiB, compression contexts, the store's windows.</summary>
    public const long PoolBytes = 64L << 20;

    /// <summary>Bytes of all chunk buffers.</summary>
    public long BufferBytes => PoolItems * 2L * ChunkBytes;

    /// <summary>The plan for a chunk size on this machine.</summary>
    public static MemoryBudget For(int chunkBytes)
    {
        var workers = Math.Clamp(Environment.ProcessorCount, 1, 16);
        // Every worker has one chunk in hand and one waiting; the reader and the writer hold one each. A pool of 64 MiB caps that for large chunks,
        // three chunks being the least with which reading, compressing and sending overlap.
        var items = Math.Clamp(4 * workers + 4, 3, Math.Max(3, (int)(PoolBytes / (2L * chunkBytes))));
        return new MemoryBudget(chunkBytes, Math.Min(workers, items), items);
    }
}
