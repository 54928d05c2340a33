// Tables as bytes: round trip, golden bytes, and everything that is not one.
using System.Buffers.Binary;
using BootConsole.Core;
using BootConsole.TestKit;
using FsCheck;
using FsCheck.Fluent;

namespace BootConsole.Images.Tests;

public sealed class TableFormatTests
{
    [Fact]
    public void Every_table_is_read_as_it_was_written() => Prop.ForAll(Arb.From(SampleTables.All), table => AreEqual(table, TableFormat.Read(TableFormat.Write(table), "t"))).QuickCheckThrowOnFailure();

    [Fact]
    public void The_bytes_of_a_table_are_those_of_the_format()
    {
        var expected = Convert.FromHexString(File.ReadAllText(Path.Combine(RepositoryFolder.Path, "tests/BootConsole.Images.Tests/Golden/table.hex")).ReplaceLineEndings("").Replace(" ", "", StringComparison.Ordinal));
        Assert.Equal(Convert.ToHexString(expected), Convert.ToHexString(TableFormat.Write(SampleTables.Fixed)));
        Assert.True(AreEqual(SampleTables.Fixed, TableFormat.Read(expected, "t")));
    }

    [Fact]
    public void The_largest_table_is_read_and_one_more_source_or_row_is_refused()
    {
        var longId = ImageId.Create(DateTimeOffset.UnixEpoch, new string('p', 60), new string('n', 60));
        var source = new SegmentReference(longId, 63, new SegmentName(uint.MaxValue, SegmentName.MaxAttempt, true), long.MaxValue, ChunkHash.Of("s"u8));
        var row = new ChunkRow(ChunkKind.Same, TableFormat.MaxSources, long.MaxValue - 5, 5, ChunkHash.Of("r"u8));
        var table = SampleTables.Fixed with
        {
            Image = longId,
            Name = new SegmentName(uint.MaxValue - ChunkTable.MaxRows, 1, true),
            Sources = [.. Enumerable.Repeat(source, TableFormat.MaxSources)],
            Rows = [.. Enumerable.Repeat(row, ChunkTable.MaxRows)],
        };
        var bytes = TableFormat.Write(table);
        Assert.InRange(bytes.Length, 1, TableFormat.MaxBytes);
        Assert.True(AreEqual(table, TableFormat.Read(bytes, "t")));
        Assert.Throws<ArgumentOutOfRangeException>(() => TableFormat.Write(table with { Sources = [.. table.Sources, source] }));
        Assert.Throws<ArgumentOutOfRangeException>(() => TableFormat.Write(table with { Rows = [.. table.Rows, row] }));
    }

    [Fact]
    public void Another_version_is_refused_by_name()
    {
        var bytes = TableFormat.Write(SampleTables.Fixed);
        bytes[8] = 2;
        var fault = Assert.Throws<CorruptFault>(() => TableFormat.Read(bytes, "the-table"));
        Assert.Equal(("the-table", "version 1", "version 2"), (fault.Which, fault.Expected, fault.Found));
        Assert.Contains("version", fault.Message, StringComparison.Ordinal);
    }

    // Offset and width of each number of the header (docs/format.md), and values that it cannot have.
    [Theory]
    [InlineData(0, 8, 0L, 1L)]
    [InlineData(12, 4, -1L, 64L, 0x7FFFFFFFL)]
    [InlineData(16, 4, 0xFFFFFFFFL, 0xFFFFFFFBL)]
    [InlineData(20, 4, 0L, -1L, 10_000L)]
    [InlineData(24, 4, 0L, -1L, 4L, 6L, 65_537L, 0x7FFFFFFFL)]
    [InlineData(28, 4, 0L, -1L, 32_768L, 33_554_432L, 1_048_575L, 98_304L, -2_147_483_648L)]
    [InlineData(32, 8, 0L, -1L, long.MinValue)]
    [InlineData(40, 32, 0L, 0L)]
    [InlineData(104, 4, 0L, 2L, -1L, 16_385L, 65_534L, 0x7FFFFFFFL)]
    [InlineData(108, 4, 0L, -1L, 151L, 1L, 0x7FFFFFFFL)]
    [InlineData(112, 1, 1L, 2L)]
    [InlineData(127, 1, 1L, 255L)]
    public void A_header_field_that_cannot_be_is_refused(int offset, int width, params long[] values)
    {
        foreach (var value in values)
        {
            var bytes = TableFormat.Write(SampleTables.Fixed);
            var field = bytes.AsSpan(offset, width);
            field.Clear();
            for (var i = 0; i < Math.Min(8, width); i++) field[i] = (byte)((value >> (8 * i)) & 0xFF);
            Assert.Throws<CorruptFault>(() => TableFormat.Read(bytes, "t"));
        }
    }

    [Fact]
    public void Chunks_beyond_32_bits_are_refused_and_the_last_possible_place_is_not()
    {
        var rows = (uint)SampleTables.Fixed.Rows.Count;
        var last = SampleTables.Fixed with { Name = new SegmentName(uint.MaxValue - rows, 1, true) };
        Assert.Equal(last.Name, TableFormat.Read(TableFormat.Write(last), "t").Name);
        Assert.Throws<CorruptFault>(() => TableFormat.Read(TableFormat.Write(last with { Name = new SegmentName(uint.MaxValue - rows + 1, 1, true) }), "t"));
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(0, 6)]
    [InlineData(0, 255)]
    [InlineData(1, 1)]
    [InlineData(2, 1)]
    [InlineData(3, 1)]
    [InlineData(15, 0x80)]
    [InlineData(7, 0x80)]
    public void A_row_that_cannot_be_is_refused(int offset, int value)
    {
        var bytes = TableFormat.Write(SampleTables.Fixed);
        bytes[bytes.Length - 5 * 48 + offset] = (byte)value;
        Assert.Throws<CorruptFault>(() => TableFormat.Read(bytes, "t"));
    }

    [Theory]
    [InlineData(ChunkKind.Data, 0, 0)]
    [InlineData(ChunkKind.Data, 1, 10)]
    [InlineData(ChunkKind.Same, 0, 10)]
    [InlineData(ChunkKind.Same, 2, 10)]
    [InlineData(ChunkKind.Zero, 1, 10)]
    [InlineData(ChunkKind.Unreadable, 0, 0)]
    public void A_row_whose_kind_does_not_fit_its_frame_is_refused(ChunkKind kind, ushort source, int stored)
    {
        var table = SampleTables.Fixed with { Rows = [new ChunkRow(kind, source, 0, stored, default)] };
        Assert.Throws<CorruptFault>(() => TableFormat.Read(TableFormat.Write(table), "t"));
    }

    [Fact]
    public void A_frame_that_would_end_beyond_63_bits_is_refused()
    {
        var table = SampleTables.Fixed with { Rows = [new ChunkRow(ChunkKind.Data, 0, long.MaxValue - 9, 10, default)] };
        Assert.Throws<CorruptFault>(() => TableFormat.Read(TableFormat.Write(table), "t"));
    }

    [Theory]
    [InlineData(0, -1)]
    [InlineData(0, 64)]
    [InlineData(8, 0)]
    [InlineData(8, 10_000)]
    [InlineData(10, 0)]
    [InlineData(10, 151)]
    [InlineData(12, 0)]
    public void A_source_that_cannot_be_is_refused(int offset, int value)
    {
        var bytes = TableFormat.Write(SampleTables.Fixed);
        var source = bytes.AsSpan(128 + SampleTables.Fixed.Image.Text.Length);
        if (offset == 0) BinaryPrimitives.WriteInt32LittleEndian(source, value);
        else if (offset == 12) BinaryPrimitives.WriteInt64LittleEndian(source[12..], value);
        else BinaryPrimitives.WriteUInt16LittleEndian(source[offset..], (ushort)value);
        Assert.Throws<CorruptFault>(() => TableFormat.Read(bytes, "t"));
    }

    [Theory]
    [InlineData("2026-11-21T060400Z_office-pc_../../../x")]
    [InlineData("2026-11-21T060400Z_office-pc_before/upd")]
    [InlineData("2026-11-21T060400Z_office_pc_before-upd")]
    [InlineData("..")]
    public void An_image_id_that_is_not_one_is_refused(string id)
    {
        var bytes = TableFormat.Write(SampleTables.Fixed).ToList();
        bytes.RemoveRange(128, SampleTables.Fixed.Image.Text.Length);
        bytes.InsertRange(128, System.Text.Encoding.ASCII.GetBytes(id));
        bytes[108] = (byte)id.Length;
        Assert.Throws<CorruptFault>(() => TableFormat.Read([.. bytes], "t"));
    }

    [Fact]
    public void A_table_that_is_cut_short_or_too_long_by_any_length_is_refused()
    {
        var bytes = TableFormat.Write(SampleTables.Fixed);
        for (var length = 0; length < bytes.Length; length++) Assert.Throws<CorruptFault>(() => TableFormat.Read(bytes.AsSpan(0, length), "t"));
        for (var more = 1; more <= 48; more++) Assert.Throws<CorruptFault>(() => TableFormat.Read([.. bytes, .. new byte[more]], "t"));
    }

    [Fact]
    public void Mutated_tables_are_read_or_refused_and_never_cost_more_than_64_MiB()
    {
        var valid = TableFormat.Write(SampleTables.Fixed);
        var random = new Random(20261121);
        var refused = 0;
        for (var round = 0; round < Mutation.Rounds; round++)
        {
            var bytes = Mutation.Of(random, valid, headBytes: 128);
            var before = GC.GetAllocatedBytesForCurrentThread();
            try
            {
                TableFormat.Read(bytes, "t");
            }
            catch (CorruptFault)
            {
                refused++;
            }

            Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 64 << 20);
        }

        // A mutation may hit a hash and leave a table that can be; most cannot.
        Assert.InRange(refused, Mutation.Rounds / 3, Mutation.Rounds);
    }

    private static bool AreEqual(ChunkTable left, ChunkTable right) =>
        (left.Image, left.Disk, left.Name, left.ChunkBytes, left.KeyId, left.SegmentLength, left.SegmentHash) == (right.Image, right.Disk, right.Name, right.ChunkBytes, right.KeyId, right.SegmentLength, right.SegmentHash)
        && left.Sources.SequenceEqual(right.Sources) && left.Rows.SequenceEqual(right.Rows);
}
