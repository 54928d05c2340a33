// Reading disk-image files.
using System.Globalization;
using BootConsole.Core;
using BootConsole.Disks.Access;
using BootConsole.Host;
using BootConsole.TestKit;

namespace BootConsole.Disks.Tests.Access;

public sealed class DiskFileTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(0, 1 << 20)]
    [InlineData(0, 3 << 20)]
    [InlineData(512, 512)]
    [InlineData(1, 1)]
    [InlineData(4095, 4098)]
    [InlineData(1_000_001, 2_000_003)]
    [InlineData((3 << 20) + 512 - 7, 7)]
    [InlineData(3 << 20, 512)]
    [InlineData(77, 0)]
    public void Any_range_reads_the_bytes_that_are_there(int offset, int count)
    {
        var bytes = RandomBytes((3 << 20) + 512);
        using var disk = Open(Write("disk.img", bytes));
        var buffer = new byte[count];
        disk.Read(offset, buffer);
        Assert.Equal(bytes[offset..(offset + count)], buffer);
    }

    [Fact]
    public void Random_ranges_read_right_at_any_alignment_of_the_buffer()
    {
        var bytes = RandomBytes(2_500_096);
        using var disk = Open(Write("disk.img", bytes));
        using var memory = new AlignedMemory(1 << 20);
        var random = new Random(7);
        for (var round = 0; round < 300; round++)
        {
            var shift = random.Next(3) * 256;
            var count = random.Next(1, (1 << 20) - shift);
            var offset = random.Next(bytes.Length - count);
            if (round % 3 == 0) (offset, count) = (offset / 4096 * 4096, Math.Max(count / 4096 * 4096, 4096));
            var buffer = memory.GetSpan().Slice(shift, count);
            buffer.Clear();
            disk.Read(offset, buffer);
            Assert.True(buffer.SequenceEqual(bytes.AsSpan(offset, count)), $"round {round}: {offset}+{count}");
        }
    }

    [Fact]
    public async Task Concurrent_reads_do_not_disturb_each_other()
    {
        var bytes = RandomBytes(8 << 20);
        using var disk = Open(Write("disk.img", bytes));
        await Task.WhenAll(Enumerable.Range(0, 8).Select(reader => Task.Run(() =>
        {
            var buffer = new byte[100_000];
            for (var offset = reader * 1000; offset + buffer.Length <= bytes.Length; offset += 611_111)
            {
                disk.Read(offset, buffer);
                Assert.True(buffer.AsSpan().SequenceEqual(bytes.AsSpan(offset, buffer.Length)));
            }
        })));
    }

    [Fact]
    public void A_read_past_the_end_is_a_fault_with_its_range()
    {
        using var disk = Open(Write("disk.img", new byte[4096]));
        var fault = Assert.Throws<DiskFault>(() => disk.Read(4000, new byte[97]));
        Assert.Equal(new ByteRange(4000, 97), fault.Range);
    }

    [Fact]
    public void A_last_partial_sector_is_refused_with_both_numbers()
    {
        var fault = Assert.Throws<RefusedFault>(() => ImageFileProbe.Describe(Write("disk.img", new byte[1000])));
        Assert.Contains("1000 bytes, 488 of them", fault.Found, StringComparison.Ordinal);
        Assert.Throws<RefusedFault>(() => ImageFileProbe.Describe(Write("disk4k.img", new byte[4096 + 512]), 4096));
    }

    [Fact]
    public void An_empty_file_a_folder_a_terminal_and_nothing_are_refused()
    {
        Assert.Throws<RefusedFault>(() => ImageFileProbe.Describe(Write("empty.img", [])));
        Assert.Throws<RefusedFault>(() => ImageFileProbe.Describe(_folder.Path));
        Assert.Throws<RefusedFault>(() => ImageFileProbe.Describe("/dev/null"));
        Assert.Throws<RefusedFault>(() => ImageFileProbe.Describe(_folder["missing.img"]));
        Assert.Throws<UsageFault>(() => ImageFileProbe.Describe(Write("disk.img", new byte[4096]), 520));
    }

    [Fact]
    public void A_file_that_was_replaced_since_it_was_chosen_is_refused()
    {
        var info = ImageFileProbe.Describe(Write("disk.img", new byte[4096]));
        File.Move(_folder["disk.img"], _folder["old.img"]);
        Write("disk.img", new byte[4096]);
        Assert.Throws<RefusedFault>(() => OpenDisk.ForReading(info));
        Assert.Throws<RefusedFault>(() => OpenDisk.ForWriting(info));
    }

    [Fact]
    public void A_file_that_changed_its_length_since_it_was_chosen_is_refused()
    {
        var info = ImageFileProbe.Describe(Write("disk.img", new byte[4096]));
        using (var stream = new FileStream(_folder["disk.img"], FileMode.Open)) stream.SetLength(8192);
        var fault = Assert.Throws<RefusedFault>(() => OpenDisk.ForReading(info));
        Assert.Equal("8192 bytes", fault.Found);
    }

    [Fact]
    public void A_file_cut_short_while_it_is_read_is_a_fault_not_zeros()
    {
        var path = Write("disk.img", new byte[1 << 20]);
        using var disk = Open(path);
        using (var stream = new FileStream(path, FileMode.Open)) stream.SetLength(4096);
        var fault = Assert.Throws<DiskFault>(() => disk.Read(4096, new byte[8192]));
        Assert.Equal(DiskProblem.Other, fault.Problem);
        Assert.Equal("4096 bytes", fault.Found);
    }

    [Fact]
    public void Holes_are_known_zeros_and_data_is_not()
    {
        var path = PartitionedImage.Sparse(_folder["disk.img"], 16 << 20);
        using (var stream = new FileStream(path, FileMode.Open))
        {
            stream.Position = 5 << 20;
            stream.Write(RandomBytes(1 << 20));
            stream.Flush(flushToDisk: true);
        }

        using var disk = Open(path);
        var zeros = disk.KnownZeros(new ByteRange(0, 16 << 20));
        Assert.Equal([new ByteRange(0, 5 << 20), ByteRange.FromEnds(6 << 20, 16 << 20)], zeros.Ranges);
        Assert.Equal([new ByteRange(6 << 20, 1 << 20)], disk.KnownZeros(new ByteRange(5 << 20, 2 << 20)).Ranges);
        Assert.True(disk.KnownZeros(new ByteRange(5 << 20, 1 << 20)).IsEmpty);
    }

    [Fact]
    public void Known_zeros_always_read_as_zeros()
    {
        var path = PartitionedImage.Sparse(_folder["disk.img"], 4 << 20);
        var random = new Random(3);
        using (var stream = new FileStream(path, FileMode.Open))
        {
            for (var i = 0; i < 60; i++)
            {
                stream.Position = random.Next(4 << 20) / 512 * 512;
                stream.Write(RandomBytes(512));
            }

            stream.SetLength(4 << 20);
        }

        using var disk = Open(path);
        var all = File.ReadAllBytes(path);
        var zeros = disk.KnownZeros(new ByteRange(0, 4 << 20));
        Assert.False(zeros.IsEmpty);
        foreach (var hole in zeros.Ranges) Assert.True(all.AsSpan((int)hole.Start, (int)hole.Length).IndexOfAnyExcept((byte)0) < 0, hole.ToString());
    }

    [Fact]
    public void Reading_a_file_leaves_the_page_cache_to_others()
    {
        var path = Write("disk.img", RandomBytes(32 << 20));
        SystemTool.Run("dd", $"of={path}", "oflag=nocache", "conv=notrunc,fdatasync", "count=0", "status=none");
        using var disk = Open(path);
        using var memory = new AlignedMemory(1 << 20);
        for (var offset = 0; offset < 32 << 20; offset += 1 << 20) disk.Read(offset, memory.GetSpan());
        var pages = int.Parse(SystemTool.Run("fincore", "--noheadings", "--output", "PAGES", path).Trim(), CultureInfo.InvariantCulture);
        // Looking for a GPT took a few pages through the cache; the 8,192 pages of the file itself must not be there.
        Assert.InRange(pages, 0, 100);
    }

    [Fact]
    public void A_file_is_read_past_the_cache_where_its_file_system_can_do_that()
    {
        using var disk = Open(Write("disk.img", new byte[4096]));
        Assert.True(IsOpenDirectly(disk.Info.CanonicalPath));
    }

    [Fact]
    public void A_file_system_that_knows_no_direct_reads_is_read_through_the_cache()
    {
        using var memory = MountedFolder.MountWithoutDirectReads(_folder["ramfs"]);
        var bytes = RandomBytes(1_000_448);
        File.WriteAllBytes(Path.Combine(memory.Path, "disk.img"), bytes);
        using var disk = Open(Path.Combine(memory.Path, "disk.img"));
        Assert.False(IsOpenDirectly(disk.Info.CanonicalPath));
        var buffer = new byte[bytes.Length - 77];
        disk.Read(77, buffer);
        Assert.Equal(bytes[77..], buffer);
        Assert.True(disk.KnownZeros(new ByteRange(0, bytes.Length)).IsEmpty);
    }

    [Fact]
    public void A_file_in_memory_reads_too()
    {
        var path = $"/dev/shm/bootconsole-{Guid.NewGuid():N}.img";
        var bytes = RandomBytes(1_000_448);
        try
        {
            File.WriteAllBytes(path, bytes);
            using var disk = Open(path);
            var buffer = new byte[bytes.Length];
            disk.Read(0, buffer);
            Assert.Equal(bytes, buffer);
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public void An_unreadable_sector_is_a_fault_that_says_so_and_others_still_read()
    {
        var bytes = RandomBytes(1 << 20);
        using var faulty = FaultyDisk.WithBadRanges(Write("disk.img", bytes), new ByteRange(8192, 512));
        using var disk = Open(faulty.Path);
        var fault = Assert.Throws<DiskFault>(() => disk.Read(4096, new byte[65536]));
        Assert.Equal(DiskProblem.BadSectors, fault.Problem);
        Assert.True(fault.Range!.Value.Contains(new ByteRange(8192, 512)));
        var buffer = new byte[4096];
        disk.Read(12288, buffer);
        Assert.Equal(bytes[12288..16384], buffer);
    }

    [Fact]
    public void A_file_whose_server_is_gone_is_told_from_bad_sectors()
    {
        using var faulty = FaultyDisk.WithBadRanges(Write("disk.img", RandomBytes(1 << 20)));
        using var disk = Open(faulty.Path);
        disk.Read(0, new byte[4096]);
        faulty.Unplug();
        var fault = Assert.Throws<DiskFault>(() => disk.Read(65536, new byte[4096]));
        Assert.Equal(DiskProblem.Gone, fault.Problem);
    }

    private static bool IsOpenDirectly(string path) => Directory.EnumerateFiles("/proc/self/fd").Any(link => IsDirectTo(link, path));

    private static bool IsDirectTo(string link, string path)
    {
        try
        {
            if (File.ResolveLinkTarget(link, returnFinalTarget: false)?.FullName != path) return false;
            // proc(5), fdinfo: the open flags in octal; O_DIRECT is 040000.
            var flags = File.ReadLines(Path.Combine("/proc/self/fdinfo", Path.GetFileName(link))).Single(line => line.StartsWith("flags:", StringComparison.Ordinal));
            return (Convert.ToInt32(flags["flags:".Length..].Trim(), 8) & 0x4000) != 0;
        }
        catch (IOException)
        {
            // Another test closed this one meanwhile.
            return false;
        }
    }

    private static IDisk Open(string path) => OpenDisk.ForReading(ImageFileProbe.Describe(path));

    private string Write(string name, byte[] bytes)
    {
        File.WriteAllBytes(_folder[name], bytes);
        return _folder[name];
    }

    private static byte[] RandomBytes(int count)
    {
        var bytes = new byte[count];
        new Random(count).NextBytes(bytes);
        return bytes;
    }
}
