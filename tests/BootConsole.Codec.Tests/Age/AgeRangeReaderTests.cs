// Ranges of an age file: right bytes, no byte read in vain, damage found where it is.
using BootConsole.Core;

namespace BootConsole.Codec.Tests.Age;

public sealed class AgeRangeReaderTests : IDisposable
{
    private const int Block = AgeLayout.BlockBytes;
    private readonly X25519Identity _identity = X25519Identity.MakeRandom();

    [Theory]
    [InlineData(1)]
    [InlineData(Block)]
    [InlineData(3 * Block + 17)]
    [InlineData(40 * Block)]
    public async Task Any_range_is_the_same_piece_of_the_content(int length)
    {
        var plain = SampleContent.Random(1, length);
        var file = AgeFile.Seal(plain, _identity.Recipient);
        using var reader = await OpenAsync(file);
        Assert.Equal(length, reader.Layout.PlainBytes);
        var random = new Random(length);
        for (var round = 0; round < 200; round++)
        {
            var start = random.Next(length + 1);
            var count = random.Next(2) == 0 ? random.Next(length - start + 1) : Math.Min(length - start, random.Next(3) + 1);
            var piece = new byte[count];
            await reader.ReadAsync(start, piece, CancellationToken.None);
            Assert.True(plain.AsSpan(start, count).SequenceEqual(piece), $"{start}+{count}");
        }
    }

    [Fact]
    public async Task Pieces_one_after_the_other_read_every_stored_byte_once()
    {
        var plain = SampleContent.Random(2, 50 * Block + 5);
        var file = AgeFile.Seal(plain, _identity.Recipient);
        long readBytes = 0;
        var read = AgeVectorTests.ReadFrom(file);
        using var reader = await AgeRangeReader.OpenAsync(file.Length, (offset, buffer, cancel) =>
        {
            readBytes += buffer.Length;
            return read(offset, buffer, cancel);
        }, [_identity], CancellationToken.None);
        readBytes = 0;
        var piece = new byte[100_000];
        for (var start = 0; start < plain.Length; start += piece.Length)
            await reader.ReadAsync(start, piece.AsMemory(0, Math.Min(piece.Length, plain.Length - start)), CancellationToken.None);
        Assert.Equal(file.Length - reader.Layout.HeaderBytes, readBytes);
    }

    [Fact]
    public async Task Damage_is_found_in_its_block_and_the_others_are_still_read()
    {
        var plain = SampleContent.Random(3, 5 * Block);
        var file = AgeFile.Seal(plain, _identity.Recipient);
        using var reader = await OpenAsync(file);
        file[(int)reader.Layout.StoredBlock(2).Start + 1000] ^= 0x10;
        var piece = new byte[Block];
        foreach (var block in new[] { 0, 1, 3, 4 })
        {
            await reader.ReadAsync(block * Block, piece, CancellationToken.None);
            Assert.Equal(plain[(block * Block)..((block + 1) * Block)], piece);
        }

        var fault = await Assert.ThrowsAsync<CorruptFault>(async () => await reader.ReadAsync(2 * Block + 5, piece.AsMemory(0, 10), CancellationToken.None));
        Assert.Equal((EncryptedPart.Payload, "block 2"), (fault.Part, fault.Which));
        await Assert.ThrowsAsync<CorruptFault>(async () => await reader.ReadAsync(2 * Block + 5, piece.AsMemory(0, 10), CancellationToken.None));
    }

    [Fact]
    public async Task A_fault_spoils_nothing_that_is_read_after_it()
    {
        var plain = SampleContent.Random(6, 3 * Block);
        var file = AgeFile.Seal(plain, _identity.Recipient);
        using var reader = await OpenAsync(file);
        file[(int)reader.Layout.StoredBlock(1).Start] ^= 1;
        var piece = new byte[10];
        await reader.ReadAsync(100, piece, CancellationToken.None);
        await Assert.ThrowsAsync<CorruptFault>(async () => await reader.ReadAsync(Block, piece, CancellationToken.None));
        await reader.ReadAsync(100, piece, CancellationToken.None);
        Assert.Equal(plain[100..110], piece);
    }

    [Fact]
    public async Task Swapped_blocks_are_refused()
    {
        var file = AgeFile.Seal(SampleContent.Random(4, 3 * Block), _identity.Recipient);
        using var reader = await OpenAsync(file);
        Span<byte> first = file.AsSpan((int)reader.Layout.StoredBlock(0).Start, AgeLayout.StoredBlockBytes), second = file.AsSpan((int)reader.Layout.StoredBlock(1).Start, AgeLayout.StoredBlockBytes);
        var kept = first.ToArray();
        second.CopyTo(first);
        kept.CopyTo(second);
        await Assert.ThrowsAsync<CorruptFault>(async () => await reader.ReadAsync(0, new byte[10], CancellationToken.None));
    }

    [Theory]
    [InlineData(Block + AgeLayout.TagBytes)]
    [InlineData(2 * (Block + AgeLayout.TagBytes))]
    public async Task A_file_cut_at_the_end_of_a_block_is_found_by_its_end(int cut)
    {
        var file = AgeFile.Seal(SampleContent.Random(5, 4 * Block), _identity.Recipient);
        using var reader = await OpenAsync(file[..^cut]);
        Assert.Equal(EncryptedPart.Payload, (await Assert.ThrowsAsync<CorruptFault>(async () => await reader.CheckEndAsync(CancellationToken.None))).Part);
        using var whole = await OpenAsync(file);
        await whole.CheckEndAsync(CancellationToken.None);
        await whole.CheckEndAsync(CancellationToken.None);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(40)]
    [InlineData(400)]
    [InlineData(2000)]
    public async Task A_header_of_many_recipients_is_read_in_growing_pieces(int recipients)
    {
        using var others = X25519Identity.MakeRandom();
        IReadOnlyList<AgeRecipient> all = [.. Enumerable.Repeat<AgeRecipient>(others.Recipient, recipients - 1), _identity.Recipient];
        var file = AgeFile.Seal("content"u8, all);
        using var reader = await OpenAsync(file);
        var plain = new byte[7];
        await reader.ReadAsync(0, plain, CancellationToken.None);
        Assert.Equal("content"u8.ToArray(), plain);
    }

    [Fact]
    public async Task A_header_longer_than_the_limit_is_refused()
    {
        byte[] file = [.. "age-encryption.org/v1\n"u8, .. Enumerable.Repeat("-> grease\n\n"u8.ToArray(), 30_000).SelectMany(line => line)];
        var fault = await Assert.ThrowsAsync<CorruptFault>(() => OpenAsync(file));
        Assert.Equal(EncryptedPart.Header, fault.Part);
        Assert.Equal(Outcome.HeaderFailure, await AgeVectorTests.OutcomeOf(() => AgeFile.DecryptAsync(new MemoryStream(file), Stream.Null, [_identity], CancellationToken.None)));
    }

    [Fact]
    public async Task A_range_outside_the_content_is_the_callers_mistake()
    {
        using var reader = await OpenAsync(AgeFile.Seal(new byte[100], _identity.Recipient));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(async () => await reader.ReadAsync(95, new byte[6], CancellationToken.None));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(async () => await reader.ReadAsync(-1, new byte[1], CancellationToken.None));
    }

    [Fact]
    public void Stored_and_plain_lengths_are_each_others_inverse()
    {
        for (var blocks = 0L; blocks < 4; blocks++)
        {
            foreach (var rest in new[] { 0, 1, 2, 15, 16, 17, Block - 1 })
            {
                var layout = new AgeLayout(200, blocks * Block + rest);
                Assert.Equal(layout, AgeLayout.OfStored(200, layout.StoredBytes));
                Assert.Equal(layout.StoredBytes, layout.StoredBlock(layout.Blocks - 1).End);
                Assert.Equal(layout.PlainBytes, layout.PlainBlock(layout.Blocks - 1).End);
            }
        }

        var large = new AgeLayout(200, 1L << 50);
        Assert.Equal(large, AgeLayout.OfStored(200, large.StoredBytes));
        Assert.Equal(large.StoredBlock(3).Start, large.StoredRange(new ByteRange(3L * Block + 9, 1)).Start);
        Assert.Equal(large.StoredBlock(5).End, large.StoredRange(new ByteRange(3L * Block + 9, 2L * Block)).End);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(15)]
    [InlineData(AgeLayout.StoredBlockBytes + 1)]
    [InlineData(AgeLayout.StoredBlockBytes + 16)]
    public void A_length_that_no_file_has_is_corrupt(int payloadBytes) => Assert.Equal(EncryptedPart.Payload, Assert.Throws<CorruptFault>(() => AgeLayout.OfStored(200, 200 + payloadBytes)).Part);

    public void Dispose() => _identity.Dispose();

    private Task<AgeRangeReader> OpenAsync(byte[] file) => AgeRangeReader.OpenAsync(file.Length, AgeVectorTests.ReadFrom(file), [_identity], CancellationToken.None);
}
