// What a writer puts into a file, the reader takes out of it: a random tree of values, written in random styles.
using System.Globalization;
using System.Text;
using BootConsole.Settings.Toml;
using FsCheck;
using FsCheck.Fluent;

namespace BootConsole.Settings.Tests.Toml;

public sealed class TomlRoundTripTests
{
    private static TomlValue Value(string written) => TomlReader.Read(Encoding.UTF8.GetBytes($"k = {written}\n")).Root.Entries.Single().Value;

    [Fact]
    public void Every_string_comes_back_from_a_value_and_from_a_key() => Check.QuickThrowOnFailure(Prop.ForAll(ArbMap.Default.ArbFor<string>(), text =>
    {
        // A lone surrogate is no character: no UTF-8 file holds one.
        text = new string([.. (text ?? "").Where(c => !char.IsSurrogate(c))]);
        var key = TomlReader.Read(Encoding.UTF8.GetBytes($"[t]\n{TreeWriter.Basic(text)} . x = 1\n")).Root;
        return ((TomlString)Value(TreeWriter.Basic(text))).Text == text
            && ((TomlString)Value("\"\"\"\n" + TreeWriter.Basic(text)[1..^1] + "\"\"\"")).Text == text
            && ((TomlTable)key.Entries[0].Value).Entries[0].Key == text;
    }));

    [Fact]
    public void Every_integer_and_float_comes_back()
    {
        Check.QuickThrowOnFailure(Prop.ForAll(ArbMap.Default.ArbFor<long>(), number =>
            ((TomlInteger)Value(number.ToString(CultureInfo.InvariantCulture))).Number == number));
        Check.QuickThrowOnFailure(Prop.ForAll(ArbMap.Default.ArbFor<double>(), number =>
        {
            var found = ((TomlFloat)Value(TomlDecoder.TaggedJson.FloatText(number))).Number;
            return double.IsNaN(number) ? double.IsNaN(found) : BitConverter.DoubleToInt64Bits(found) == BitConverter.DoubleToInt64Bits(number);
        }));
    }

    [Fact]
    public void Every_tree_comes_back_from_whatever_style_it_is_written_in()
    {
        for (var seed = 0; seed < 2000; seed++)
        {
            var random = new Random(seed);
            var tree = TreeWriter.RandomTable(random, depth: 0);
            var text = TreeWriter.Write(tree, random);
            var found = TreeWriter.FromToml(TomlReader.Read(Encoding.UTF8.GetBytes(text)).Root);
            Assert.Equal((seed, TreeWriter.Canonical(tree)), (seed, TreeWriter.Canonical(found)));
        }
    }
}
