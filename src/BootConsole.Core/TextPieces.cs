// Text of many megabytes on its way to an output.
using System.Buffers;
using System.Text;

namespace BootConsole.Core;

/// <summary>UTF-8 in pieces of a megabyte, so that a long text is never copied into a longer buffer.</summary>
public sealed class TextPieces : IBufferWriter<byte>
{
    private const int PieceBytes = 1 << 20;

    private readonly List<ReadOnlyMemory<byte>> _full = [];
    private byte[] _open = [];
    private int _used;

    /// <summary>All that was written, in its order. What one <see cref="GetSpan"/> gave room for is never in two pieces.</summary>
    public IEnumerable<ReadOnlyMemory<byte>> All => _full.Append(_open.AsMemory(0, _used));

    /// <inheritdoc/>
    public void Advance(int count) => _used += count;

    /// <inheritdoc/>
    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        if (_open.Length - _used < Math.Max(sizeHint, 1))
        {
            _full.Add(_open.AsMemory(0, _used));
            (_open, _used) = (GC.AllocateUninitializedArray<byte>(Math.Max(PieceBytes, sizeHint)), 0);
        }

        return _open.AsMemory(_used);
    }

    /// <inheritdoc/>
    public Span<byte> GetSpan(int sizeHint = 0) => GetMemory(sizeHint).Span;

    /// <summary>Writes the text, a piece with each call.</summary>
    public void WriteTo(TextWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        // A character may begin in one piece and end in the next.
        var decoder = Encoding.UTF8.GetDecoder();
        var characters = Array.Empty<char>();
        foreach (var piece in All)
        {
            if (characters.Length < piece.Length) characters = new char[Encoding.UTF8.GetMaxCharCount(piece.Length)];
            writer.Write(characters, 0, decoder.GetChars(piece.Span, characters, flush: false));
        }
    }
}
