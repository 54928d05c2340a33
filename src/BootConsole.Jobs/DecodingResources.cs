// Buffers and decompression contexts of one reading flow, made together and freed together.
using BootConsole.Codec;
using BootConsole.Core;
using BootConsole.Images;

namespace BootConsole.Jobs;

/// <summary>What a flow needs to decode one disk of an image.</summary>
internal sealed class DecodingResources : IDisposable
{
    // Decoding does not depend on the level; making a context does not cost anything for it.
    private const int AnyLevel = 1;

    private readonly List<IChunkTransform> _transforms;
    private readonly Dictionary<(byte Value, int Length), UniformFrame> _uniform = [];
    private readonly byte _pad;

    internal DecodingResources(JobContext context, int chunkBytes, long diskBytes, byte pad)
    {
        var budget = MemoryBudget.For(chunkBytes);
        var grid = new ChunkGrid(diskBytes, chunkBytes);
        TableTransform = context.MakeTransform(AnyLevel);
        _transforms = [.. Enumerable.Range(0, budget.Workers).Select(_ => context.MakeTransform(AnyLevel))];
        Pool = ImageChunk.MakePool(budget);
        using var frames = new UniformFrames();
        foreach (var value in (byte[])[0, pad])
            foreach (var length in (int[])[chunkBytes, (int)grid.Range(grid.Count - 1).Length]) _uniform[(value, length)] = frames.Get(value, length);
        _pad = pad;
    }

    internal List<ImageChunk> Pool { get; }

    /// <summary>For tables; the workers have their own.</summary>
    internal IChunkTransform TableTransform { get; }

    /// <summary>The decoding functions of all workers.</summary>
    /// <param name="isKnown">True for a chunk that needs no decoding.</param>
    /// <param name="meter">Counts decoded bytes and time.</param>
    internal IReadOnlyList<Action<ImageChunk>> Work(Func<ImageChunk, bool> isKnown, StageMeter meter)
    {
        meter.Workers = _transforms.Count;
        return [.. _transforms.Select<IChunkTransform, Action<ImageChunk>>(transform => chunk =>
        {
            if (!isKnown(chunk)) chunk.Decode(transform, meter);
        })];
    }

    /// <summary>True when the chunk's hash and frame are, byte for byte, those of a zero or padded chunk, whose decoding is known.</summary>
    internal bool IsKnownUniform(ImageChunk chunk)
    {
        if (chunk.Row.HasContent || chunk.StoredBytes == 0) return false;
        var known = Known(chunk);
        return chunk.Row.Hash == known.Hash && chunk.Stored.AsSpan(0, chunk.StoredBytes).SequenceEqual(known.Stored.Span);
    }

    /// <summary>Checks that a zero or unused chunk's hash is the one of its value, so that a hostile table cannot call content zero unseen.</summary>
    /// <exception cref="CorruptFault">It is not.</exception>
    internal void CheckUniformHash(ImageChunk chunk)
    {
        if (chunk.Row.HasContent) return;
        if (chunk.Row.Hash != Known(chunk).Hash) throw new CorruptFault("the table calls a chunk empty whose hash says otherwise") { Which = chunk.Where };
    }

    public void Dispose()
    {
        TableTransform.Dispose();
        foreach (var transform in _transforms) transform.Dispose();
        foreach (var chunk in Pool) chunk.Dispose();
    }

    private UniformFrame Known(ImageChunk chunk) => _uniform[(chunk.Row.Kind == ChunkKind.Zero ? (byte)0 : _pad, chunk.PlainBytes)];
}
