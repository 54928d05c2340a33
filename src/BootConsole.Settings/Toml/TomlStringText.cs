// The text of a string while it is read.
using System.Buffers;
using System.Text;

namespace BootConsole.Settings.Toml;

/// <summary>
/// Collects a string: one slice of the file as long as no escape interrupts it, else the slices between the escapes and the characters they mean.
/// </summary>
internal ref struct TomlStringText(TomlCursor cursor)
{
    private readonly TomlCursor _cursor = cursor;
    private ArrayBufferWriter<byte>? _aside;
    private int _start = cursor.At;

    /// <summary>Puts aside what was read: an escape stands here.</summary>
    public void PutAside() => (_aside ??= new ArrayBufferWriter<byte>()).Write(_cursor.Since(_start));

    /// <summary>Goes on behind an escape that means nothing.</summary>
    public void GoOn() => _start = _cursor.At;

    /// <summary>Goes on behind an escape that means <paramref name="character"/>.</summary>
    public void GoOn(Rune character)
    {
        _aside!.Advance(character.EncodeToUtf8(_aside.GetSpan(4)));
        _start = _cursor.At;
    }

    /// <summary>The string up to here.</summary>
    public readonly string Finish()
    {
        if (_aside is null) return Encoding.UTF8.GetString(_cursor.Since(_start));
        _aside.Write(_cursor.Since(_start));
        return Encoding.UTF8.GetString(_aside.WrittenSpan);
    }
}
