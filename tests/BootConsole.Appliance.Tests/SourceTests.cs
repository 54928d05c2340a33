// Nothing is ever written to a source: not by a backup that works, fails, or is shown only, nor by comparing.
using BootConsole.TestKit;

namespace BootConsole.Appliance.Tests;

public sealed class SourceTests(SampleStore sample) : IClassFixture<SampleStore>
{
    [Fact]
    public void A_source_is_opened_for_reading_alone_and_stays_as_it_is()
    {
        using var loop = LoopDisk.Attach(sample.Source);
        var (before, changed) = (Content.Hash(sample.Source), File.GetLastWriteTimeUtc(sample.Source));
        var trace = sample.NewPath();
        string[] strace = ["strace", "--follow-forks", "--seccomp-bpf", "--quiet=all", "--trace=open,openat,openat2,creat", "--output", trace];
        Bootconsole.RunUnder(strace, "backup", "--disk", loop.Path, "--store", sample.NewFolder(), "--no-encryption").Succeeds();
        AssertReadOnly(loop.Path);
        Bootconsole.RunUnder(strace, "backup", "--disk", sample.Source, "--store", sample.NewFolder(), "--no-encryption").Succeeds();
        AssertReadOnly(sample.Source);
        Bootconsole.RunUnder(strace, "verify", "--store", sample.Store, "latest", "--against", loop.Path).Succeeds();
        AssertReadOnly(loop.Path);
        Bootconsole.RunUnder(strace, "disks").Succeeds();
        AssertReadOnly(loop.Path);
        Assert.Equal((before, changed), (Content.Hash(sample.Source), File.GetLastWriteTimeUtc(sample.Source)));

        void AssertReadOnly(string path)
        {
            var opened = File.ReadLines(trace).Where(line => line.Contains($"\"{path}\"", StringComparison.Ordinal)).ToList();
            Assert.NotEmpty(opened);
            Assert.All(opened, line => Assert.True(line.Contains("O_RDONLY", StringComparison.Ordinal), line));
            Assert.All(opened, line => Assert.False(line.Contains("O_TRUNC", StringComparison.Ordinal) || line.Contains("O_CREAT", StringComparison.Ordinal), line));
        }
    }

    [Fact]
    public void A_dry_run_writes_nothing_anywhere()
    {
        var (store, before) = (sample.NewFolder(), Content.Hash(sample.Source));
        var run = Bootconsole.Run("backup", "--disk", sample.Source, "--store", store, "--no-encryption", "--dry-run", "--explain").Succeeds();
        Assert.Contains("partition 1: 32.0 MiB ext4", run.Output, StringComparison.Ordinal);
        Assert.Contains("memory: ", run.Output, StringComparison.Ordinal);
        Assert.EndsWith("Dry run: nothing was written.\n", run.Output, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFileSystemEntries(store));
        Assert.Equal(before, Content.Hash(sample.Source));
    }

    [Fact]
    public void A_disk_that_differs_from_its_image_is_said_to()
    {
        Assert.Contains("is what disk 0 of", Bootconsole.Run("verify", "--store", sample.Store, "latest", "--against", sample.Source).Succeeds().Output, StringComparison.Ordinal);
        var changed = sample.NewPath(".img");
        File.Copy(sample.Source, changed);
        using (var file = File.OpenWrite(changed))
        {
            file.Position = SampleStore.LinuxStart + SampleStore.LinuxBytes + (3 << 20) + 5;
            file.WriteByte(0);
            file.WriteByte(1);
        }

        var run = Bootconsole.Run("verify", "--store", sample.Store, "latest", "--against", changed, "--json").ReportsJson(1, "failed", "not what");
        var different = Assert.Single(run.Document.GetProperty("different").EnumerateArray());
        Assert.Equal((0, 36L << 20, 1L << 20), (different.GetProperty("disk").GetInt32(), different.GetProperty("start").GetInt64(), different.GetProperty("length").GetInt64()));
        Bootconsole.Run("verify", "--store", sample.Store, "latest", "--against", sample.NewDisk(1 << 20)).Reports(3, "another size");
    }
}
