// Chunks of one repeated byte: their hash and frame are made once, not a million times.
using BootConsole.Codec;
using BootConsole.Core;

namespace BootConsole.Jobs;

/// <summary>Hash and frame of a chunk whose bytes are all equal.</summary>
/// <param name="Hash">SHA-256 of the plain bytes.</param>
/// <param name="Frame">The stored bytes.</param>
internal sealed record UniformChunk(ChunkHash Hash, ReadOnlyMemory<byte> Frame);

/// <summary>The uniform chunks of one disk: two byte values, and two lengths since the last chunk may be short. Read-only once made.</summary>
internal sealed class UniformChunks
{
    private readonly Dictionary<(byte Value, int Length), UniformChunk> _chunks = [];

    internal UniformChunks(IChunkTransform transform, int chunkBytes, int lastChunkBytes, params ReadOnlySpan<byte> values)
    {
        var plain = new byte[chunkBytes];
        var stored = new byte[transform.MaxApplied(chunkBytes)];
        foreach (var value in values)
        {
            plain.AsSpan().Fill(value);
            foreach (var length in (int[])[chunkBytes, lastChunkBytes])
            {
                if (_chunks.ContainsKey((value, length))) continue;
                var count = transform.Apply(plain.AsSpan(0, length), stored);
                _chunks.Add((value, length), new UniformChunk(ChunkHash.Of(plain.AsSpan(0, length)), stored.AsMemory(0, count).ToArray()));
            }
        }
    }

    internal UniformChunk this[byte value, int length] => _chunks[(value, length)];
}
