// The choices of a restore, with the real program on files and loop devices.
using System.Globalization;
using System.Text.Json;
using BootConsole.TestKit;

namespace BootConsole.Appliance.Tests;

public sealed class RestoreChoiceTests(SampleStore sample) : IClassFixture<SampleStore>
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_restore_of_differences_fetches_and_writes_what_was_changed_alone(bool isDevice)
    {
        var file = sample.NewDisk(SampleStore.DiskBytes);
        using var loop = isDevice ? LoopDisk.Attach(file) : null;
        var (target, token) = loop is null ? (file, file) : (loop.Path, string.Create(CultureInfo.InvariantCulture, $"{loop.Path}:{SampleStore.DiskBytes}"));
        Restore(target, token).Succeeds();
        var before = Content.Hash(target);
        var same = Counts(target, token);
        Assert.Equal((0, 0), (Number(same, "fetchedBytes"), Number(same, "writtenBytes")));
        Assert.InRange(Number(same, "comparedBytes"), 13 << 20, SampleStore.DiskBytes);
        Change(target, SampleStore.LinuxStart + SampleStore.LinuxBytes + (3 << 20) + 5);
        var changed = Counts(target, token);
        Assert.Equal(1 << 20, Number(changed, "writtenBytes"));
        Assert.InRange(Number(changed, "fetchedBytes"), 1, 2 << 20);
        Assert.Equal(before, Content.Hash(target));
        var words = Restore(target, token, "--only-differences").Succeeds().Output;
        Assert.Contains("only chunks that differ are fetched and written", words, StringComparison.Ordinal);
        Assert.Contains("0 B fetched, 0 B written", words, StringComparison.Ordinal);
    }

    [Fact]
    public void A_restore_of_differences_into_a_new_file_writes_everything()
    {
        var (full, target) = (sample.NewPath(".img"), sample.NewPath(".img"));
        Restore(full, "").Succeeds();
        Restore(target, "", "--only-differences").Succeeds();
        Assert.Equal(Content.Hash(full), Content.Hash(target));
    }

    [Fact]
    public void A_partition_alone_is_restored_and_checks_clean()
    {
        using var folder = new TempFolder();
        var target = sample.NewPath(".img");
        File.Copy(sample.Source, target);
        using (var stream = new FileStream(target, FileMode.Open))
        {
            // Neither the file system nor the data behind it is what it was.
            stream.Position = SampleStore.LinuxStart;
            stream.Write(new byte[20 << 20]);
            stream.Position = SampleStore.LinuxStart + SampleStore.LinuxBytes;
            stream.Write("mine"u8);
        }

        var plan = Restore(target, target, "--partition", "1", "--dry-run").Succeeds().Output;
        Assert.Contains("nothing outside them is touched", plan, StringComparison.Ordinal);
        Restore(target, target, "--partition", "1").Succeeds();
        using (var loop = LoopDisk.Attach(target, range: new Core.ByteRange(SampleStore.LinuxStart, SampleStore.LinuxBytes))) SystemTool.Run("e2fsck", "-f", "-n", loop.Path);
        Assert.Equal("mine"u8.ToArray(), Content.Read(target, SampleStore.LinuxStart + SampleStore.LinuxBytes, 4));
        Restore(target, target, "--partition", "2", "--partition", "1", "--only-differences").Succeeds();
        Assert.Equal(Content.Read(sample.Source, SampleStore.LinuxStart + SampleStore.LinuxBytes, 8 << 20), Content.Read(target, SampleStore.LinuxStart + SampleStore.LinuxBytes, 8 << 20));
    }

    [Fact]
    public void Partitions_that_cannot_be_restored_alone_are_refused_before_the_first_write()
    {
        var blank = sample.NewDisk(SampleStore.DiskBytes);
        Restore(blank, blank, "--partition", "1").Reports(3, "not the same partition 1", $"1 at byte {SampleStore.LinuxStart}", "no partition table");
        Restore(blank, blank, "--partition", "7").Reports(2, "no such partition", "Found: 7");
        Restore(blank, blank, "--partition", "0").Reports(2, "from 1, not '0'");
        Restore(blank, blank, "--partition", "1", "--partition", "1").Reports(2, "named twice");
        Restore(blank, blank, "--partition", "1", "--disk", "1=other.img").Reports(2, "several disks");
        var missing = sample.NewPath(".img");
        Restore(missing, "", "--partition", "1").Reports(3, "not there yet");
        Assert.False(Path.Exists(missing));
        Assert.False(File.ReadAllBytes(blank).AsSpan().ContainsAnyExcept((byte)0));
    }

    [Fact]
    public void Unused_space_is_discarded_or_wiped_as_was_said()
    {
        Restore("d.img", "d.img", "--discard", "--wipe-unused").Reports(2, "contradict each other");
        // Free space of the ext4 file system, far from its superblocks.
        const long Unused = 22 << 20;
        foreach (var option in (string[])["--discard", "--wipe-unused"])
        {
            var file = sample.NewDisk(SampleStore.DiskBytes);
            using var loop = LoopDisk.Attach(file);
            using (var stream = File.OpenWrite(file))
            {
                stream.Position = Unused;
                stream.Write(Enumerable.Repeat((byte)0xA5, 1 << 20).ToArray());
            }

            var token = string.Create(CultureInfo.InvariantCulture, $"{loop.Path}:{SampleStore.DiskBytes}");
            Restore(loop.Path, token).Succeeds();
            Assert.Equal(0xA5, Content.Read(loop.Path, Unused, 512)[0]);
            var document = Restore(loop.Path, token, option, "--json").Succeeds().Document;
            DocumentedJson.Section("job").Check(document);
            Assert.DoesNotContain(document.GetProperty("warnings").EnumerateArray(), warning => warning.GetString()!.Contains("discard", StringComparison.Ordinal));
            if (option == "--discard") Assert.InRange(Number(document.GetProperty("counts"), "discardedBytes"), 10 << 20, SampleStore.DiskBytes);
            // A loop device passes a discard on as a hole.
            Assert.False(Content.Read(loop.Path, Unused, 1 << 20).AsSpan().ContainsAnyExcept((byte)0));
        }
    }

    [Fact]
    public void New_ids_are_new_in_every_run_and_the_table_is_sound()
    {
        Restore("d.img", "d.img", "--new-ids", "--partition", "1").Reports(2, "--partition leaves it alone");
        var target = sample.NewDisk(SampleStore.DiskBytes);
        var plan = Restore(target, target, "--new-ids", "--dry-run").Succeeds().Output;
        foreach (var word in new[] { "boot entries", "PARTUUID", "BitLocker", "activation", "stay as in the image" }) Assert.Contains(word, plan, StringComparison.Ordinal);
        HashSet<string> seen = [.. Ids(sample.Source)];
        foreach (var option in (string[][])[["--new-ids"], ["--new-ids", "--only-differences"]])
        {
            Restore(target, target, option).Succeeds();
            Assert.Contains("No problems found", SystemTool.Run("sgdisk", "--verify", target), StringComparison.Ordinal);
            Assert.Contains("No errors detected", SystemTool.Run("sfdisk", "--verify", target), StringComparison.Ordinal);
            Assert.All(Ids(target), id => Assert.True(seen.Add(id), $"{id} is not new"));
        }

        // The old ones come back with the next plain restore.
        Restore(target, target, "--only-differences").Succeeds();
        Assert.Equal(Ids(sample.Source), Ids(target));

        static IReadOnlyList<string> Ids(string disk)
        {
            using var document = JsonDocument.Parse(SystemTool.Run("sfdisk", "--json", disk));
            var table = document.RootElement.GetProperty("partitiontable");
            return [table.GetProperty("id").GetString()!, .. table.GetProperty("partitions").EnumerateArray().Select(partition => partition.GetProperty("uuid").GetString()!)];
        }
    }

    private Run Restore(string target, string token, params string[] more) =>
        Bootconsole.Run(["restore", "--store", sample.Store, "latest", "--disk", target, .. token.Length > 0 ? ["--yes-overwrite", token] : (string[])[], .. more]);

    private JsonElement Counts(string target, string token)
    {
        var document = Restore(target, token, "--only-differences", "--json").Succeeds().Document;
        DocumentedJson.Section("job").Check(document);
        return document.GetProperty("counts");
    }

    private static long Number(JsonElement counts, string name) => counts.GetProperty(name).GetInt64();

    private static void Change(string disk, long position)
    {
        using var stream = new FileStream(disk, FileMode.Open, FileAccess.ReadWrite);
        stream.Position = position;
        var value = stream.ReadByte();
        stream.Position--;
        stream.WriteByte((byte)(value ^ 1));
        stream.Flush(flushToDisk: true);
    }
}
