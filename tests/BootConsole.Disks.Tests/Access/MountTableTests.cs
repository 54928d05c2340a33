// Reading the kernel's list of mounts.
using BootConsole.Disks.Access;
using BootConsole.Host;

namespace BootConsole.Disks.Tests.Access;

public sealed class MountTableTests
{
    private static readonly MountTable Table = MountTable.Parse(
    [
        "22 1 254:0 / / rw,relatime shared:1 - ext4 /dev/vda rw",
        "30 22 8:1 / /mnt/backup rw,relatime - ext4 /dev/sda1 rw",
        "31 22 8:17 / /mnt/back rw,relatime shared:2 master:1 - ext4 /dev/sdb1 rw",
        @"32 22 8:33 / /mnt/a\040b\134c rw - vfat /dev/sdc1 rw",
        "33 22 0:40 /@ /home rw - btrfs /dev/null rw",
        "34 30 8:49 / /mnt/backup rw - xfs /dev/sdd1 rw",
        "broken line",
        "35 22 x:y / /odd rw - ext4 /dev/x rw",
    ]);

    [Theory]
    [InlineData("/etc", "/dev/vda")]
    [InlineData("/mnt/back/x", "/dev/sdb1")]
    [InlineData("/mnt/backups", "/dev/vda")]
    [InlineData("/mnt/a b\\c/d", "/dev/sdc1")]
    public void The_longest_mount_point_above_a_path_holds_it(string path, string source) => Assert.Equal(source, Table.Holding(path)!.Source);

    [Fact]
    public void Of_two_mounts_at_one_point_the_later_one_counts() => Assert.Equal("/dev/sdd1", Table.Holding("/mnt/backup/images")!.Source);

    [Fact]
    public void A_mount_without_a_device_of_its_own_is_known_by_its_source()
    {
        Assert.Equal(new DeviceNumber(8, 17), Table.Holding("/mnt/back")!.BlockDevice);
        Assert.Null(Table.Holding("/home/user")!.BlockDevice);
    }

    [Fact]
    public void The_list_of_this_machine_has_its_root() => Assert.NotNull(MountTable.Read().Holding("/"));
}
