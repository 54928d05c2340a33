// What is painted over what was there before is the picture, cell by cell, and no more is sent than that takes.
using System.Text;
using BootConsole.Appliance.Terminal;
using FsCheck;
using FsCheck.Fluent;

namespace BootConsole.Appliance.Tests.Terminals;

public sealed class FramePainterTests
{
    private static readonly Role[] Roles = Enum.GetValues<Role>();
    private static readonly Gen<string> Texts = from parts in Gen.Elements("a", "b", " ", "   ", "█", "日", "本語", "é", "e\u0301", "\u0301", "\u200D", "😀", "👨\u200D👩\u200D👧", "❤\uFE0F", "ﷺ", "word").ListOf() select string.Concat(parts);
    private static readonly Gen<TerminalSize> Sizes = from columns in Gen.Choose(1, 12) from rows in Gen.Choose(1, 4) select new TerminalSize(columns, rows);

    [Fact]
    public void Whatever_was_shown_the_painted_sequences_make_the_picture() => Check(Look.Unicode);

    [Fact]
    public void Without_colours_too() => Check(Look.Unicode with { HasColour = false });

    [Fact]
    public void An_ascii_terminal_gets_nothing_but_ascii()
    {
        Check(Look.Ascii);
        var frame = new Frame(new TerminalSize(10, 2));
        frame.Put(0, 0, TextLine.Of("a日é\u009b"));
        var output = new FramePainter(Look.Ascii).Paint(frame);
        Assert.True(Ascii.IsValid(output));
        Assert.Contains("a??", output, StringComparison.Ordinal);
    }

    [Fact]
    public void The_same_picture_again_sends_nothing_that_can_be_seen()
    {
        var painter = new FramePainter(Look.Unicode);
        var frame = Full('x');
        frame.Cursor = (3, 4);
        _ = painter.Paint(frame);
        Assert.Equal("\e[?25l\e[4;5H\e[?25h", painter.Paint(frame));
        frame.Cursor = null;
        Assert.Equal("\e[?25l", painter.Paint(frame));
    }

    [Fact]
    public void One_changed_cell_sends_a_few_bytes()
    {
        var painter = new FramePainter(Look.Unicode);
        Assert.InRange(painter.Paint(Full('x')).Length, 80 * 25, 80 * 25 + 400);
        var changed = Full('x');
        changed.Put(12, 40, TextLine.Of("y", Role.Bad));
        Assert.InRange(painter.Paint(changed).Length, 1, 40);
    }

    [Fact]
    public void After_forgetting_everything_is_painted_anew()
    {
        var painter = new FramePainter(Look.Unicode);
        var first = painter.Paint(Full('x'));
        painter.Forget();
        Assert.Equal(first, painter.Paint(Full('x')));
    }

    private static void Check(Look look)
    {
        var frames = from sizes in Sizes.ListOf() from same in Gen.Choose(1, 4) from pictures in Pictures(sizes.Count == 0 ? new TerminalSize(7, 3) : sizes[0]).ListOf(same) from other in Pictures(sizes.Count > 1 ? sizes[1] : new TerminalSize(1, 1)) select pictures.Append(other).Append(pictures[0]).ToList();
        FsCheck.Check.One(Config.QuickThrowOnFailure.WithMaxTest(500), Prop.ForAll(Arb.From(frames), pictures =>
        {
            var painter = new FramePainter(look);
            ScreenEmulator? screen = null;
            TerminalSize size = default;
            foreach (var frame in pictures)
            {
                // Another size: what the terminal makes of the old picture is anything.
                if (screen is null || size != frame.Size) screen = new ScreenEmulator(size = frame.Size);
                var output = painter.Paint(frame);
                if (look.IsAscii) Assert.True(Ascii.IsValid(output));
                screen.Take(output);
                AssertShows(screen, frame, look);
            }
        }));
    }

    private static void AssertShows(ScreenEmulator screen, Frame frame, Look look)
    {
        for (var row = 0; row < frame.Size.Rows; row++)
            for (var column = 0; column < frame.Size.Columns; column++)
            {
                if (row == frame.Size.Rows - 1 && column >= frame.Size.Columns - 1) continue;
                var (text, role) = frame[row, column];
                var expected = !look.IsAscii || Ascii.IsValid(text) && text.Length > 0 ? text : "?";
                Assert.Equal((expected, look.Select(role)), screen[row, column]);
            }

        Assert.Equal(frame.Cursor, screen.Cursor);
    }

    private static Gen<Frame> Pictures(TerminalSize size) =>
        from lines in (from row in Gen.Choose(-1, size.Rows) from column in Gen.Choose(0, size.Columns) from text in Texts from role in Gen.Elements(Roles) select (row, column, TextLine.Of(text, role))).ListOf()
        from tinted in Gen.Choose(0, 3 * size.Rows)
        from cursor in Gen.Elements<(int, int)?>(null, (0, 0), (size.Rows - 1, size.Columns - 1))
        select Draw(size, lines, tinted, cursor);

    private static Frame Draw(TerminalSize size, IEnumerable<(int Row, int Column, TextLine Line)> lines, int tinted, (int, int)? cursor)
    {
        var frame = new Frame(size) { Cursor = cursor };
        foreach (var (row, column, line) in lines) frame.Put(row, column, line);
        if (tinted < size.Rows) frame.Tint(tinted, Role.Title);
        return frame;
    }

    private static Frame Full(char sign)
    {
        var frame = new Frame(new TerminalSize(80, 25));
        for (var row = 0; row < 25; row++) frame.Put(row, 0, TextLine.Of(new string(sign, 80)));
        return frame;
    }
}
