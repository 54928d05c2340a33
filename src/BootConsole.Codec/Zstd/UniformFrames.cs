// Frames of chunks that hold one value only: made once, used for every zero and unused chunk.
using System.Buffers;
using BootConsole.Core;

namespace BootConsole.Codec;

/// <summary>A chunk of equal bytes, ready to be stored.</summary>
/// <param name="Hash">SHA-256 of the plain bytes.</param>
/// <param name="Stored">Its zstd frame.</param>
public sealed record UniformFrame(ChunkHash Hash, ReadOnlyMemory<byte> Stored);

/// <summary>Gives frames of equal bytes. A chunk of 1 MiB costs about 50 stored bytes and, after the first, no work. Not thread-safe: one per worker or job.</summary>
public sealed class UniformFrames : IDisposable
{
    // A disk has two lengths (whole chunks and its last one) and few values (0, the pad value, 0xFF of erased flash).
    private const int MostKept = 64;

    // The level says nothing about such frames; a fixed one makes them equal in every image.
    private readonly ZstdTransform _zstd = new(level: 1);
    private readonly Dictionary<(byte Value, int PlainBytes), UniformFrame> _kept = [];

    /// <summary>The frame of <paramref name="plainBytes"/> bytes of <paramref name="value"/>.</summary>
    /// <param name="value">The byte.</param>
    /// <param name="plainBytes">1 byte to 16 MiB.</param>
    public UniformFrame Get(byte value, int plainBytes)
    {
        if (_kept.TryGetValue((value, plainBytes), out var known)) return known;
        if (_kept.Count == MostKept) _kept.Clear();
        return _kept[(value, plainBytes)] = Make(value, plainBytes);
    }

    /// <inheritdoc/>
    public void Dispose() => _zstd.Dispose();

    private UniformFrame Make(byte value, int plainBytes)
    {
        var most = _zstd.MaxApplied(plainBytes);
        var plain = ArrayPool<byte>.Shared.Rent(plainBytes);
        var stored = ArrayPool<byte>.Shared.Rent(most);
        try
        {
            plain.AsSpan(0, plainBytes).Fill(value);
            var storedBytes = _zstd.Apply(plain.AsSpan(0, plainBytes), stored);
            return new UniformFrame(ChunkHash.Of(plain.AsSpan(0, plainBytes)), stored.AsMemory(0, storedBytes).ToArray());
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(plain);
            ArrayPool<byte>.Shared.Return(stored);
        }
    }
}
