// Chunks of one value: their frames, their hashes, and how they are found.
using BootConsole.Core;

namespace BootConsole.Codec.Tests.Zstd;

public sealed class UniformFramesTests
{
    [Theory]
    [InlineData(0, 1)]
    [InlineData(0, 1 << 20)]
    [InlineData(0xFF, 1 << 20)]
    [InlineData(0xA5, 123_457)]
    [InlineData(0, 16 << 20)]
    public void A_uniform_frame_decodes_to_its_bytes_and_names_their_hash(byte value, int length)
    {
        using var frames = new UniformFrames();
        using var zstd = new ZstdTransform(3);
        var frame = frames.Get(value, length);
        var plain = new byte[length];
        plain.AsSpan().Fill((byte)(value ^ 0xFF));
        zstd.Undo(frame.Stored.Span, plain);
        Assert.False(plain.AsSpan().ContainsAnyExcept(value));
        Assert.Equal(ChunkHash.Of(plain), frame.Hash);
    }

    [Fact]
    public void A_zero_chunk_of_1_MiB_is_stored_in_64_bytes_or_less()
    {
        using var frames = new UniformFrames();
        Assert.InRange(frames.Get(0, 1 << 20).Stored.Length, 10, 64);
    }

    [Fact]
    public void A_frame_is_made_once()
    {
        using var frames = new UniformFrames();
        Assert.Same(frames.Get(0, 4096), frames.Get(0, 4096));
        Assert.NotSame(frames.Get(0, 4096), frames.Get(1, 4096));
    }

    [Fact]
    public void Many_different_lengths_do_not_pile_up_and_stay_right()
    {
        using var frames = new UniformFrames();
        var first = frames.Get(0, 1);
        for (var length = 2; length < 300; length++) frames.Get(0, length);
        var again = frames.Get(0, 1);
        Assert.NotSame(first, again);
        Assert.Equal(first.Stored.ToArray(), again.Stored.ToArray());
    }

    [Fact]
    public void Equal_bytes_are_found_and_one_different_byte_anywhere_is_seen()
    {
        var bytes = new byte[5000];
        bytes.AsSpan().Fill(0x42);
        Assert.True(UniformBytes.TryFind(bytes, out var value));
        Assert.Equal(0x42, value);
        for (var i = 0; i < bytes.Length; i++)
        {
            bytes[i] ^= 1;
            Assert.False(UniformBytes.TryFind(bytes, out _), $"byte {i}");
            bytes[i] ^= 1;
        }
    }

    [Fact]
    public void Zeros_are_told_from_other_equal_bytes()
    {
        Assert.True(UniformBytes.AreZero(new byte[100_003]));
        Assert.True(UniformBytes.AreZero([]));
        Assert.False(UniformBytes.AreZero([0, 0, 1]));
        Assert.False(UniformBytes.AreZero([1, 1, 1]));
    }
}
