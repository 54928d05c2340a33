// A partition table is not believed on a disk that a RAID, LVM, encryption or a file system has as a whole.
using BootConsole.Core;
using BootConsole.Disks.Tables;
using BootConsole.Host;
using BootConsole.TestKit;

namespace BootConsole.Disks.Tests.UsedMaps;

public sealed class WholeDiskClaimTests : IDisposable
{
    private const string Gpt = "label: gpt\nstart=2048,size=40960\n", Mbr = "label: dos\nstart=2048,size=40960\n", ToTheEnd = "label: dos\nstart=2048\n";
    private readonly TempFolder _folder = new();
    private readonly string _disk;

    public WholeDiskClaimTests() => _disk = PartitionedImage.Sparse(_folder["disk.img"], 128 << 20);

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("mdraid 1.0", Gpt, "a Linux RAID")]
    [InlineData("mdraid 1.0", Mbr, "a Linux RAID")]
    [InlineData("mdraid 1.0", ToTheEnd, "a Linux RAID")]
    [InlineData("mdraid 0.90", Gpt, "a Linux RAID")]
    [InlineData("mdraid 0.90", Mbr, "a Linux RAID")]
    [InlineData("LVM", Mbr, "an LVM volume group")]
    [InlineData("mkfs.btrfs -q -f", Gpt, "the file system btrfs")]
    [InlineData("mkfs.ext4 -q -F", Mbr, "the file system ext4")]
    public void A_table_on_a_disk_that_something_has_as_a_whole_is_not_believed(string claim, string table, string words)
    {
        // A file system first: the table is what came over it. A RAID has its records outside the table's sectors.
        if (claim.Split(' ') is ["mkfs.btrfs" or "mkfs.ext4", ..] maker) SystemTool.Run(maker[0], [.. maker[1..], _disk]);
        PartitionedImage.Sfdisk(_disk, table);
        if (claim == "mdraid 1.0") WholeDiskSigns.WriteMd10(_disk);
        if (claim == "mdraid 0.90") WholeDiskSigns.WriteMd090(_disk);
        if (claim == "LVM") WholeDiskSigns.WriteLvm(_disk);
        using var device = LoopDisk.Attach(_disk);
        foreach (var path in new[] { _disk, device.Path })
        {
            var (before, after) = Check(path);
            Assert.Single(before.Partitions);
            Assert.False(after.IsConsistent);
            Assert.Empty(after.Partitions);
            Assert.Equal($"Besides its partition table the disk as a whole has the signature of {words}. The partition table is not to be trusted; the whole disk is saved.", after.Notes[^1]);
        }
    }

    [Theory]
    [InlineData(Gpt)]
    [InlineData(Mbr)]
    [InlineData(ToTheEnd)]
    public void The_table_of_a_plain_disk_is_believed(string table)
    {
        PartitionedImage.Sfdisk(_disk, table);
        SystemTool.Run("mkfs.ext4", "-q", "-F", "-E", "offset=1048576", _disk, "20m");
        AssertBelieved();
    }

    // A 0.90 record does not say whose it is: at the end of the last partition it is just as far from the end of the disk.
    [Fact]
    public void A_RAID_record_inside_the_last_partition_is_that_partitions()
    {
        PartitionedImage.Sfdisk(_disk, ToTheEnd);
        WholeDiskSigns.WriteMd090(_disk);
        AssertBelieved();
    }

    [Theory]
    [InlineData("LABELONE")]
    [InlineData("a label that is none, LVM2 001")]
    public void Half_an_LVM_label_is_none(string text)
    {
        PartitionedImage.Sfdisk(_disk, Mbr);
        using (var stream = File.OpenWrite(_disk))
        {
            stream.Position = 512;
            stream.Write(System.Text.Encoding.ASCII.GetBytes(text));
        }

        AssertBelieved();
    }

    [Fact]
    public void A_table_that_nobody_could_look_behind_is_not_believed()
    {
        PartitionedImage.Sfdisk(_disk, Gpt);
        Assert.Contains("the program blkid is missing", Check(_disk, new ScriptedPrograms().Answer("blkid", ScriptedPrograms.Missing)).After.Notes[^1], StringComparison.Ordinal);
        Assert.Contains("did not end within", Check(_disk, new ScriptedPrograms().Answer("blkid", ScriptedPrograms.TooSlow)).After.Notes[^1], StringComparison.Ordinal);
        Assert.Contains("could not look at it", Check(_disk, new ScriptedPrograms().Answer("blkid", 4)).After.Notes[^1], StringComparison.Ordinal);
        var signs = Check(_disk, new ScriptedPrograms().Answer("blkid", 8, "ID_FS_AMBIVALENT=filesystem:zfs_member:5000 filesystem:ext2:1.0\n")).After;
        Assert.Contains("several kinds (zfs_member, ext2)", signs.Notes[^1], StringComparison.Ordinal);
        Assert.False(signs.IsConsistent);
        Assert.True(Check(_disk, new ScriptedPrograms().Answer("blkid", 2)).After.IsConsistent);
    }

    [Fact]
    public void A_disk_without_a_table_is_not_asked_about()
    {
        SystemTool.Run("mkfs.ext4", "-q", "-F", _disk);
        var programs = new ScriptedPrograms();
        var (before, after) = Check(_disk, programs);
        Assert.Same(before, after);
        Assert.Empty(programs.Calls);
    }

    private static (DiskLayout Before, DiskLayout After) Check(string path, IProgramRunner? programs = null)
    {
        using var disk = new ImageDisk(path, 128 << 20);
        var layout = PartitionTables.Read(disk);
        return (layout, new UsedMapper(programs ?? new ProgramRunner()).CheckTableAsync(disk, layout, new JobProgress(), CancellationToken.None).GetAwaiter().GetResult());
    }

    private void AssertBelieved()
    {
        using var device = LoopDisk.Attach(_disk);
        foreach (var path in new[] { _disk, device.Path })
        {
            var (before, after) = Check(path);
            Assert.Same(before, after);
            Assert.Single(after.Partitions);
        }
    }
}
