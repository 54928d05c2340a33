// Which parameters of libzstd serve chunks better than a level's own, and how much memory a level takes.

namespace BootConsole.Codec;

/// <summary>What is set besides the level; 0 leaves the library's choice.</summary>
/// <param name="HashLog">Base-two logarithm of the entries of the long-match table.</param>
/// <param name="ChainLog">The same of the short-match table.</param>
/// <param name="MinMatch">Shortest match that is looked for, in bytes.</param>
internal readonly record struct ZstdTuning(int HashLog, int ChainLog, int MinMatch)
{
    /// <summary>The library's own choice.</summary>
    internal static ZstdTuning None => default;

    // Level 3 is made for long streams; a frame that starts anew every MiB finds less. At 1 MiB the level's own tables (2^17 and 2^16 entries,
    // 768 KiB) with shorter matches win back a third of that. From 2 MiB on 256 KiB of tables, which fit into the second-level cache of most
    // processors beside the input, are quicker and enough. Measured with libzstd 1.5.4, see docs/codec.md; `codec-speed` repeats it.
    private static readonly ZstdTuning MediumChunks = new(17, 16, 4), LargeChunks = new(15, 15, 5);

    // MiB of ZSTD_sizeof_CCtx for levels 1 to 19 at any chunk size, rounded up; a test holds the library against it.
    private static ReadOnlySpan<byte> MostMebibytes => [1, 1, 2, 3, 4, 4, 7, 7, 13, 25, 25, 49, 49, 49, 65, 49, 49, 50, 82];

    /// <summary>The parameters for a chunk. They depend on nothing else, so that equal input gives equal output.</summary>
    internal static ZstdTuning For(int level, int plainBytes) => (level, plainBytes) switch
    {
        (3, > 1 << 20) => LargeChunks,
        (3, > 256 << 10) => MediumChunks,
        _ => None, // Up to 256 KiB the library has smaller tables of its own.
    };

    /// <summary>Most bytes of working memory that a context takes; see <see cref="ZstdTransform.MostMemoryBytes"/>.</summary>
    internal static long MostMemoryBytes(int level, int chunkBytes)
    {
        long byLevel = MostMebibytes[level - 1] * (1L << 20), byChunk = Math.Max(6L << 20, 18L * chunkBytes);
        return Math.Min(byLevel, byChunk);
    }
}
