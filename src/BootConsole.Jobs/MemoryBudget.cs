// How much is in memory at once: the one place where the pipeline's memory is computed.
using BootConsole.Codec;

namespace BootConsole.Jobs;

/// <summary>The memory plan of a flow; <c>backup --explain</c> prints it.</summary>
/// <param name="ChunkBytes">Chunk size.</param>
/// <param name="Workers">Workers, each with a compression context.</param>
/// <param name="PoolItems">Chunks in flight, each with a plain and a stored buffer.</param>
public sealed record MemoryBudget(int ChunkBytes, int Workers, int PoolItems)
{
    /// <summary>What the whole program may use, children included.</summary>
    public const long TotalBytes = 256L << 20;

    /// <summary>What the chunk buffers may use. The rest: the runtime about 60 MiB, ssh about 10 MiB, compression contexts, the store's windows, two tables.</summary>
    public const long PoolBytes = 64L << 20;

    /// <summary>What the compression contexts may use: the slowest levels get fewer workers.</summary>
    public const long ContextBytes = 64L << 20;

    // Decoding takes hardly anything, whatever the level.
    private const int DecodingLevel = 1;
    private const long FetchBytes = 20L << 20;
    private const int LeastBlockBytes = 4 << 20, MostBlocks = 5, LeastBlocks = 3;

    /// <summary>Bytes of all chunk buffers.</summary>
    public long BufferBytes => PoolItems * 2L * ChunkBytes;

    /// <summary>Bytes of one read from the store: with several of 4 MiB under way a remote store's windows never run empty. Never less than a whole frame.</summary>
    internal int BlockBytes => Math.Max(LeastBlockBytes, new Images.ChunkGrid(ChunkBytes, ChunkBytes).MaxFrameBytes);

    /// <summary>Reads from the store at once: one that is handed out, one that is begun, and those between.</summary>
    internal int Blocks => (int)Math.Clamp(FetchBytes / BlockBytes, LeastBlocks, MostBlocks);

    /// <summary>The plan for a chunk size on this machine.</summary>
    /// <param name="chunkBytes">64 KiB to 16 MiB.</param>
    /// <param name="level">zstd level, 1 to 19, of a flow that compresses.</param>
    public static MemoryBudget For(int chunkBytes, int level = DecodingLevel) => For(chunkBytes, level, Environment.ProcessorCount);

    internal static MemoryBudget For(int chunkBytes, int level, int processors)
    {
        var workers = (int)Math.Clamp(ContextBytes / ZstdTransform.MostMemoryBytes(level, chunkBytes), 1, Math.Clamp(processors, 1, 16));
        // Every worker has one chunk in hand and one waiting; the reader and the writer hold one each. A pool of 64 MiB caps that for large chunks,
        // three chunks being the least with which reading, compressing and sending overlap, and two for a single worker.
        var least = workers == 1 ? 2 : 3;
        var items = Math.Clamp(4 * workers + 4, least, Math.Max(least, (int)(PoolBytes / (2L * chunkBytes))));
        return new MemoryBudget(chunkBytes, Math.Min(workers, items), items);
    }
}
