// Columns of text for lists of a hundred thousand rows.
using System.Buffers.Binary;
using System.Text;

namespace BootConsole.Core;

/// <summary>
/// The lines that <see cref="PlainTable"/> makes, as <see cref="PlainText"/> shows them. Cells are kept as UTF-8, each behind its length: a string and an array for each would take longer than all the rest.
/// </summary>
public sealed class LongTable
{
    private const int PieceBytes = 64 << 10;
    private const int GapBytes = 2;
    private const byte Blank = (byte)' ';

    private readonly TextPieces _cells = new();
    private readonly int[] _widths;
    private readonly int[] _bytes;
    private int _count;
    private bool _isAscii = true;

    /// <summary>A table with a heading.</summary>
    /// <param name="heading">A cell for each column.</param>
    public LongTable(params ReadOnlySpan<string> heading)
    {
        (_widths, _bytes) = (new int[heading.Length], new int[heading.Length]);
        foreach (var cell in heading) Add(cell);
    }

    /// <summary>How many rows it has, the heading not counted.</summary>
    public int Rows => (_count / _widths.Length) - 1;

    /// <summary>Adds the next cell of a row, or the first one of the next row.</summary>
    /// <param name="cell">Its text in UTF-8.</param>
    public void Add(ReadOnlySpan<byte> cell)
    {
        if (cell.ContainsAnyExceptInRange(Blank, (byte)'~'))
        {
            Add(Encoding.UTF8.GetString(cell));
            return;
        }

        cell.CopyTo(_cells.GetSpan(sizeof(int) + cell.Length)[sizeof(int)..]);
        Keep(cell.Length, cell.Length);
    }

    /// <inheritdoc cref="Add(ReadOnlySpan{byte})"/>
    public void Add(string cell)
    {
        var plain = PlainText.Of(cell);
        var bytes = Encoding.UTF8.GetBytes(plain, _cells.GetSpan(sizeof(int) + Encoding.UTF8.GetMaxByteCount(plain.Length))[sizeof(int)..]);
        _isAscii &= bytes == plain.Length;
        Keep(bytes, plain.Length);
    }

    /// <summary>Writes the lines, without trailing blanks, in large pieces: a console is flushed with each.</summary>
    public void WriteTo(TextWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        var lines = new byte[PieceBytes + _bytes.Sum() + _widths.Sum() + (_widths.Length * GapBytes) + 1];
        var characters = new char[lines.Length];
        var (column, used, end) = (0, 0, 0);
        foreach (var piece in _cells.All)
        {
            for (var rest = piece.Span; !rest.IsEmpty;)
            {
                var cell = rest.Slice(sizeof(int), BinaryPrimitives.ReadInt32LittleEndian(rest));
                rest = rest[(sizeof(int) + cell.Length)..];
                cell.CopyTo(lines.AsSpan(used));
                if (cell.TrimEnd(Blank) is { IsEmpty: false } shown) end = used + shown.Length;
                used += cell.Length;
                var padding = _widths[column] - (_isAscii ? cell.Length : Encoding.UTF8.GetCharCount(cell)) + GapBytes;
                lines.AsSpan(used, padding).Fill(Blank);
                used += padding;
                if (++column < _widths.Length) continue;
                lines[end] = (byte)'\n';
                (column, used) = (0, end + 1);
                if (used >= PieceBytes)
                {
                    Write(used);
                    used = 0;
                }

                end = used;
            }
        }

        Write(used);

        void Write(int bytes) => writer.Write(characters, 0, Encoding.UTF8.GetChars(lines, 0, bytes, characters, 0));
    }

    // The cell's text stands where it belongs.
    private void Keep(int bytes, int width)
    {
        BinaryPrimitives.WriteInt32LittleEndian(_cells.GetSpan(sizeof(int) + bytes), bytes);
        _cells.Advance(sizeof(int) + bytes);
        var column = _count++ % _widths.Length;
        _widths[column] = Math.Max(_widths[column], width);
        _bytes[column] = Math.Max(_bytes[column], bytes);
    }
}
