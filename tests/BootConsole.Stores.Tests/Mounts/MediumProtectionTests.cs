// Devices that the kernel holds read-only for a moment, and those that are left as they are.
using BootConsole.Stores.Mounts;
using BootConsole.TestKit;

namespace BootConsole.Stores.Tests.Mounts;

public sealed class MediumProtectionTests
{
    [Fact]
    public void A_device_is_read_only_for_as_long_as_it_is_protected()
    {
        using var medium = LabelledMedium.Ext4();
        using (MediumProtection.Of(medium.Device)) Assert.True(IsReadOnly(medium));
        Assert.False(IsReadOnly(medium));
    }

    [Fact]
    public void A_device_that_was_read_only_before_stays_so()
    {
        using var medium = LabelledMedium.Ext4();
        SystemTool.Run("blockdev", "--setro", medium.Device);
        MediumProtection.Of(medium.Device).Dispose();
        Assert.True(IsReadOnly(medium));
    }

    [Fact]
    public void A_device_that_somebody_has_mounted_can_be_written_all_the_time()
    {
        using var folder = new TempFolder();
        using var medium = LabelledMedium.Ext4();
        SystemTool.Run("mount", medium.Device, folder.Path);
        try
        {
            using (MediumProtection.Of(medium.Device)) Assert.False(IsReadOnly(medium));
            Assert.False(IsReadOnly(medium));
        }
        finally
        {
            SystemTool.Run("umount", folder.Path);
        }
    }

    private static bool IsReadOnly(LabelledMedium medium) => SystemTool.Run("blockdev", "--getro", medium.Device).Trim() == "1";
}
