// The table of long lists, held against the one of short ones; long texts in pieces.
using System.Buffers;
using System.Globalization;
using System.Text;

namespace BootConsole.Core.Tests;

public sealed class LongTableTests
{
    private static readonly string[] Heading = ["PC", "Image", "", "State"];
    private static readonly string[] Samples = ["", "a", "finished", "unfinished, 17 %", "2026-01-02T020000Z_pc-0001_daily", "Größe 5 µm", "備份", "\U0001F4BE disk", "e\u0301", "a\tb", "\e[2J", "\u202Eevil", "trailing ", "   "];

    [Theory]
    [InlineData(0, true)]
    [InlineData(1, true)]
    [InlineData(700, true)]
    [InlineData(5_000, false)]
    public void It_writes_the_lines_that_a_plain_table_has(int rows, bool isForeign)
    {
        var random = new Random(rows);
        List<string[]> cells = [Heading, .. Enumerable.Range(0, rows).Select(_ => (string[])[.. Heading.Select(_ => Samples[random.Next(isForeign ? Samples.Length : 5)])])];
        var table = new LongTable(Heading);
        foreach (var cell in cells.Skip(1).SelectMany(row => row))
            if (random.Next(2) == 0) table.Add(cell);
            else table.Add(Encoding.UTF8.GetBytes(cell));

        using var written = new StringWriter(CultureInfo.InvariantCulture);
        table.WriteTo(written);
        Assert.Equal(string.Concat(PlainTable.Lines(cells).Select(line => PlainText.Of(line) + "\n")), written.ToString());
        Assert.Equal(rows, table.Rows);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(10)]
    [InlineData(3_000_001)]
    public void A_text_in_pieces_comes_out_whole_whichever_characters_the_pieces_end_in(int length)
    {
        var text = string.Concat(Enumerable.Repeat("ab備\U0001F4BE", (length / 9) + 1));
        var pieces = new TextPieces();
        foreach (var part in Encoding.UTF8.GetBytes(text).Chunk(1_000_003)) pieces.Write(part);

        using var written = new StringWriter(CultureInfo.InvariantCulture);
        pieces.WriteTo(written);
        Assert.Equal(text, written.ToString());
    }
}
