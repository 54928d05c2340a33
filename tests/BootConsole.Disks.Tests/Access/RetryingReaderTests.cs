// Reading worn disks.
using BootConsole.Core;
using BootConsole.Disks.Access;
using BootConsole.TestKit;
using FsCheck;
using FsCheck.Fluent;

namespace BootConsole.Disks.Tests.Access;

public sealed class RetryingReaderTests : IDisposable
{
    private const int MiB = 1 << 20;
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_good_disk_is_read_once_and_in_one_piece()
    {
        using var disk = new MemoryDisk(RandomBytes(4 * MiB));
        var reader = new RetryingReader(disk, new RetryLimits());
        Assert.Empty(reader.Read(0, new byte[4 * MiB]));
        Assert.Single(disk.Reads);
        Assert.True(reader.Unreadable.IsEmpty);
    }

    [Fact]
    public void Real_read_errors_lose_exactly_the_bad_sectors()
    {
        var bytes = RandomBytes(2 * MiB);
        File.WriteAllBytes(_folder["disk.img"], bytes);
        ByteRange[] bad = [new(4096, 512), new(MiB - 512, 1024), new(2 * MiB - 512, 512)];
        using var faulty = FaultyDisk.WithBadRanges(_folder["disk.img"], bad);
        using var disk = OpenDisk.ForReading(ImageFileProbe.Describe(faulty.Path));
        var reader = new RetryingReader(disk, new RetryLimits { Pad = 0xA5 });
        var first = new byte[MiB];
        var second = new byte[MiB];
        var unreadableInFirst = reader.Read(0, first);
        var unreadableInSecond = reader.Read(MiB, second);
        Assert.Equal(RangeSet.Of(bad).Ranges, reader.Unreadable.Ranges);
        Assert.Equal(reader.Unreadable.Ranges, RangeSet.Of(unreadableInFirst.Concat(unreadableInSecond)).Ranges);
        AssertPaddedExactly(bytes, [.. first, .. second], reader.Unreadable, 0xA5);
    }

    [Fact]
    public void A_disk_that_is_gone_ends_the_reading()
    {
        using var disk = new MemoryDisk(new byte[MiB]) { Bad = RangeSet.Of(new ByteRange(0, MiB)), Problem = DiskProblem.Gone };
        var reader = new RetryingReader(disk, new RetryLimits());
        Assert.Equal(DiskProblem.Gone, Assert.Throws<DiskFault>(() => reader.Read(0, new byte[MiB])).Problem);
        Assert.Single(disk.Reads);
    }

    [Fact]
    public void A_fault_that_is_no_bad_sector_is_not_padded_over()
    {
        using var disk = new MemoryDisk(new byte[MiB]) { Bad = RangeSet.Of(new ByteRange(0, MiB)), Problem = DiskProblem.Other };
        Assert.Throws<DiskFault>(() => new RetryingReader(disk, new RetryLimits()).Read(0, new byte[MiB]));
    }

    [Fact]
    public void Whatever_is_bad_what_comes_back_is_right_or_padded_and_listed()
    {
        var scattered = Gen.Choose(0, 4095).ListOf().Select(sectors => sectors.Take(40).Select(sector => new ByteRange(sector * 512L, 512)));
        var run = from start in Gen.Choose(0, 4000)
                  from length in Gen.Choose(1, 2000)
                  select new ByteRange(start * 512L, Math.Min(length, 4096 - start) * 512L);
        var cases = from single in scattered
                    from runs in run.ListOf()
                    from physical in Gen.Elements(512, 4096)
                    from chunk in Gen.Elements(65536, 100_352, 1_048_576)
                    select (Bad: RangeSet.Of(single.Concat(runs.Take(2))), physical, chunk);
        Prop.ForAll(cases.ToArbitrary(), input =>
        {
            var bytes = RandomBytes(2 * MiB);
            using var disk = new MemoryDisk(bytes, physicalSectorBytes: input.physical) { Bad = input.Bad };
            var reader = new RetryingReader(disk, new RetryLimits { Pad = 0x5A });
            var copy = new byte[bytes.Length];
            var listed = new List<ByteRange>();
            for (var offset = 0; offset < copy.Length; offset += input.chunk)
                listed.AddRange(reader.Read(offset, copy.AsSpan(offset, Math.Min(input.chunk, copy.Length - offset))));
            Assert.Equal(reader.Unreadable.Ranges, RangeSet.Of(listed).Ranges);
            Assert.True(input.Bad.Except(reader.Unreadable).IsEmpty, "every bad byte is listed");
            AssertPaddedExactly(bytes, copy, reader.Unreadable, 0x5A);
            // Nothing is given up without a bad sector to begin with.
            foreach (var range in reader.Unreadable.Ranges) Assert.True(input.Bad.Overlaps(new ByteRange(range.Start, input.physical)), $"{range} begins good");
        }).QuickCheckThrowOnFailure();
    }

    [Theory]
    [InlineData(512)]
    [InlineData(4096)]
    public void One_unreadable_stretch_costs_at_most_as_many_good_bytes_as_it_has_bad_ones(int physicalSectorBytes)
    {
        var bytes = new byte[4 * MiB];
        for (var length = 4096; length <= 2 * MiB; length += 36_864)
        {
            using var disk = new MemoryDisk(bytes, physicalSectorBytes: physicalSectorBytes) { Bad = RangeSet.Of(new ByteRange(MiB / 2, length)) };
            var reader = new RetryingReader(disk, new RetryLimits());
            for (var offset = 0; offset < bytes.Length; offset += 65536) reader.Read(offset, new byte[65536]);
            Assert.InRange(reader.Unreadable.TotalBytes, length, 2L * length);
        }
    }

    [Fact]
    public void Scattered_bad_sectors_cost_no_good_sector()
    {
        var bad = RangeSet.Of(Enumerable.Range(0, 100).Select(i => new ByteRange(i * 20_480L + 512, 512)));
        using var disk = new MemoryDisk(RandomBytes(2 * MiB), physicalSectorBytes: 4096) { Bad = bad };
        var reader = new RetryingReader(disk, new RetryLimits());
        reader.Read(0, new byte[2 * MiB]);
        Assert.Equal(bad.Ranges, reader.Unreadable.Ranges);
    }

    [Fact]
    public void A_dead_disk_ends_after_few_reads_and_is_listed_whole()
    {
        using var disk = new MemoryDisk(new byte[256 * MiB]) { Bad = RangeSet.Of(new ByteRange(0, 256 * MiB)) };
        var reader = new RetryingReader(disk, new RetryLimits());
        for (var offset = 0; offset < 256 * MiB; offset += MiB) reader.Read(offset, new byte[MiB]);
        Assert.Equal([new ByteRange(0, 256 * MiB)], reader.Unreadable.Ranges);
        Assert.InRange(reader.FailedReads, 1, 500);
    }

    [Fact]
    public void After_a_long_bad_run_the_rest_of_the_disk_is_read_again()
    {
        using var disk = new MemoryDisk(RandomBytes(64 * MiB)) { Bad = RangeSet.Of(new ByteRange(8 * MiB, 4 * MiB)) };
        var reader = new RetryingReader(disk, new RetryLimits());
        for (var offset = 0; offset < 64 * MiB; offset += MiB) reader.Read(offset, new byte[MiB]);
        var unreadable = Assert.Single(reader.Unreadable.Ranges);
        Assert.Equal(8 * MiB, unreadable.Start);
        Assert.InRange(unreadable.End, 12 * MiB, 13 * MiB);
    }

    [Fact]
    public void Going_back_reads_what_was_skipped()
    {
        var bytes = RandomBytes(2 * MiB);
        using var disk = new MemoryDisk(bytes) { Bad = RangeSet.Of(new ByteRange(MiB / 2, 100_000)) };
        var reader = new RetryingReader(disk, new RetryLimits());
        reader.Read(0, new byte[2 * MiB]);
        var end = reader.Unreadable.Ranges[^1].End;
        Assert.True(end > MiB / 2 + 102_400, "good bytes were skipped");
        var again = new byte[512];
        Assert.Empty(reader.Read(end - 512, again));
        Assert.Equal(bytes[(int)(end - 512)..(int)end], again);
    }

    [Fact]
    public void Too_many_unreadable_places_end_the_reading_with_a_fault()
    {
        var bad = RangeSet.Of(Enumerable.Range(0, 60).Select(i => new ByteRange(i * 8192L, 512)));
        using var disk = new MemoryDisk(new byte[MiB]) { Bad = bad };
        var reader = new RetryingReader(disk, new RetryLimits { MaximumRanges = 50 });
        var fault = Assert.Throws<DiskFault>(() => reader.Read(0, new byte[MiB]));
        Assert.Contains("too many unreadable places", fault.Message, StringComparison.Ordinal);
        Assert.Contains("ddrescue", fault.Remedy, StringComparison.Ordinal);
    }

    [Fact]
    public void Too_many_failed_reads_end_the_reading_with_a_fault()
    {
        using var disk = new MemoryDisk(new byte[MiB]) { Bad = RangeSet.Of(Enumerable.Range(0, 60).Select(i => new ByteRange(i * 8192L, 512))) };
        var told = 0;
        var reader = new RetryingReader(disk, new RetryLimits { MaximumFailedReads = 20, ReadFailed = _ => told++ });
        Assert.Throws<DiskFault>(() => reader.Read(0, new byte[MiB]));
        Assert.Equal(21, told);
    }

    [Fact]
    public void A_sector_that_reads_at_the_third_attempt_is_not_lost()
    {
        var bytes = RandomBytes(65536);
        using var disk = new ReluctantDisk(bytes, new ByteRange(4096, 512), failures: 4);
        var reader = new RetryingReader(disk, new RetryLimits());
        var copy = new byte[65536];
        // The whole request, its block and two attempts at the sector fail; the third succeeds.
        Assert.Empty(reader.Read(0, copy));
        Assert.Equal(bytes, copy);
        Assert.Equal(4, reader.FailedReads);
    }

    private static void AssertPaddedExactly(byte[] original, byte[] copy, RangeSet unreadable, byte pad)
    {
        var expected = (byte[])original.Clone();
        foreach (var range in unreadable.Ranges) expected.AsSpan((int)range.Start, (int)range.Length).Fill(pad);
        Assert.True(expected.AsSpan().SequenceEqual(copy), "what is not listed is right, what is listed is padded");
    }

    private static byte[] RandomBytes(int count)
    {
        var bytes = new byte[count];
        new System.Random(count).NextBytes(bytes);
        return bytes;
    }

    private sealed class ReluctantDisk(byte[] bytes, ByteRange weak, int failures) : IDisk
    {
        private int _failures = failures;

        public DiskInfo Info { get; } = new MemoryDisk(bytes).Info;

        public void Read(long offset, Span<byte> buffer)
        {
            if (weak.Overlaps(new ByteRange(offset, buffer.Length)) && _failures-- > 0) throw new DiskFault("bad") { Problem = DiskProblem.BadSectors };
            bytes.AsSpan((int)offset, buffer.Length).CopyTo(buffer);
        }

        public void Dispose() { }
    }
}
