// bootconsole run with a restore: every line counts, and what is not certain is refused.
using BootConsole.TestKit;

namespace BootConsole.Appliance.Tests.Unattended;

public sealed class UnattendedRestoreTests(SampleStore sample) : IClassFixture<SampleStore>
{
    [Fact]
    public void The_latest_image_of_this_pc_is_restored_and_not_that_of_another_one()
    {
        using var file = new UnattendedFile(sample.CopyStore().Folder);
        file.Backup(sample.Source, backup: "encryption = \"none\"\nname = \"mine\"").Run().Succeeds();
        Bootconsole.Run("backup", "--disk", sample.NewDisk(1 << 20), "--store", file.Store, "--pc", "another-pc", "--no-encryption").Succeeds();
        using var disk = LoopDisk.Create(file["target.img"], SampleStore.DiskBytes);
        var run = file.Restore(disk.Path, $"{disk.Path}:{SampleStore.DiskBytes}", job: "countdown = 1\nafterwards = \"reboot\"").Run().Succeeds();
        Assert.Contains($"{disk.Path} (64.0 MiB) will be OVERWRITTEN with image ", run.Output, StringComparison.Ordinal);
        Assert.Contains("office-pc_mine.", run.Output, StringComparison.Ordinal);
        Assert.Contains("waiting until", run.Errors, StringComparison.Ordinal);
        Assert.Contains("There it would be restarted now.", run.Output, StringComparison.Ordinal);
        Bootconsole.Run("verify", "--store", file.Store, "--image", "mine", "--against", disk.Path).Succeeds();
        Assert.Contains(file.Records, record => record.Contains("outcome: done", StringComparison.Ordinal) && record.Contains("job: restore of image 'latest'", StringComparison.Ordinal));
    }

    [Fact]
    public void Nothing_is_written_where_the_file_names_another_disk_or_none_that_is_there()
    {
        using var file = new UnattendedFile(sample.CopyStore().Folder);
        var image = sample.Image;
        using var disk = LoopDisk.Create(file["target.img"], SampleStore.DiskBytes);
        var before = Content.Hash(file["target.img"]);
        file.Restore(disk.Path, $"{disk.Path}:123", image).Run().Reports(3, "the confirmation names another disk");
        file.Restore("serial:S4EVNF0M", "S4EVNF0M", image).Run().Reports(3, "no such disk", "S4EVNF0M");
        file.Restore(file["absent.img"], file["absent.img"], image).Run().Reports(3, "no such disk", "absent.img");
        file.Restore(disk.Path, $"{disk.Path}:{SampleStore.DiskBytes}").Run().Reports(3, "no finished image");
        using (var twins = FakeLsblk.WithTwins("TWIN"))
            Bootconsole.RunWithPath(twins.Folder, file.Restore("serial:TWIN", "TWIN", image).Arguments()).Reports(3, "more than one disk goes by this name");
        Assert.False(File.Exists(file["absent.img"]));
        disk.Detach();
        Assert.Equal(before, Content.Hash(file["target.img"]));
        Assert.Equal(5, file.Records.Count);
        Assert.All(file.Records, record => Assert.Contains("outcome: refused", record, StringComparison.Ordinal));
    }

    [Fact]
    public void What_is_refused_is_refused_before_the_wait()
    {
        using var file = new UnattendedFile(sample.CopyStore().Folder);
        using var disk = LoopDisk.Create(file["target.img"], SampleStore.DiskBytes);
        file.Restore(disk.Path, $"{disk.Path}:123", sample.Image, "at = \"2099-01-01T00:00:00Z\"").Run().Reports(3, "the confirmation names another disk");
    }

    [Fact]
    public void The_key_of_an_encrypted_image_comes_from_the_file_or_not_at_all()
    {
        using var file = new UnattendedFile();
        file.Backup(sample.Source, backup: $"encryption = \"password\"\npassword_file = \"{file.PasswordFile}\"").Run().Succeeds();
        using var disk = LoopDisk.Create(file["target.img"], SampleStore.DiskBytes);
        var token = $"{disk.Path}:{SampleStore.DiskBytes}";
        Assert.NotEqual(0, file.Restore(disk.Path, token).Run().ExitCode);
        file.Restore(disk.Path, token, restore: $"password_file = \"{file.PasswordFile}\"").Run().Succeeds();
        Bootconsole.Run("verify", "--store", file.Store, "latest", "--password-file", file.PasswordFile, "--against", disk.Path).Succeeds();
    }
}
