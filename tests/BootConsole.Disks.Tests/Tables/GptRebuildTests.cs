// Tables fitted to targets of another size, judged by sgdisk and sfdisk.
using BootConsole.Core;
using BootConsole.Disks.Access;
using BootConsole.Disks.Tables;
using BootConsole.TestKit;

namespace BootConsole.Disks.Tests.Tables;

public sealed class GptRebuildTests : IDisposable
{
    private const long MiB = 1 << 20;
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    public static IEnumerable<object[]> Targets =>
        from seed in Enumerable.Range(201, 6)
        from sectorBytes in new[] { 512, 4096 }
        from growth in new[] { 4096L, 40_960, 300 * MiB }
        select new object[] { seed, sectorBytes, growth };

    [Theory]
    [MemberData(nameof(Targets))]
    public async Task On_a_larger_target_sgdisk_and_sfdisk_find_nothing_to_mend(int seed, int sectorBytes, long growth)
    {
        var source = await SourceAsync(RandomTables.Gpt(seed, 400 * MiB / sectorBytes), 400 * MiB, sectorBytes);
        await AssertRestoredAsync(source, 400 * MiB + growth, sectorBytes);
    }

    [Theory]
    [InlineData(512)]
    [InlineData(4096)]
    public async Task The_smallest_target_that_fits_is_right_and_one_sector_less_is_refused(int sectorBytes)
    {
        var source = await SourceAsync("label: gpt\nfirst-lba: 34\nstart=2048,size=3000,name=one\nstart=10000,size=777\n", 400 * MiB, sectorBytes);
        var minimum = TargetFit.MinimumBytes(source.Layout, 400 * MiB);
        Assert.Equal((10_777L * sectorBytes) + (16 << 10) + sectorBytes, minimum);
        await AssertRestoredAsync(source, minimum, sectorBytes);
        await AssertRestoredAsync(source, minimum + sectorBytes, sectorBytes);
        var fault = Assert.Throws<RefusedFault>(() => GptRebuild.For(source.Layout, source.Head.AsSpan(0, sectorBytes), 400 * MiB, minimum - sectorBytes));
        Assert.Contains($"{minimum} bytes", fault.Expected, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_table_read_from_its_backup_is_rebuilt_at_both_ends()
    {
        var source = await SourceAsync("label: gpt\nstart=2048,size=3000\n", 100 * MiB, 512);
        source.Head[512 + 16] ^= 1;
        var layout = source.Read();
        Assert.NotEqual(1, layout.Gpt!.Header.MyLba);
        await AssertRestoredAsync(source with { Layout = layout }, 200 * MiB, 512);
    }

    [Theory]
    [InlineData("--resize-table=700")]
    [InlineData("--move-main-table=300")]
    public async Task Large_and_moved_entry_arrays_are_rebuilt(string change)
    {
        var source = await SourceAsync("label: gpt\nstart=2048,size=3000\n", 100 * MiB, 512, image => PartitionedImage.Sgdisk(image, change));
        await AssertRestoredAsync(source, 200 * MiB, 512);
        await AssertRestoredAsync(source, 50 * MiB, 512);
    }

    [Fact]
    public async Task A_hybrid_MBR_keeps_its_other_partitions()
    {
        var script = "label: gpt\nstart=2048,size=3000\nstart=8192,size=1000\n";
        var source = await SourceAsync(script, 100 * MiB, 512, image => PartitionedImage.Sgdisk(image, "--hybrid=1:2"));
        var writes = GptRebuild.For(source.Layout, source.Head.AsSpan(0, 512), 100 * MiB, 200 * MiB);
        var rebuilt = writes[0].Bytes.ToArray();
        Assert.Equal(source.Head[..512], rebuilt);
    }

    [Fact]
    public async Task On_a_target_of_equal_size_the_bytes_of_the_image_are_right()
    {
        var source = await SourceAsync("label: gpt\nstart=2048,size=3000\n", 100 * MiB, 512);
        Assert.Empty(GptRebuild.For(source.Layout, source.Head.AsSpan(0, 512), 100 * MiB, 100 * MiB));
    }

    [Fact]
    public async Task The_old_backup_is_cleared_on_a_larger_target()
    {
        var source = await SourceAsync("label: gpt\nstart=2048,size=3000\n", 100 * MiB, 512);
        var writes = GptRebuild.For(source.Layout, source.Head.AsSpan(0, 512), 100 * MiB, 200 * MiB);
        var old = Assert.Single(writes, write => write.Range.Contains(new ByteRange(100 * MiB - 33 * 512, 33 * 512)));
        Assert.True(old.Bytes.Span.IndexOfAnyExcept((byte)0) < 0);
        Assert.Equal(writes.Select(write => write.Offset).Order(), writes.Select(write => write.Offset));
    }

    [Fact]
    public async Task An_MBR_keeps_its_bytes_and_needs_room_for_its_partitions_and_containers()
    {
        var source = await SourceAsync("label: dos\nstart=2048,size=1000,type=83\nstart=4096,size=100000,type=5\nstart=6144,size=1000,type=83\n", 100 * MiB, 512);
        Assert.Equal(104_096L * 512, TargetFit.MinimumBytes(source.Layout, 100 * MiB));
        Assert.Empty(GptRebuild.For(source.Layout, source.Head.AsSpan(0, 512), 100 * MiB, 104_096L * 512));
        Assert.Throws<RefusedFault>(() => GptRebuild.For(source.Layout, source.Head.AsSpan(0, 512), 100 * MiB, 104_095L * 512));
    }

    [Fact]
    public void Without_a_table_that_can_be_believed_a_target_is_at_least_as_large_as_the_source()
    {
        var none = new DiskLayout(TableKind.None, 512, []);
        Assert.Equal(100 * MiB, TargetFit.MinimumBytes(none, 100 * MiB));
        var odd = new DiskLayout(TableKind.Mbr, 512, []) { IsConsistent = false, OccupiedEnd = 512 };
        Assert.Equal(100 * MiB, TargetFit.MinimumBytes(odd, 100 * MiB));
    }

    [Fact]
    public void A_target_of_another_sector_size_or_too_small_is_refused_before_anything_is_written()
    {
        var layout = new DiskLayout(TableKind.None, 512, []);
        TargetFit.Require(layout, MiB, Target(MiB, 512));
        TargetFit.Require(layout, MiB, Target(2 * MiB, 512));
        Assert.Contains("sector size", Assert.Throws<RefusedFault>(() => TargetFit.Require(layout, MiB, Target(MiB, 4096))).Message, StringComparison.Ordinal);
        var fault = Assert.Throws<RefusedFault>(() => TargetFit.Require(layout, MiB, Target(MiB - 512, 512)));
        Assert.Contains("1048576 bytes", fault.Expected, StringComparison.Ordinal);

        static DiskInfo Target(long bytes, int sectorBytes) =>
            new() { Path = "/dev/x", CanonicalPath = "/dev/x", Length = bytes, SectorBytes = sectorBytes, PhysicalSectorBytes = sectorBytes, IsImageFile = false };
    }

    private async Task AssertRestoredAsync(Source source, long targetBytes, int sectorBytes)
    {
        using var target = LoopDisk.Create(_folder[$"target-{targetBytes}.img"], targetBytes, sectorBytes);
        using (var disk = OpenDisk.ForWriting(await Devices.DescribeAsync(target)))
        {
            // As a restore does: the image's bytes as far as the target reaches, then what takes their place.
            var tail = source.Tail.AsSpan(0, (int)Math.Clamp(targetBytes - source.TailStart, 0, source.Tail.Length));
            if (tail.Length > 0) disk.Write(source.TailStart, tail);
            disk.Write(0, source.Head);
            foreach (var write in GptRebuild.For(source.Layout, source.Head.AsSpan(0, sectorBytes), source.Bytes, targetBytes))
                disk.Write(write.Offset, write.Bytes.Span);
            disk.Flush();
        }

        Assert.Contains("No problems found", SystemTool.Run("sgdisk", "--verify", target.Path), StringComparison.Ordinal);
        var verdict = SystemTool.Try("sfdisk", "--verify", target.Path);
        Assert.True(verdict.Succeeded, verdict.Output + verdict.Error);
        Assert.DoesNotContain("mismatch", verdict.Output + verdict.Error, StringComparison.Ordinal);
        var found = SfdiskTable.Read(target.Path)!;
        Assert.Equal(source.Layout.DiskId, found.Id);
        Assert.Equal(source.Layout.Partitions, found.Partitions.OrderBy(partition => partition.Range.Start));
        using var fresh = OpenDisk.ForReading(await Devices.DescribeAsync(target));
        var layout = PartitionTables.Read(fresh);
        Assert.Empty(layout.Notes);
        found.AssertSame(layout);
    }

    private async Task<Source> SourceAsync(string script, long bytes, int sectorBytes, Action<string>? change = null)
    {
        using var loop = LoopDisk.Create(_folder["source.img"], bytes, sectorBytes);
        PartitionedImage.Sfdisk(loop.Path, script);
        change?.Invoke(loop.Path);
        var info = await Devices.DescribeAsync(loop);
        using var disk = OpenDisk.ForReading(info);
        var head = new byte[MiB];
        var tail = new byte[MiB];
        disk.Read(0, head);
        disk.Read(bytes - MiB, tail);
        return new Source(info, head, tail, PartitionTables.Read(disk));
    }

    private sealed record Source(DiskInfo Info, byte[] Head, byte[] Tail, DiskLayout Layout)
    {
        public long Bytes => Info.Length;

        public long TailStart => Info.Length - Tail.Length;

        public DiskLayout Read()
        {
            using var ends = new DiskEnds(Info, Head, Tail);
            return PartitionTables.Read(ends);
        }
    }
}
