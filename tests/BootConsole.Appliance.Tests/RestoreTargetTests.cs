// Targets of a restore: what is refused before the first write, and what works.
using System.Globalization;
using BootConsole.Host;
using BootConsole.TestKit;

namespace BootConsole.Appliance.Tests;

public sealed class RestoreTargetTests(SampleStore sample) : IClassFixture<SampleStore>
{
    // Two partitions end at 41 MiB; the backup table needs 33 sectors more.
    private const long MinimumBytes = (41 << 20) + (33 * 512);

    [Fact]
    public void A_target_that_is_too_small_is_refused_with_the_minimum()
    {
        var target = sample.NewDisk(MinimumBytes - 512);
        Restore(target, target).Reports(3, "too small", $"at least {MinimumBytes} bytes", $"{MinimumBytes - 512} bytes");
        Restore(target, target, "--json").ReportsJson(3, "refused", $"{MinimumBytes} bytes");
        // The image itself says so beforehand.
        var image = Bootconsole.Run("images", "--store", sample.Store, "--json").Succeeds().Document.GetProperty("images").EnumerateArray().Single(image => image.GetProperty("id").GetString() == sample.Image);
        Assert.Equal(MinimumBytes, image.GetProperty("disks")[0].GetProperty("minimumBytes").GetInt64());
        Assert.False(File.ReadAllBytes(target).AsSpan().ContainsAnyExcept((byte)0));
    }

    [Theory]
    [InlineData(MinimumBytes)]
    [InlineData(SampleStore.DiskBytes)]
    [InlineData(SampleStore.DiskBytes + (32 << 20))]
    public void A_target_of_the_minimum_or_more_gets_a_sound_table_and_all_data(long bytes)
    {
        var target = sample.NewDisk(bytes);
        Restore(target, target).Succeeds();
        Assert.Contains("No errors detected", SystemTool.Run("sfdisk", "--verify", target), StringComparison.Ordinal);
        AssertSamePartitions(target);
    }

    [Fact]
    public void A_target_that_is_not_there_is_made_as_a_file_of_the_same_length()
    {
        var target = sample.NewPath(".img");
        Restore(target).Succeeds();
        Assert.Equal(SampleStore.DiskBytes, new FileInfo(target).Length);
        AssertSamePartitions(target);
        // A second time it is there, and holds something.
        Restore(target).Reports(3, target, $"--yes-overwrite {target}");
    }

    [Fact]
    public void Without_the_right_words_nothing_is_overwritten()
    {
        using var loop = LoopDisk.Create(sample.NewPath(), SampleStore.DiskBytes);
        var token = string.Create(CultureInfo.InvariantCulture, $"{loop.Path}:{SampleStore.DiskBytes}");
        Restore(loop.Path).Reports(3, "not confirmed", loop.Path, $"--yes-overwrite {token}");
        foreach (var wrong in new[] { "yes", loop.Path, $"{loop.Path}:1", "S4EVNF0M" })
            Restore(loop.Path, wrong).Reports(3, "names another disk", wrong, $"--yes-overwrite {token}");
        Assert.False(File.ReadAllBytes(loop.BackingFile).AsSpan().ContainsAnyExcept((byte)0));
        Restore(loop.Path, token).Succeeds();
        AssertSamePartitions(loop.Path);
    }

    [Fact]
    public void A_sector_size_that_differs_is_refused_both_ways()
    {
        using var large = LoopDisk.Create(sample.NewPath(), SampleStore.DiskBytes, sectorBytes: 4096);
        var token = string.Create(CultureInfo.InvariantCulture, $"{large.Path}:{SampleStore.DiskBytes}");
        Restore(large.Path, token).Reports(3, "sector size", "Expected: 512 bytes", "Found: 4096 bytes");
        var missing = sample.NewPath(".img");
        Restore(missing, more: ["--sector-size", "4096"]).Reports(3, "sector size", "Found: 4096 bytes");
        Assert.False(Path.Exists(missing));

        PartitionedImage.Sfdisk(large.Path, "label: gpt\nsize=4MiB\n");
        var store = sample.NewFolder();
        Bootconsole.Run("backup", "--disk", large.Path, "--store", store, "--no-encryption").Succeeds();
        using var small = LoopDisk.Create(sample.NewPath(), SampleStore.DiskBytes);
        Bootconsole.Run("restore", "--store", store, "latest", "--disk", small.Path, "--yes-overwrite", "x").Reports(3, "sector size", "Expected: 4096 bytes", "Found: 512 bytes");
        // A blank file has no sector size of its own, and takes the image's.
        var blank = sample.NewDisk(SampleStore.DiskBytes);
        Bootconsole.Run("restore", "--store", store, "latest", "--disk", blank, "--yes-overwrite", blank).Succeeds();
    }

    [Fact]
    public void A_target_in_the_store_is_refused()
    {
        var copy = sample.CopyStore();
        var inside = PartitionedImage.Sparse(copy["disk-0/inside.img"], SampleStore.DiskBytes);
        var before = copy.Hashes();
        var link = sample.NewPath();
        File.CreateSymbolicLink(link, copy.Folder);
        Run(copy, inside, inside).Reports(3, "lies in the store", inside);
        Run(copy, Path.Combine(copy.Folder, "new.img"), "x").Reports(3, "lies in the store", copy.Folder);
        Run(copy, Path.Combine(link, "images", "new.img"), "x").Reports(3, "lies in the store", copy.Folder);
        Assert.Equal(before, copy.Hashes());

        static Run Run(StoreCopy store, string disk, string token) => Bootconsole.Run("restore", "--store", store.Folder, "latest", "--disk", disk, "--yes-overwrite", token);
    }

    [Fact]
    public void The_source_disk_may_be_overwritten_only_by_its_own_name()
    {
        var source = sample.NewPath(".img");
        File.Copy(sample.Source, source);
        using var loop = LoopDisk.Attach(source);
        Restore(source, source).Reports(3, source, $"It is attached to {loop.Path}");
        Assert.Equal(Content.Hash(sample.Source), Content.Hash(source));
    }

    [Fact]
    public void When_the_second_of_two_targets_is_refused_the_first_is_not_touched()
    {
        var store = sample.NewFolder();
        var other = sample.NewDisk(4 << 20);
        Bootconsole.Run("backup", "--disk", sample.Source, "--disk", other, "--store", store, "--no-encryption").Succeeds();
        var first = sample.NewDisk(SampleStore.DiskBytes);
        using var second = LoopDisk.Create(sample.NewPath(), 4 << 20);
        var token = string.Create(CultureInfo.InvariantCulture, $"{second.Path}:{4 << 20}");
        string[] line = ["restore", "--store", store, "latest", "--disk", $"0={first}", "--disk", $"1={second.Path}", "--yes-overwrite", first, "--yes-overwrite", token];
        // Somebody holds the second one, and that is seen only when it is opened.
        using (LinuxFile.Open(second.Path, OpenFor.Reading | OpenFor.Exclusive)) Bootconsole.Run(line).Reports(3, second.Path, "in use");
        Assert.False(File.ReadAllBytes(first).AsSpan().ContainsAnyExcept((byte)0));
        Bootconsole.Run(line).Succeeds();
        AssertSamePartitions(first);
    }

    [Fact]
    public void Disk_numbers_that_cannot_be_are_usage_errors()
    {
        var target = sample.NewDisk(SampleStore.DiskBytes);
        Restore($"1={target}", target).Reports(2, "no such disk", "Found: 1");
        Bootconsole.Run("restore", "--store", sample.Store, "latest", "--disk", $"0={target}", "--disk", $"0={target}", "--yes-overwrite", target).Reports(2, "named twice");
        Bootconsole.Run("restore", "--store", sample.Store, "latest", "--image", "other", "--disk", target).Reports(2, "named twice", "latest and other");
    }

    [Fact]
    public void A_dry_run_shows_the_plan_and_writes_nothing()
    {
        var target = sample.NewDisk(SampleStore.DiskBytes);
        var run = Restore(target, more: ["--dry-run"]).Succeeds();
        Assert.Contains("everything on it is lost", run.Output, StringComparison.Ordinal);
        Assert.EndsWith("Dry run: nothing was written.\n", run.Output, StringComparison.Ordinal);
        Assert.False(File.ReadAllBytes(target).AsSpan().ContainsAnyExcept((byte)0));
        var missing = sample.NewPath(".img");
        Restore(missing, more: ["--dry-run"]).Succeeds();
        Assert.False(Path.Exists(missing));
    }

    private Run Restore(string disk, string? token = null, params string[] more) =>
        Bootconsole.Run(["restore", "--store", sample.Store, "latest", "--disk", disk, .. token is null ? Array.Empty<string>() : ["--yes-overwrite", token], .. more]);

    // The source was made on a sparse file, so what nothing uses is zero on both sides.
    private void AssertSamePartitions(string target)
    {
        const int length = 40 << 20;
        Assert.True(Content.Read(sample.Source, SampleStore.LinuxStart, length).AsSpan().SequenceEqual(Content.Read(target, SampleStore.LinuxStart, length)), "the partitions differ");
    }
}
