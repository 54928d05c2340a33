// Round trips, limits and sameness of the zstd transform.
using BootConsole.Core;
using BootConsole.Host;

namespace BootConsole.Codec.Tests.Zstd;

public sealed class ZstdTransformTests
{
    public static TheoryData<int> Levels => [.. Enumerable.Range(ZstdTransform.MinLevel, ZstdTransform.MaxLevel)];

    [Theory]
    [InlineData(1, 1)]
    [InlineData(3, 1)]
    [InlineData(19, 1)]
    [InlineData(1, 65_536)]
    [InlineData(3, 65_536)]
    [InlineData(3, 262_145)]
    [InlineData(3, 1_048_576)]
    [InlineData(9, 1_048_576)]
    [InlineData(19, 1_048_575)]
    [InlineData(3, 1_048_577)]
    [InlineData(3, 16_777_216)]
    [InlineData(1, 16_777_216)]
    public void What_was_applied_is_undone(int level, int length)
    {
        using var zstd = new ZstdTransform(level);
        var plain = SampleContent.Typical(level, length);
        var stored = Apply(zstd, plain);
        var again = new byte[length];
        zstd.Undo(stored, again);
        Assert.Equal(plain, again);
    }

    [Fact]
    public void A_typical_chunk_gets_shorter_and_a_higher_level_makes_it_shorter_still()
    {
        using var zstd = new ZstdTransform(1);
        var plain = SampleContent.Typical(1, 1 << 20);
        var fast = Apply(zstd, plain).Length;
        zstd.Level = 19;
        var small = Apply(zstd, plain).Length;
        Assert.True(small < fast && fast < plain.Length, $"{plain.Length} {fast} {small}");
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4096)]
    [InlineData(1 << 20)]
    [InlineData(16 << 20)]
    public void Incompressible_bytes_stay_within_the_bound_and_grow_by_less_than_a_thousandth(int length)
    {
        using var zstd = new ZstdTransform(3);
        var stored = Apply(zstd, SampleContent.Random(7, length));
        Assert.True(stored.Length <= zstd.MaxApplied(length));
        Assert.True(stored.Length <= length + length / 1000 + 16, $"{length} became {stored.Length}");
    }

    [Theory]
    [InlineData(5_000)]
    [InlineData(200_000)]
    [InlineData(1 << 20)]
    [InlineData(4 << 20)]
    public void The_same_chunk_gives_the_same_bytes_whatever_the_context_did_before(int length)
    {
        var chunk = SampleContent.Typical(5, length);
        using var fresh = new ZstdTransform(3);
        var expected = Apply(fresh, chunk);

        using var used = new ZstdTransform(19);
        Apply(used, SampleContent.Typical(6, 3 << 20));
        used.Level = 3;
        foreach (var before in new[] { 1000, 1 << 20, 4 << 20 })
        {
            Apply(used, SampleContent.Typical(8, before));
            Assert.Equal(expected, Apply(used, chunk));
        }
    }

    [Fact]
    public void A_frame_declares_its_length_and_has_neither_dictionary_nor_checksum()
    {
        using var zstd = new ZstdTransform(3);
        foreach (var length in new[] { 1, 255, 256, 65_791, 65_792, 1 << 20, 16 << 20 })
        {
            var stored = Apply(zstd, SampleContent.Typical(2, length));
            Assert.True(ZstdFrameHeader.TryRead(stored, out var header));
            Assert.Equal((ulong)length, header.ContentBytes);
            Assert.Equal(0u, header.DictionaryId);
            Assert.True(header.WindowBytes <= 16 << 20);
            Assert.Equal(0, stored[4] & 0x04);
        }
    }

    [Theory]
    [MemberData(nameof(Levels))]
    public void Working_memory_stays_below_what_is_promised(int level)
    {
        foreach (var chunkBytes in new[] { 64 << 10, 256 << 10, 1 << 20, 4 << 20, 16 << 20 })
        {
            using var zstd = new ZstdTransform(level);
            Apply(zstd, new byte[chunkBytes]);
            var decompressorBytes = 256 << 10;
            Assert.InRange(zstd.MemoryBytes, 1, ZstdTransform.MostMemoryBytes(level, chunkBytes) + decompressorBytes);
        }
    }

    [Fact]
    public void Decoding_a_large_chunk_takes_no_memory_besides_the_buffers()
    {
        using var zstd = new ZstdTransform(1);
        var stored = Apply(zstd, SampleContent.Typical(3, 16 << 20));
        using var reader = new ZstdTransform(1);
        reader.Undo(stored, new byte[16 << 20]);
        Assert.InRange(reader.MemoryBytes, 1, 512 << 10);
    }

    [Fact]
    public void Levels_and_lengths_out_of_range_are_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new ZstdTransform(0));
        Assert.Throws<ArgumentOutOfRangeException>(() => new ZstdTransform(20));
        using var zstd = new ZstdTransform(3);
        Assert.Throws<ArgumentOutOfRangeException>(() => zstd.Level = 23);
        Assert.Throws<ArgumentOutOfRangeException>(() => zstd.MaxApplied(0));
        Assert.Throws<ArgumentOutOfRangeException>(() => zstd.MaxApplied((16 << 20) + 1));
        Assert.Throws<ArgumentException>(() => zstd.Apply(new byte[100], new byte[100]));
    }

    [Fact]
    public void A_missing_library_is_named_with_its_package()
    {
        var fault = Assert.Throws<HostFault>(() => NativeLibraries.Load("libnone9", "libnone.so.9"));
        Assert.Equal("libnone.so.9", fault.Which);
        Assert.Contains("libnone9", fault.Remedy, StringComparison.Ordinal);
    }

    internal static byte[] Apply(ZstdTransform zstd, byte[] plain)
    {
        var stored = new byte[zstd.MaxApplied(plain.Length)];
        return stored[..zstd.Apply(plain, stored)];
    }
}
