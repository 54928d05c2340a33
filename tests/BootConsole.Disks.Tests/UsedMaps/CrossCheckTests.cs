// What one program says is believed only when another source agrees.
using BootConsole.Core;
using BootConsole.TestKit;

namespace BootConsole.Disks.Tests.UsedMaps;

public sealed class CrossCheckTests
{
    [Theory]
    [InlineData(0, "    log tail: 2 head: 9 state: <DIRTY>\n")]
    [InlineData(0, "    log tail: 2 head: 2\n")]
    [InlineData(0, "    state: <CLEAN>\n    state: <DIRTY>\n")]
    [InlineData(0, "")]
    [InlineData(1, "    log tail: 2 head: 2 state: <CLEAN>\n")]
    [InlineData(139, "    log tail: 2 head: 2 state: <CLEAN>\n")]
    public void Only_a_whole_and_clear_answer_of_xfs_logprint_is_believed(int exitCode, string output)
    {
        using var image = new PartitionImage(320 << 20);
        image.Run("mkfs.xfs", "-q", "-f");
        image.Map(programs: new ScriptedPrograms().Answer("xfs_logprint", exitCode, output)).AssertWhole(image, "its log holds changes");
    }

    [Theory]
    [InlineData(12)]
    [InlineData(13)]
    [InlineData(139)]
    public void Only_the_consent_of_ntfs_3g_probe_is_believed(int exitCode)
    {
        using var image = NtfsSurgery.Made();
        image.Map(programs: new ScriptedPrograms().Answer("ntfs-3g.probe", exitCode)).AssertWhole(image, "does not accept the NTFS volume");
    }

    [Fact]
    public void A_map_of_NTFS_that_differs_from_the_volumes_own_bitmap_is_not_believed()
    {
        using var image = NtfsSurgery.Made();
        const int Covered = (24 << 20) - 4096;
        var log = $"0x{Covered:X8}     ?\n0x00000000  0x00400000  +\n0x00400000  0x{Covered - 0x400000:X8}  ?\n";
        image.Map(programs: new ScriptedPrograms().Answer("partclone.ntfs", 0, log)).AssertWhole(image, "does not agree with the volume's own bitmap");
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void A_listing_of_dumpe2fs_must_be_whole_and_its_exit_code_good(int exitCode)
    {
        using var image = new PartitionImage(32 << 20);
        image.Run("mkfs.ext4", "-q", "-F", "-b", "1024");
        var listing = image.Run("dumpe2fs");
        var cut = exitCode == 0 ? listing[..listing.LastIndexOf("  Free blocks:", StringComparison.Ordinal)] : listing;
        image.Map(Mapping.WithoutPartclone, new ScriptedPrograms().Answer("dumpe2fs", exitCode, cut)).AssertWhole(image, "dumpe2fs");
        Assert.Equal("dumpe2fs", image.Map(Mapping.WithoutPartclone, new ScriptedPrograms().Answer("dumpe2fs", 0, listing)).Method);
    }

    [Fact]
    public async Task A_watchdog_sees_that_a_map_moves()
    {
        using var image = new PartitionImage(32 << 20);
        image.Run("mkfs.fat", "-F", "16");
        using var disk = new ImageDisk(image.File);
        var progress = new JobProgress();
        await new UsedMapper(new ScriptedPrograms()).MapAsync(disk, image.Range, new UsedMapOptions(), progress, CancellationToken.None);
        Assert.True(progress.Movements > 3);
        Assert.Equal("", progress.Activity);
    }
}
