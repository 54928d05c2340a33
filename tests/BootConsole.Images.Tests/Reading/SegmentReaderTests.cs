// Segments that are read, in the clear and encrypted: every range as it was written, and no byte that a hostile server changed.
using BootConsole.Codec;
using BootConsole.Core;
using BootConsole.Stores;
using BootConsole.TestKit;
using FsCheck;
using FsCheck.Fluent;

namespace BootConsole.Images.Tests;

public sealed class SegmentReaderTests
{
    private const int BlockBytes = 64 << 10, HeaderBytes = SegmentReference.AgeHeaderBytes;
    private static readonly byte[] Plain = RandomBytes.Of(5, 200_000);
    private static readonly KeySet Keys = FixedKeys.Make();
    private static readonly byte[] Stored = AgeFile.Seal(Plain, Keys.Recipient);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Any_range_is_what_was_written_in_one_step_and_in_two(bool isEncrypted)
    {
        await using var reader = await OpenAsync(isEncrypted ? Stored : Plain, isEncrypted);
        Assert.Equal((isEncrypted, (long)Plain.Length), (reader.IsEncrypted, reader.PlainBytes));
        var ranges = from start in Gen.OneOf(Gen.Choose(0, Plain.Length), Gen.Choose(BlockBytes - 2, BlockBytes + 2), Gen.Choose(Plain.Length - 3, Plain.Length))
                     from length in Gen.OneOf(Gen.Choose(0, 3), Gen.Choose(0, Plain.Length), Gen.Choose(BlockBytes - 1, BlockBytes + 1))
                     select new ByteRange(start, Math.Min(length, Plain.Length - start));
        Prop.ForAll(ranges.ToArbitrary(), range => IsRight(reader, range)).QuickCheckThrowOnFailure();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_range_beyond_the_end_is_refused_before_anything_is_read(bool isEncrypted)
    {
        await using var reader = await OpenAsync(isEncrypted ? Stored : Plain, isEncrypted);
        var fault = await Assert.ThrowsAsync<CorruptFault>(async () => await reader.ReadAsync(Plain.Length - 1, new byte[2], default));
        Assert.Equal(("a segment ends early", "a/segment", "a/segment"), (fault.Message, fault.Which, fault.StoreFile));
        Assert.Throws<CorruptFault>(() => reader.StoredRange(new ByteRange(Plain.Length, 1)));
    }

    [Fact]
    public async Task The_start_of_an_encrypted_segment_is_its_header_and_as_long_as_the_format_says()
    {
        await using var reader = await OpenAsync(Stored, isEncrypted: true);
        Assert.Equal(HeaderBytes, reader.Start.Length);
        Assert.True(reader.Start.Span.SequenceEqual(Stored.AsSpan(0, HeaderBytes)));
        Assert.Equal(Stored.Length, new AgeLayout(HeaderBytes, Plain.Length).StoredBytes);
        Assert.Equal(Plain.Length, SegmentReference.FrameBytesOf(Stored.Length, isEncrypted: true));
    }

    [Fact]
    public async Task A_flipped_bit_anywhere_in_the_header_is_found_at_opening()
    {
        for (var place = 0; place < HeaderBytes; place++)
        {
            var fault = await Assert.ThrowsAsync<CorruptFault>(() => ReadAllAsync(Flip(Stored, place)));
            Assert.Equal("a/segment", fault.StoreFile);
            // The nonce is the last of the start: with another one every block is another's.
            Assert.True(place < HeaderBytes - 16 == fault.Part is EncryptedPart.Header or EncryptedPart.HeaderMac, $"byte {place}: {fault.Part}");
        }
    }

    [Fact]
    public async Task A_flipped_bit_in_a_block_spoils_that_block_and_no_other()
    {
        foreach (var place in (int[])[HeaderBytes, HeaderBytes + BlockBytes - 1, HeaderBytes + BlockBytes + 15, HeaderBytes + BlockBytes + 16, HeaderBytes + 2 * (BlockBytes + 16) + 7])
        {
            await using var reader = await OpenAsync(Flip(Stored, place), isEncrypted: true);
            var spoiled = (place - HeaderBytes) / (BlockBytes + 16);
            for (var block = 0; block < 3; block++)
            {
                var piece = new byte[100];
                if (block == spoiled)
                {
                    var fault = await Assert.ThrowsAsync<CorruptFault>(async () => await reader.ReadAsync(block * BlockBytes + 50, piece, default));
                    Assert.Equal((EncryptedPart.Payload, "a/segment", "a/segment"), (fault.Part, fault.Which, fault.StoreFile));
                }
                else
                {
                    await reader.ReadAsync(block * BlockBytes + 50, piece, default);
                    Assert.Equal(Plain[(block * BlockBytes + 50)..][..100], piece);
                }
            }
        }
    }

    [Fact]
    public async Task Blocks_that_were_exchanged_repeated_or_left_out_are_found()
    {
        const int Step = BlockBytes + 16;
        var blocks = Enumerable.Range(0, 4).Select(index => Stored.Skip(HeaderBytes + index * Step).Take(Step).ToArray()).ToArray();
        foreach (var order in (int[][])[[1, 0, 2, 3], [0, 0, 2, 3], [0, 1, 3], [0, 1, 2, 2], [0, 1, 2, 3, 3], [0, 1, 2]])
            await Assert.ThrowsAsync<CorruptFault>(() => ReadAllAsync([.. Stored[..HeaderBytes], .. order.SelectMany(index => blocks[index])]));
        Assert.Equal(Plain, await ReadAllAsync([.. Stored[..HeaderBytes], .. blocks.SelectMany(block => block)]));
    }

    [Fact]
    public async Task Cut_anywhere_or_with_bytes_behind_it_a_segment_is_refused()
    {
        foreach (var length in (int[])[0, 1, 20, 100, HeaderBytes - 1, HeaderBytes, HeaderBytes + 15, HeaderBytes + 17, HeaderBytes + BlockBytes, HeaderBytes + BlockBytes + 16, Stored.Length - 17, Stored.Length - 1])
            Assert.True(await Record.ExceptionAsync(() => ReadAllAsync(Stored[..length])) is CorruptFault, $"{length} bytes");
        // As long as a segment of nothing, which nobody reads anything of.
        Assert.Empty(await ReadAllAsync(Stored[..(HeaderBytes + 16)]));
        await Assert.ThrowsAsync<CorruptFault>(() => ReadAllAsync([.. Stored, 0]));
        await Assert.ThrowsAsync<CorruptFault>(() => ReadAllAsync([.. Stored, .. Stored]));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_file_that_holds_less_than_its_store_promises_ends_early(bool isEncrypted)
    {
        var whole = isEncrypted ? Stored : Plain;
        await using var reader = await SegmentReader.OpenAsync(new BytesReader(whole[..^1000], whole.Length), isEncrypted ? Keys : null, "a/segment", default);
        await reader.ReadAsync(0, new byte[BlockBytes], default);
        Assert.Equal("a segment ends early", (await Assert.ThrowsAsync<CorruptFault>(async () => await reader.ReadAsync(Plain.Length - 500, new byte[10], default))).Message);
    }

    [Fact]
    public async Task A_segment_of_another_key_set_does_not_open_and_a_table_key_opens_none()
    {
        using var other = KeySet.MakeRandom();
        var fault = await Assert.ThrowsAsync<CorruptFault>(() => ReadAllAsync(AgeFile.Seal(Plain, other.Recipient)));
        Assert.Equal(("an encrypted segment does not open", EncryptedPart.Header, "a/segment"), (fault.Message, fault.Part, fault.StoreFile));
        using var tables = KeySetText.ReadTableKey(KeySetText.WriteTableKey(Keys));
        await Assert.ThrowsAsync<KeyFault>(() => SegmentReader.OpenAsync(new BytesReader(Stored), tables, "a/segment", default));
    }

    [Fact]
    public async Task A_segment_that_holds_a_password_header_asks_for_no_work()
    {
        using var password = FixedKeys.WrapWith("x");
        await Assert.ThrowsAsync<CorruptFault>(() => ReadAllAsync(AgeFile.Seal(Plain, password)));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Segments_that_a_server_swaps_between_disks_images_or_stores_are_found_by_whoever_reads_them(bool isEncrypted)
    {
        var (room, elsewhere) = (new WriterRoom(), new WriterRoom());
        foreach (var each in (WriterRoom[])[room, elsewhere])
        {
            each.Keys = isEncrypted ? FixedKeys.Make() : null;
            if (each.Keys is not null) await FixedKeys.PublishAsync(each.Store, each.Keys);
        }

        var (one, two) = (WriterRoom.IdOf(0), WriterRoom.IdOf(1));
        await using (var image = await room.BeginAsync(room.Draft(one, disks: 2))) await room.WriteAsync(image, WriterRoom.Disk(), WriterRoom.Disk(31, 32, 33, 34, 35, 36, 37));
        await room.BackUpAsync(two, WriterRoom.Disk(41, 42, 43, 44, 45, 46, 47));
        // The same image id, in another store, of another disk.
        await elsewhere.BackUpAsync(one, WriterRoom.Disk(51, 52, 53, 54, 55, 56, 57));
        var name = new SegmentName(0, 1, isEncrypted);
        var (place, good) = (StoreNames.Segment(one, 0, name), room.Medium.ReadAll(StoreNames.Segment(one, 0, name)));
        foreach (var foreign in (byte[][])[room.Medium.ReadAll(StoreNames.Segment(one, 1, name)), room.Medium.ReadAll(StoreNames.Segment(two, 0, name)), elsewhere.Medium.ReadAll(place)])
        {
            Assert.NotEqual(good, foreign);
            room.Medium.Damage(place, _ => foreign);
            var image = await room.OpenAsync(one);
            var segment = image.Manifest.Disks[0].Segments[0];
            Assert.IsType<CorruptFault>(await Record.ExceptionAsync(() => image.CheckFileAsync(place, segment.Length, segment.Sha256, default)));
            // Whoever reads only frames meets a length, a seal or a chunk's own hash.
            Assert.NotNull(await Record.ExceptionAsync(() => WriterRoom.ReadAsync(image)));
        }

        room.Medium.Damage(place, _ => good);
        Assert.Equal(WriterRoom.Disk(), await WriterRoom.ReadAsync(await room.OpenAsync(one)));
    }

    private static Task<SegmentReader> OpenAsync(byte[] stored, bool isEncrypted) => SegmentReader.OpenAsync(new BytesReader(stored), isEncrypted ? Keys : null, "a/segment", default);

    private static async Task<byte[]> ReadAllAsync(byte[] stored)
    {
        await using var reader = await OpenAsync(stored, isEncrypted: true);
        var plain = new byte[reader.PlainBytes];
        await reader.ReadAsync(0, plain, default);
        return plain;
    }

    private static bool IsRight(SegmentReader reader, ByteRange range)
    {
        var (once, twice) = (new byte[range.Length], new byte[range.Length]);
        reader.ReadAsync(range.Start, once, default).AsTask().GetAwaiter().GetResult();
        var stored = new byte[reader.StoredRange(range).Length];
        reader.ReadStoredAsync(reader.StoredRange(range).Start, stored, default).AsTask().GetAwaiter().GetResult();
        if (reader.IsEncrypted) reader.Open(range, stored, twice);
        else stored.CopyTo(twice, 0);
        var expected = Plain.AsSpan((int)range.Start, (int)range.Length);
        return expected.SequenceEqual(once) && expected.SequenceEqual(twice);
    }

    private static byte[] Flip(byte[] bytes, int place) => [.. bytes[..place], (byte)(bytes[place] ^ 1), .. bytes[(place + 1)..]];
}
