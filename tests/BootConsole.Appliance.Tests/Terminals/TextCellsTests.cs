// Text cut and broken to cells: never wider than asked, and nothing of it lost.
using BootConsole.Appliance.Terminal;
using FsCheck;
using FsCheck.Fluent;

namespace BootConsole.Appliance.Tests.Terminals;

public sealed class TextCellsTests
{
    private static readonly Gen<string> Texts = from parts in Gen.Elements("a", "word", " ", "  ", "日本語", "é", "e\u0301", "\u0301", "😀", "👨\u200D👩\u200D👧", "longer-word-of-a-path/and-more", "█░").ListOf() select string.Concat(parts);

    [Fact]
    public void Fit_is_never_wider_and_cuts_only_what_does_not_fit() => Check(from text in Texts from width in Gen.Choose(-1, 30) select (text, width), sample =>
    {
        var (text, width) = sample;
        var fitted = TextCells.Fit(text, width);
        if (width <= 0) return fitted.Length == 0;
        if (TextCells.Width(text) <= width) return fitted == text;
        // As much as there is room for: one more character would be too wide.
        return TextCells.Width(fitted) <= width && TextCells.Width(fitted) >= width - 1 && fitted.EndsWith('…') && Bare(text).StartsWith(Bare(fitted[..^1]), StringComparison.Ordinal);
    });

    [Fact]
    public void Wrap_is_never_wider_and_loses_nothing_but_blanks_at_its_breaks() => Check(from text in Texts from width in Gen.Choose(2, 30) select (text, width), sample =>
    {
        var (text, width) = sample;
        var lines = TextCells.Wrap(text, width);
        return lines.All(line => TextCells.Width(line) <= width) && Bare(string.Concat(lines)) == Bare(text) && lines.Count <= 1 + text.Length;
    });

    [Fact]
    public void Wrap_keeps_words_whole_where_they_fit() => Check(from words in Gen.Elements("a", "is", "bcd", "日本", "word").ListOf() from width in Gen.Choose(4, 20) select (words, width), sample =>
    {
        var lines = TextCells.Wrap(string.Join(' ', sample.words), sample.width);
        return lines.SelectMany(line => line.Split(' ')).Where(word => word.Length > 0).SequenceEqual(sample.words);
    });

    [Fact]
    public void One_column_takes_any_text()
    {
        Assert.Equal(["a", "?", "b"], TextCells.Wrap("a日b", 1));
        Assert.Empty(TextCells.Wrap("text", 0));
        Assert.Equal([""], TextCells.Wrap("", 5));
        Assert.Equal("…", TextCells.Fit("日本", 1));
    }

    [Fact]
    public void A_word_of_a_megabyte_takes_a_moment()
    {
        // Quadratic work on this would outlast any patience.
        Assert.Equal(10_000, TextCells.Wrap(string.Concat(Enumerable.Repeat("日本語のラベル--", 10_000)), 16).Count);
        Assert.Equal(1 << 14, TextCells.Wrap(new string('x', 1 << 20), 64).Count);
    }

    [Fact]
    public void A_frame_cuts_at_its_edges_and_never_leaves_half_a_character()
    {
        var frame = new Frame(new TerminalSize(5, 2));
        frame.Put(0, 3, TextLine.Of("a日"));
        frame.Put(1, 0, TextLine.Of("日本"));
        frame.Put(1, 1, TextLine.Of("x"));
        frame.Put(2, 0, TextLine.Of("nowhere"));
        frame.Put(-1, 0, TextLine.Of("nowhere"));
        Assert.Equal("   a\n x本\n", frame.ToText());
    }

    private static string Bare(string text) => text.Replace(" ", "", StringComparison.Ordinal);

    private static void Check<T>(Gen<T> values, Func<T, bool> holds) => FsCheck.Check.One(Config.QuickThrowOnFailure.WithMaxTest(1000), Prop.ForAll(Arb.From(values), holds));
}
