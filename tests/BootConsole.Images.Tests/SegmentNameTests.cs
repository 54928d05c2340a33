// Names of segments and tables: what is written is read, and nothing else is.
using FsCheck;
using FsCheck.Fluent;

namespace BootConsole.Images.Tests;

public sealed class SegmentNameTests
{
    [Fact]
    public void Every_name_is_read_as_it_was_written() => Prop.ForAll(
        Arb.From(from first in Gen.Choose(int.MinValue, int.MaxValue) from attempt in Gen.Choose(1, SegmentName.MaxAttempt) from isEncrypted in Gen.Elements(true, false) select new SegmentName((uint)(first & 0xFFFFFFFFL), attempt, isEncrypted)),
        name => SegmentName.TryParseSegment(name.SegmentFile, out var segment) && segment == name
            && SegmentName.TryParseTable(name.TableFile, out var table) && table == name
            && !SegmentName.TryParseSegment(name.TableFile, out _) && !SegmentName.TryParseTable(name.SegmentFile, out _)).QuickCheckThrowOnFailure();

    [Fact]
    public void Names_are_those_of_the_format()
    {
        Assert.Equal("0000a000-1.zst.age", new SegmentName(0xa000, 1, true).SegmentFile);
        Assert.Equal("0000a000-1.table.zst.age", new SegmentName(0xa000, 1, true).TableFile);
        Assert.Equal("0000a000-1.zst", new SegmentName(0xa000, 1).SegmentFile);
        Assert.Equal("ffffffff-9999.table.zst", new SegmentName(uint.MaxValue, 9999).TableFile);
    }

    [Theory]
    [InlineData("")]
    [InlineData(".zst")]
    [InlineData("../x")]
    [InlineData("../00000000-1.zst")]
    [InlineData("/00000000-1.zst")]
    [InlineData("00000000-1.zst/")]
    [InlineData("00000000-1.zst\n")]
    [InlineData("00000000-1.zst.age.age")]
    [InlineData("00000000-1.zst.0123456789abcdef.part")]
    [InlineData("00000000-1.ZST")]
    [InlineData("0000A000-1.zst")]
    [InlineData("0000000-1.zst")]
    [InlineData("000000000-1.zst")]
    [InlineData("00000000-0.zst")]
    [InlineData("00000000-01.zst")]
    [InlineData("00000000-10000.zst")]
    [InlineData("00000000--1.zst")]
    [InlineData("00000000-+1.zst")]
    [InlineData("00000000- 1.zst")]
    [InlineData("00000000-1 .zst")]
    [InlineData("00000000-.zst")]
    [InlineData("00000000_1.zst")]
    [InlineData("0x000000-1.zst")]
    [InlineData(" 0000000-1.zst")]
    [InlineData("-0000001-1.zst")]
    [InlineData("00000000-١.zst")]
    public void Any_other_name_is_refused(string name)
    {
        Assert.False(SegmentName.TryParseSegment(name, out _));
        Assert.False(SegmentName.TryParseTable(name.Replace(".zst", ".table.zst", StringComparison.Ordinal), out _));
    }
}
