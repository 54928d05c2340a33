// A disk with bad sectors: the backup goes on, says so, and everything that is later made of the image says so too.
using BootConsole.Core;
using BootConsole.TestKit;

namespace BootConsole.Appliance.Tests;

public sealed class UnreadableDiskTests
{
    private const long DiskBytes = 4 << 20, BadStart = (1 << 20) + 8192, BadLength = 4096;

    [Fact]
    public void Bad_sectors_end_in_exit_code_4_and_are_listed_for_ever()
    {
        using var folder = new TempFolder();
        var (image, store) = (folder["disk.img"], folder["store"]);
        var content = new byte[DiskBytes];
        new Random(3).NextBytes(content);
        File.WriteAllBytes(image, content);
        Directory.CreateDirectory(store);
        using var faulty = FaultyDisk.WithBadRanges(image, new ByteRange(BadStart, BadLength));
        var run = Bootconsole.Run("backup", "--disk", faulty.Path, "--store", store, "--no-encryption", "--pad", "85", "--json");
        Assert.True(run.ExitCode == 4, run.ToString());
        var counts = run.Document.GetProperty("counts");
        Assert.Equal("done", run.Document.GetProperty("outcome").GetString());
        Assert.Equal(1, counts.GetProperty("unreadable").GetInt64());
        Assert.Equal(BadLength, counts.GetProperty("unreadableBytes").GetInt64());
        Assert.Contains(run.ProgressLines, line => line.TryGetProperty("event", out var text) && text.GetString()!.Contains("cannot be read", StringComparison.Ordinal));

        var disk = Bootconsole.Run("show", "--store", store, "latest", "--json").Succeeds().Document.GetProperty("manifest").GetProperty("disks")[0];
        var range = Assert.Single(disk.GetProperty("unreadable").EnumerateArray());
        Assert.Equal((BadStart, BadLength), (range.GetProperty("start").GetInt64(), range.GetProperty("length").GetInt64()));
        Assert.Contains($"Unreadable  bytes {BadStart} to {BadStart + BadLength - 1}", Bootconsole.Run("show", "--store", store, "latest").Succeeds().Output, StringComparison.Ordinal);
        Assert.Contains("4.00 KiB unreadable", Bootconsole.Run("images", "--store", store).Succeeds().Output.Replace("\n", " ", StringComparison.Ordinal), StringComparison.Ordinal);
        Bootconsole.Run("verify", "--store", store, "latest").Succeeds();

        var target = folder["target.img"];
        var restore = Bootconsole.Run("restore", "--store", store, "latest", "--disk", target);
        Assert.True(restore.ExitCode == 4, restore.ToString());
        Assert.Contains("1 ranges (4.00 KiB) could not be read when the image was made", restore.Output, StringComparison.Ordinal);
        content.AsSpan((int)BadStart, (int)BadLength).Fill(85);
        Assert.Equal(content, File.ReadAllBytes(target));
    }
}
