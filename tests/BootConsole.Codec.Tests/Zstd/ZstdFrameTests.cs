// Frames byte by byte (RFC 8878): golden ones are read, malformed ones refused.
using BootConsole.Core;
using BootConsole.TestKit;

namespace BootConsole.Codec.Tests.Zstd;

public sealed class ZstdFrameTests : IDisposable
{
    private const string Magic = "28B52FFD";
    private readonly ZstdTransform _zstd = new(3);

    // One raw block: descriptor 0x20 (single segment, length in one byte), length 5, block header last|raw|5 = 0x29.
    private const string Hello = Magic + "2005290000" + "68656C6C6F";

    [Fact]
    public void A_golden_raw_block_is_read() => Assert.Equal("hello"u8.ToArray(), Undo(Hello, 5));

    [Fact]
    public void A_golden_repeated_block_is_read() => Assert.Equal(Enumerable.Repeat((byte)0xAA, 200), Undo(Magic + "20C8" + "430600" + "AA", 200));

    [Fact]
    public void A_golden_compressed_block_with_a_checksum_is_read()
    {
        // `printf 'boot%.0s' $(seq 100) > boot; zstd -19 --check boot`, zstd 1.5.4.
        var expected = string.Concat(Enumerable.Repeat("boot", 100));
        Assert.Equal(expected, System.Text.Encoding.ASCII.GetString(Undo(GoldenBoot, 400)));
    }

    private const string GoldenBoot = "28B52FFD6490005D000020626F6F74010089D44B04B3496B84";

    [Theory]
    [InlineData("", "nothing")]
    [InlineData("28B52F", "less than a magic number")]
    [InlineData("28B52FFD", "no descriptor")]
    [InlineData("2005290000" + "68656C6C6F", "without magic number")]
    [InlineData("502A4D18" + "05000000" + "68656C6C6F", "a skippable frame")]
    [InlineData("502A4D18" + "00000000" + Hello, "a skippable frame before")]
    [InlineData(Hello + "502A4D1800000000", "a skippable frame behind")]
    [InlineData(Hello + "00", "a byte behind")]
    [InlineData(Hello + Hello, "two frames")]
    [InlineData(Magic + "2004210000" + "68656C6C", "declares a shorter length")]
    [InlineData(Magic + "2006310000" + "68656C6C6F21", "declares a longer length")]
    [InlineData(Magic + "2005210000" + "68656C6C", "declares five bytes and holds four")]
    [InlineData(Magic + "2005310000" + "68656C6C6F21", "declares five bytes and holds six")]
    [InlineData(Magic + "0000290000" + "68656C6C6F", "declares no length")]
    [InlineData(Magic + "2805290000" + "68656C6C6F", "the reserved bit")]
    [InlineData(Magic + "21070529000068656C6C6F", "a dictionary")]
    [InlineData(Magic + "80A805000000290000" + "68656C6C6F", "a window of two gibibytes")]
    [InlineData(Magic + "8071" + "05000000" + "290000" + "68656C6C6F", "a window just over 16 MiB")]
    [InlineData(Magic + "20052F0000" + "68656C6C6F", "a block of the reserved kind")]
    [InlineData(Magic + "2005280000" + "68656C6C6F", "no last block")]
    [InlineData(Magic + "2005290000" + "68656C6C", "cut short")]
    [InlineData(Magic + "2405290000" + "68656C6C6F" + "00000000", "a wrong checksum")]
    [InlineData("27B52FFD2005290000" + "68656C6C6F", "the magic number of version 0.7")]
    public void Anything_but_one_whole_frame_of_the_chunk_is_corrupt(string hex, string what)
    {
        var fault = Assert.Throws<CorruptFault>(() => Undo(hex, 5));
        Assert.True(fault.Message.StartsWith("compressed bytes are damaged", StringComparison.Ordinal), what);
    }

    [Fact]
    public void A_window_of_16_MiB_is_still_read() => Assert.Equal("hello"u8.ToArray(), Undo(Magic + "8070" + "05000000" + "290000" + "68656C6C6F", 5));

    [Fact]
    public void Every_cut_of_a_frame_is_corrupt()
    {
        var plain = SampleContent.Typical(1, 3000);
        var stored = ZstdTransformTests.Apply(_zstd, plain);
        for (var length = 0; length < stored.Length; length++)
            Assert.Throws<CorruptFault>(() => _zstd.Undo(stored.AsSpan(0, length), plain));
    }

    [Fact]
    public void Mutated_frames_end_in_a_chunk_or_a_corrupt_fault_and_touch_nothing_else()
    {
        var random = new Random(20261);
        byte[][] plains = [SampleContent.Typical(1, 5000), SampleContent.Typical(2, 200_000), new byte[70_000], SampleContent.Random(3, 300)];
        var frames = plains.Select((plain, i) => { _zstd.Level = 1 + 6 * i; return ZstdTransformTests.Apply(_zstd, plain); }).ToArray();
        var guarded = new byte[plains.Max(plain => plain.Length) + 128];
        var refused = 0;
        for (var round = 0; round < Mutation.Rounds; round++)
        {
            var which = random.Next(frames.Length);
            var length = plains[which].Length;
            guarded.AsSpan(0, 64).Fill(0x5C);
            guarded.AsSpan(64 + length, 64).Fill(0x5C);
            try
            {
                _zstd.Undo(Mutation.Of(random, frames[which]), guarded.AsSpan(64, length));
            }
            catch (CorruptFault)
            {
                refused++;
            }

            Assert.False(guarded.AsSpan(0, 64).ContainsAnyExcept((byte)0x5C) || guarded.AsSpan(64 + length, 64).ContainsAnyExcept((byte)0x5C), $"round {round}");
        }

        Assert.InRange(refused, Mutation.Rounds / 2, Mutation.Rounds);
        Assert.InRange(_zstd.MemoryBytes, 1, 64 << 20);
    }

    public void Dispose() => _zstd.Dispose();

    private byte[] Undo(string hex, int plainBytes)
    {
        var plain = new byte[plainBytes];
        _zstd.Undo(Convert.FromHexString(hex), plain);
        return plain;
    }
}
