// Where the reader says that things are, and what it says is wrong there, word for word.
using System.Text;
using BootConsole.Settings.Toml;

namespace BootConsole.Settings.Tests.Toml;

public sealed class TomlPositionTests
{
    private static TomlDocument Read(string text) => TomlReader.Read(Encoding.UTF8.GetBytes(text));

    [Theory]
    [InlineData("a = 1\nb = \n", "line 2, column 5: expected a value, found the end of the line")]
    [InlineData("a = 1 b", "line 1, column 7: expected the end of the line, found a letter")]
    [InlineData("a 1", "line 1, column 3: expected '=' or '.' after the key, found a digit")]
    [InlineData("= 1", "line 1, column 1: expected a key (bare keys are A-Z a-z 0-9 _ -, all others need quotes), found '='")]
    [InlineData("[a", "line 1, column 3: expected ']', found the end of the file")]
    [InlineData("[[a]\n", "line 1, column 4: expected ']]', found ']'")]
    [InlineData("[a]\n[b]\n[a]", "line 3, column 2: a already has its header on line 1")]
    [InlineData("[a]\nx.y = 1\n[a.x]", "line 3, column 4: a.x was made by dotted keys on line 2")]
    [InlineData("k = 1\r\nk = 2", "line 2, column 1: k already has a value on line 1")]
    [InlineData("t = { }\nt.k = 1", "line 2, column 1: t is a complete inline table since line 1")]
    [InlineData("t = [ ]\n[[t]]", "line 2, column 3: t is a complete array since line 1")]
    [InlineData("[[t]]\n[t]", "line 2, column 2: t is an array of tables since line 1")]
    [InlineData("[t.u]\n[[t]]", "line 2, column 3: t is a table since line 1")]
    [InlineData("s = \"x", "line 1, column 7: expected the closing double quote, found the end of the file")]
    [InlineData("s = '''x\n\ny", "line 3, column 2: expected three closing single quotes, found the end of the file")]
    [InlineData("s = \"äöü\\q\"", "line 1, column 9: expected an escape: one of \\b \\t \\n \\f \\r \\\" \\\\ \\uXXXX \\UXXXXXXXX (in single quotes a backslash is an ordinary character)")]
    [InlineData("s = \"😀\" x", "line 1, column 9: expected the end of the line, found a letter")]
    [InlineData("\uFEFFk", "line 1, column 2: expected '=' after the key, found the end of the file")]
    [InlineData("a = 1\n\n\n  b = 1979-02-30\n", "line 4, column 7: expected a day that is in the calendar")]
    [InlineData("a = 25:00:00", "line 1, column 5: expected a time from 00:00:00 to 23:59:59, or second 60 where a leap second can be: 23:59:60 UTC at the end of a month")]
    [InlineData("a = 9223372036854775808", "line 1, column 5: expected a whole number from -9223372036854775808 to 9223372036854775807")]
    [InlineData("a = 007", "line 1, column 5: expected a number, a date or a time: no leading zeros, underscores only between digits, 0x 0o 0b in lower case; a string needs quotes")]
    [InlineData("a = True", "line 1, column 5: expected a value: a string in quotes, a number, true or false in lower case, a date or time, [ or {")]
    [InlineData("a = [ 1, 2\nb = 3", "line 2, column 1: expected ',' or ']', found a letter")]
    [InlineData("a = { b = 1,\n c = 2 }", "line 1, column 13: expected a key (bare keys are A-Z a-z 0-9 _ -, all others need quotes), found the end of the line")]
    [InlineData("# x\u0001", "line 1, column 4: the control character U+0001 may not stand in a comment")]
    [InlineData("a = 1\rb = 2", "line 1, column 6: expected the end of the line, found a carriage return without a line feed")]
    public void An_error_names_line_column_and_what_was_expected(string text, string message) =>
        Assert.Equal(message, Assert.Throws<TomlSyntaxException>(() => Read(text)).Message);

    [Fact]
    public void Broken_UTF8_is_named_where_it_stands()
    {
        var fault = Assert.Throws<TomlSyntaxException>(() => TomlReader.Read([.. "a = 1\n# é "u8, 0xC3, 0x28]));
        Assert.Equal("line 2, column 5: expected UTF-8, found a byte that cannot be part of it", fault.Message);
    }

    [Fact]
    public void Keys_and_values_know_their_places()
    {
        var document = Read("\uFEFF# é\n[a . \"b\"]\n  k = 'é'\t\nlist = [ 1,\n  { x.y = 2 } ]\n[[c]]\n");
        var a = (TomlTable)document.Root.Entries[0].Value;
        var b = (TomlTable)a.Entries[0].Value;
        var list = (TomlArray)b.Entries[1].Value;
        var inline = (TomlTable)list.Items[1];
        Assert.Equal(new TomlPosition(2, 2), document.PositionOf(document.Root.Entries[0].KeyAt));
        Assert.Equal(new TomlPosition(2, 6), document.PositionOf(b.At));
        Assert.Equal(new TomlPosition(3, 3), document.PositionOf(b.Entries[0].KeyAt));
        Assert.Equal(new TomlPosition(3, 7), document.PositionOf(b.Entries[0].Value.At));
        Assert.Equal(new TomlPosition(4, 8), document.PositionOf(list.At));
        Assert.Equal(new TomlPosition(4, 10), document.PositionOf(list.Items[0].At));
        Assert.Equal(new TomlPosition(5, 3), document.PositionOf(inline.At));
        Assert.Equal(new TomlPosition(5, 11), document.PositionOf(((TomlTable)inline.Entries[0].Value).Entries[0].Value.At));
        Assert.Equal(new TomlPosition(6, 3), document.PositionOf(((TomlArray)document.Root.Entries[1].Value).Items[0].At));
        Assert.Equal(new TomlPosition(7, 1), document.PositionOf(int.MaxValue));
    }

    [Fact]
    public void An_error_never_repeats_what_may_be_a_secret()
    {
        string[] texts =
        [
            "password = hunter2", "password = \"hunter2", "password = \"\\hunter2\"", "password = 'x' hunter2", "password hunter2",
            "p = 7hunter2", "p = [ hunter2 ]", "p = { hunter2 }",
        ];
        foreach (var text in texts)
        {
            Assert.DoesNotContain("hunter", Assert.Throws<TomlSyntaxException>(() => Read(text)).Message, StringComparison.Ordinal);
        }
    }
}
