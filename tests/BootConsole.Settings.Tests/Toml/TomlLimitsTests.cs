// Hostile sizes. What would take quadratic time here would take hours; what would recurse without a limit would end the test run.
using System.Text;
using BootConsole.Settings.Toml;

namespace BootConsole.Settings.Tests.Toml;

public sealed class TomlLimitsTests
{
    private const int Many = 1 << 20;

    private static string Repeat(string text, int count) => new StringBuilder(text.Length * count).Insert(0, text, count).ToString();

    private static TomlDocument Read(string text) => TomlReader.Read(Encoding.UTF8.GetBytes(text));

    [Fact]
    public void A_megabyte_of_opening_brackets_is_refused_at_the_depth_limit()
    {
        var fault = Assert.Throws<TomlSyntaxException>(() => Read("a = " + Repeat("[", Many)));
        Assert.Equal("line 1, column 261: values may be nested 256 deep at most", fault.Message);
    }

    [Fact]
    public void A_megabyte_of_opening_braces_is_refused_at_the_depth_limit()
    {
        var fault = Assert.Throws<TomlSyntaxException>(() => Read("a = " + Repeat("{a=", Many)));
        Assert.Equal("values may be nested 256 deep at most", fault.What);
    }

    [Fact]
    public void A_key_of_a_million_parts_is_refused_at_the_part_limit()
    {
        Assert.Equal("a key may have 256 parts at most", Assert.Throws<TomlSyntaxException>(() => Read(Repeat("a.", Many) + "a = 1")).What);
        Assert.Equal("a key may have 256 parts at most", Assert.Throws<TomlSyntaxException>(() => Read("[" + Repeat("a.", Many) + "a]")).What);
    }

    [Fact]
    public void Nesting_up_to_the_limit_is_read_and_one_more_is_refused()
    {
        Assert.NotNull(Read("a = " + Repeat("[", 256) + Repeat("]", 256)));
        Assert.Throws<TomlSyntaxException>(() => Read("a = " + Repeat("[", 257) + Repeat("]", 257)));
        Assert.NotNull(Read("[" + Repeat("a.", 255) + "a]"));
        Assert.Throws<TomlSyntaxException>(() => Read("[" + Repeat("a.", 255) + "a]\nb.c = 1"));
        Assert.NotNull(Read("[[" + Repeat("a.", 254) + "a]]"));
        Assert.Throws<TomlSyntaxException>(() => Read("[[" + Repeat("a.", 255) + "a]]"));
        Assert.Throws<TomlSyntaxException>(() => Read("[" + Repeat("a.", 255) + "a]\nb = []"));
    }

    [Fact]
    public void Array_headers_cannot_nest_tables_past_the_limit()
    {
        var text = new StringBuilder();
        for (var depth = 1; depth <= 200; depth++) text.Append("[[").Append(Repeat("a.", depth - 1)).Append("a]]\n");
        Assert.Equal("tables may be nested 256 deep at most", Assert.Throws<TomlSyntaxException>(() => Read(text.ToString())).What);
    }

    [Fact]
    public void Many_tables_keys_elements_and_lines_take_linear_time()
    {
        var tables = new StringBuilder();
        for (var index = 0; index < 200_000; index++) tables.Append("[t.x").Append(index).Append("]\nk.l.m = 1\n");
        Assert.Equal(200_000, ((TomlTable)Read(tables.ToString()).Root.Entries[0].Value).Entries.Count);
        Assert.Equal(300_000, ((TomlArray)Read(Repeat("[[a]]\n", 300_000)).Root.Entries[0].Value).Items.Count);
        Assert.Equal(Many, ((TomlArray)Read("a = [" + Repeat("1,", Many) + "]").Root.Entries[0].Value).Items.Count);
        Assert.Empty(Read(Repeat("# x\r\n", Many)).Root.Entries);
        Assert.Equal(256, Read("[" + string.Join('.', Enumerable.Repeat(Repeat("k", 4096), 256)) + "]").PositionOf(1 << 20).Line * 256);
    }

    [Fact]
    public void Long_words_strings_and_escapes_take_linear_time()
    {
        Assert.Throws<TomlSyntaxException>(() => Read("a = " + Repeat("1", Many)));
        Assert.Equal(1.5, ((TomlFloat)Read("a = 1.5" + Repeat("0", Many)).Root.Entries[0].Value).Number);
        Assert.Equal(Many, ((TomlString)Read("a = \"" + Repeat("\\t", Many) + "\"").Root.Entries[0].Value).Text.Length);
        Assert.Equal("", ((TomlString)Read("a = \"\"\"" + Repeat("\\\n \n", Many) + "\"\"\"").Root.Entries[0].Value).Text);
        Assert.Throws<TomlSyntaxException>(() => Read("a = \"\"\"\n" + Repeat("\"\" ", Many)));
        Assert.Equal(Many, Read(Repeat("k", Many) + " = 1").Root.Entries[0].Key.Length);
    }

    [Fact]
    public void A_file_above_16_MiB_is_refused_and_one_of_16_MiB_is_read()
    {
        Assert.Empty(TomlReader.Read(Encoding.ASCII.GetBytes(Repeat("\n", TomlReader.MaxBytes))).Root.Entries);
        var fault = Assert.Throws<TomlSyntaxException>(() => TomlReader.Read(new byte[TomlReader.MaxBytes + 1]));
        Assert.Equal("line 1, column 1: the file has 16777217 bytes; at most 16777216 are read", fault.Message);
    }
}
