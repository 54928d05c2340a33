// Labels, names and records that try to write on somebody's terminal: nothing raw gets through, and nothing breaks.
using System.Text.Json.Nodes;
using BootConsole.TestKit;

namespace BootConsole.Appliance.Tests;

public sealed class HostileTextTests(SampleStore sample) : IClassFixture<SampleStore>
{
    // Clears the screen, sets the window's title, forges a line of ours, turns the direction of writing.
    private const string Hostile = "\u001b[2J\u001b]0;owned\u0007\nbootconsole: done\r\u009b31m\u202e";

    [Fact]
    public void Names_and_labels_of_a_disk_stay_plain()
    {
        var disk = sample.NewDisk(8 << 20);
        PartitionedImage.Sfdisk(disk, "label: gpt\nsize=4MiB\n");
        PartitionedImage.Sgdisk(disk, "--change-name=1:" + Hostile.Replace("\n", "", StringComparison.Ordinal));
        SystemTool.Run("mke2fs", "-q", "-t", "ext4", "-L", "\u001b[31mred\u0007\u001b[2J", "-E", $"offset={1 << 20}", disk, "4096k");
        using var loop = LoopDisk.Attach(disk, isReadOnly: true);
        var listed = Bootconsole.Run("disks").Succeeds().Output;
        Assert.Contains("red", listed, StringComparison.Ordinal);
        var document = Bootconsole.Run("disks", "--json").Succeeds().Document.GetProperty("disks").EnumerateArray().Single(found => found.GetProperty("path").GetString() == loop.Path);
        Assert.Contains("owned", document.GetProperty("partitions")[0].GetProperty("name").GetString()!, StringComparison.Ordinal);

        var store = sample.NewFolder();
        Bootconsole.Run("backup", "--disk", loop.Path, "--store", store, "--no-encryption", "--explain").Succeeds();
        Assert.Contains("Part 1", Bootconsole.Run("show", "--store", store, "latest").Succeeds().Output, StringComparison.Ordinal);
        Bootconsole.Run("restore", "--store", store, "latest", "--disk", sample.NewPath(".img")).Succeeds();
    }

    [Fact]
    public void What_a_disk_says_of_itself_stays_plain()
    {
        using var loop = LoopDisk.Create(sample.NewPath(), 8 << 20);
        using var lsblk = FakeLsblk.WithPartition(loop.Path, model: Hostile, serial: Hostile);
        Assert.Contains("owned", Bootconsole.RunWithPath(lsblk.Folder, "disks").Succeeds().Output, StringComparison.Ordinal);
        Bootconsole.RunWithPath(lsblk.Folder, "backup", "--disk", "serial:x", "--store", sample.NewFolder(), "--no-encryption").Reports(3, "owned");
    }

    [Theory]
    [InlineData("program")]
    [InlineData("notes.0")]
    [InlineData("pc.product")]
    [InlineData("pc.name")]
    [InlineData("disks.0.path")]
    [InlineData("disks.0.model")]
    [InlineData("disks.0.serial")]
    [InlineData("disks.0.notes.0")]
    public void A_manifest_cannot_write_on_the_terminal(string path)
    {
        var copy = sample.CopyStore();
        copy.EditManifest(manifest =>
        {
            var node = manifest;
            var parts = path.Split('.');
            foreach (var part in parts[..^1]) node = part == "0" ? node[0]! : node[part]!;
            if (parts[^1] == "0") node.AsArray().Insert(0, Hostile);
            else node[parts[^1]] = Hostile;
        });
        Assert.Contains("owned", Bootconsole.Run("show", "--store", copy.Folder, "latest").Succeeds().Output, StringComparison.Ordinal);
        Bootconsole.Run("show", "--store", copy.Folder, "latest", "--json").Succeeds();
        Bootconsole.Run("images", "--store", copy.Folder).Succeeds();
        Bootconsole.Run("restore", "--store", copy.Folder, "latest", "--disk", sample.NewPath(".img"), "--dry-run").Succeeds();
    }

    [Theory]
    [InlineData("id")]
    [InlineData("format")]
    [InlineData("parent")]
    public void A_refused_manifest_cannot_write_on_the_terminal(string field)
    {
        var copy = sample.CopyStore();
        copy.EditManifest(manifest => manifest[field] = Hostile);
        Bootconsole.Run("verify", "--store", copy.Folder, copy.Image).Reports(1, "image.json");
        Bootconsole.Run("images", "--store", copy.Folder).Succeeds();
    }

    [Fact]
    public void The_reason_of_a_failed_image_and_strange_folders_stay_plain()
    {
        var copy = sample.CopyStore();
        var state = new JsonObject
        {
            ["format"] = "bootconsole-state",
            ["version"] = 1,
            ["id"] = copy.Image,
            ["state"] = "failed",
            ["token"] = "0123456789abcdef",
            ["kind"] = "full",
            ["created"] = "2026-11-21T06:04:00+00:00",
            ["pc"] = Hostile,
            ["pad"] = 0,
            ["disks"] = new JsonArray(),
            ["reason"] = Hostile,
        };
        File.WriteAllText(copy["state.json"], state.ToJsonString());
        File.Delete(copy["image.json"]);
        Directory.CreateDirectory(Path.Combine(copy.Folder, "images", Hostile.Replace("/", "", StringComparison.Ordinal)));
        Assert.Contains("failed", Bootconsole.Run("images", "--store", copy.Folder).Succeeds().Output, StringComparison.Ordinal);
        Bootconsole.Run("delete", "--store", copy.Folder, copy.Image).Succeeds();
    }

    [Fact]
    public void The_command_line_itself_is_shown_plain()
    {
        Bootconsole.Run(Hostile).Reports(2, "owned");
        Bootconsole.Run("backup", "--disk", Hostile, "--store", sample.Store, "--no-encryption").Reports(3, "owned");
        Bootconsole.Run("backup", "--disk", "d.img", "--store", sample.Store, "--no-encryption", "--level", Hostile).Reports(2, "owned");
        Bootconsole.Run("show", "--store", sample.Store, Hostile).Reports(3, "owned");
        Bootconsole.Run("images", "--store", "/" + Hostile).Reports(1, "owned");
        Bootconsole.Run("images", "--store", "sftp://" + Hostile).Reports(2, "owned");
        // In a document it is whole, and escaped.
        Assert.Contains(Hostile, Bootconsole.Run("show", "--store", sample.Store, Hostile, "--json").Reports(3, "owned").Document.GetProperty("fault").GetProperty("what").GetString()!, StringComparison.Ordinal);
    }
}
