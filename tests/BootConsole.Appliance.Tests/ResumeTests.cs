// A backup that was cut, gone on with from the command line: by 'resume' and by the same command; and what is refused.
using BootConsole.TestKit;

namespace BootConsole.Appliance.Tests;

public sealed class ResumeTests(CutBackup sample) : IClassFixture<CutBackup>
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void It_goes_on_with_what_was_sent_and_gives_the_disk_as_it_is_now(bool byResume)
    {
        var (copy, disk) = (sample.CopyStore(), sample.Source);
        var sent = CutBackup.Tables(copy.Folder);
        // Something in the partition's last chunks changes; what was sent lies before.
        EncryptedStore.Change(disk, 7, 1, seed: byResume ? 2 : 3);
        var run = byResume ? Resume(copy, "--password-file", sample.PasswordFile).Succeeds() : Bootconsole.Run(sample.Command(copy.Folder)).Succeeds();
        Assert.Contains($"{sent} ranges of {disk} are as they were saved", run.Errors, StringComparison.Ordinal);
        Assert.Contains($"Image {sample.Image} is finished", run.Output, StringComparison.Ordinal);
        Assert.Contains("cut off and gone on with", run.Output, StringComparison.Ordinal);
        Assert.Equal([sample.Image], Directory.GetDirectories(Path.Combine(copy.Folder, "images")).Select(Path.GetFileName));
        Assert.False(File.Exists(copy["state.json"]));
        Assert.Empty(Directory.GetFiles(Path.Combine(copy.Folder, "leases")));
        var target = sample.NewPath(".img");
        Bootconsole.Run("restore", "--store", copy.Folder, "latest", "--disk", target, "--password-file", sample.PasswordFile).Succeeds();
        Assert.Equal(Content.Read(disk, SampleStore.LinuxStart, EncryptedStore.UsedBytes), Content.Read(target, SampleStore.LinuxStart, EncryptedStore.UsedBytes));
        Resume(copy, "--password-file", sample.PasswordFile).Reports(3, "no unfinished backup", CutBackup.Pc);
    }

    [Fact]
    public void What_another_job_works_on_is_left_to_it()
    {
        var copy = sample.CopyStore();
        copy.AddLease(sample.Image, "backup");
        var before = Unfinished(copy);
        Resume(copy, "--password-file", sample.PasswordFile).Reports(3, "somebody works on it", sample.Image);
        Assert.Equal(before, Unfinished(copy));
        // The same command makes an image of its own meanwhile.
        var made = Bootconsole.Run([.. sample.Command(copy.Folder), "--json"]).Succeeds().Document.GetProperty("image").GetString();
        Assert.NotEqual(sample.Image, made);
        Assert.Equal(before, Unfinished(copy));
    }

    [Fact]
    public void What_does_not_fit_is_refused_and_stays()
    {
        var copy = sample.CopyStore();
        var (before, wrong) = (copy.Hashes(), sample.NewPath());
        File.WriteAllText(wrong, "wrong\n");
        Resume(copy).Reports(1, "no password or key was given");
        Resume(copy, "--password-file", wrong).Reports(1, "the password is wrong");
        Bootconsole.Run("resume", "--store", copy.Folder, "--pc", "another", "--password-file", sample.PasswordFile).Reports(3, "no unfinished backup", "another");
        Resume(copy, "2001", "--password-file", sample.PasswordFile).Reports(3, "no unfinished backup", "2001");
        // Somebody altered the record, so that the rest of the disk would be stored in the clear.
        var record = File.ReadAllText(copy["state.json"]);
        var keyId = Path.GetFileName(Assert.Single(Directory.GetDirectories(Path.Combine(copy.Folder, "keys"))));
        File.WriteAllText(copy["state.json"], record.Replace($"\"{keyId}\"", "null", StringComparison.Ordinal));
        Resume(copy, "--password-file", sample.PasswordFile).Reports(3, "not encrypted", sample.Image);
        var settings = sample.Settings(copy.Folder, $"encryption = \"password\"\npassword_file = \"{sample.PasswordFile}\"");
        Bootconsole.Run("resume", "--config", settings, "--store", "folder").Reports(3, "not encrypted", "the settings want it to be");
        File.WriteAllText(copy["state.json"], record);
        Assert.Equal(before, copy.Hashes());
        Bootconsole.Run("resume", "--config", settings, "--store", "folder").Succeeds();
    }

    [Fact]
    public void A_disk_that_is_gone_or_another_one_is_said()
    {
        var copy = sample.CopyStore();
        var aside = sample.NewPath(".img");
        File.Move(sample.Source, aside);
        try
        {
            Resume(copy, "--password-file", sample.PasswordFile).Reports(3, sample.Source);
            PartitionedImage.Sparse(sample.Source, SampleStore.DiskBytes + (1 << 20));
            Resume(copy, "--password-file", sample.PasswordFile).Reports(3, "cannot be gone on with", "disks");
        }
        finally
        {
            File.Move(aside, sample.Source, overwrite: true);
        }
    }

    private static Run Resume(StoreCopy store, params string[] more) => Bootconsole.Run(["resume", "--store", store.Folder, "--pc", CutBackup.Pc, .. more]);

    private static Dictionary<string, string> Unfinished(StoreCopy store) => store.Hashes().Where(file => file.Key.StartsWith(store.ImageFolder, StringComparison.Ordinal)).ToDictionary();
}
