// One step between a chunk's plain bytes and its stored bytes; a list of them runs forwards to store and backwards to restore.
using BootConsole.Core;

namespace BootConsole.Codec;

/// <summary>Turns the bytes of one chunk into others and back. An instance holds working memory: one per worker, not thread-safe.</summary>
public interface IChunkTransform : IDisposable
{
    /// <summary>Most bytes that <see cref="Apply"/> can give for <paramref name="plainBytes"/> of input.</summary>
    int MaxApplied(int plainBytes);

    /// <summary>Transforms a chunk.</summary>
    /// <param name="plain">1 byte to 16 MiB.</param>
    /// <param name="stored">At least <see cref="MaxApplied"/> bytes.</param>
    /// <returns>Bytes written to <paramref name="stored"/>.</returns>
    int Apply(ReadOnlySpan<byte> plain, Span<byte> stored);

    /// <summary>Undoes <see cref="Apply"/>.</summary>
    /// <param name="stored">Exactly what <see cref="Apply"/> gave; treated as hostile.</param>
    /// <param name="plain">Exactly as long as the chunk.</param>
    /// <exception cref="CorruptFault">The bytes are damaged, or decode to another length.</exception>
    void Undo(ReadOnlySpan<byte> stored, Span<byte> plain);
}
