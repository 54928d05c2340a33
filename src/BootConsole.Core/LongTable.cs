// Columns of text for lists of a hundred thousand rows.
using System.Buffers;
using System.Text;

namespace BootConsole.Core;

/// <summary>
/// The lines that <see cref="PlainTable"/> makes, as <see cref="PlainText"/> shows them. Cells are kept as UTF-8 in one piece of memory: a string and an array for each would take longer than all the rest.
/// </summary>
public sealed class LongTable
{
    private const int PieceBytes = 64 << 10;
    private const int GapBytes = 2;
    private const byte Blank = (byte)' ';

    private readonly ArrayBufferWriter<byte> _text = new(PieceBytes);
    private readonly int[] _widths;
    private int[] _lengths = new int[1024];
    private int _cells;
    private bool _isAscii = true;

    /// <summary>A table with a heading.</summary>
    /// <param name="heading">A cell for each column.</param>
    public LongTable(params ReadOnlySpan<string> heading)
    {
        _widths = new int[heading.Length];
        foreach (var cell in heading) Add(cell);
    }

    /// <summary>How many rows it has, the heading not counted.</summary>
    public int Rows => (_cells / _widths.Length) - 1;

    /// <summary>Adds the next cell of a row, or the first one of the next row.</summary>
    /// <param name="cell">Its text in UTF-8.</param>
    public void Add(ReadOnlySpan<byte> cell)
    {
        if (cell.ContainsAnyExceptInRange(Blank, (byte)'~')) Add(Encoding.UTF8.GetString(cell));
        else
        {
            _text.Write(cell);
            Keep(cell.Length, cell.Length);
        }
    }

    /// <inheritdoc cref="Add(ReadOnlySpan{byte})"/>
    public void Add(string cell)
    {
        var plain = PlainText.Of(cell);
        var bytes = Encoding.UTF8.GetBytes(plain, _text.GetSpan(Encoding.UTF8.GetMaxByteCount(plain.Length)));
        _text.Advance(bytes);
        _isAscii &= bytes == plain.Length;
        Keep(bytes, plain.Length);
    }

    /// <summary>Writes the lines, without trailing blanks, in large pieces: a console is flushed with each.</summary>
    public void WriteTo(TextWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        var line = new ArrayBufferWriter<byte>(PieceBytes * 2);
        var text = _text.WrittenSpan;
        for (var cell = 0; cell < _cells; cell += _widths.Length)
        {
            var length = Line(text, cell, line);
            text = text[length..];
            if (line.WrittenCount < PieceBytes) continue;
            writer.Write(Encoding.UTF8.GetString(line.WrittenSpan));
            line.ResetWrittenCount();
        }

        writer.Write(Encoding.UTF8.GetString(line.WrittenSpan));
    }

    // How many bytes of the text the row took.
    private int Line(ReadOnlySpan<byte> text, int cell, ArrayBufferWriter<byte> writer)
    {
        var (taken, at, end) = (0, 0, 0);
        // No cell is wider than its bytes are many, and none has more than the row.
        var line = writer.GetSpan(LongestLine(cell));
        for (var column = 0; column < _widths.Length; column++)
        {
            var bytes = text.Slice(taken, _lengths[cell + column]);
            taken += bytes.Length;
            bytes.CopyTo(line[at..]);
            at += bytes.Length;
            if (!bytes.IsEmpty) end = at;
            var padding = _widths[column] - (_isAscii ? bytes.Length : Encoding.UTF8.GetCharCount(bytes)) + GapBytes;
            line.Slice(at, padding).Fill(Blank);
            at += padding;
        }

        end = line[..end].TrimEnd(Blank).Length;
        line[end] = (byte)'\n';
        writer.Advance(end + 1);
        return taken;
    }

    private int LongestLine(int cell)
    {
        var longest = 1;
        for (var column = 0; column < _widths.Length; column++) longest += _lengths[cell + column] + _widths[column] + GapBytes;
        return longest;
    }

    private void Keep(int bytes, int width)
    {
        if (_cells == _lengths.Length) Array.Resize(ref _lengths, _cells * 2);
        ref var widest = ref _widths[_cells % _widths.Length];
        widest = Math.Max(widest, width);
        _lengths[_cells++] = bytes;
    }
}
