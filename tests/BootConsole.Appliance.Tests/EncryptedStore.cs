// A store with an encrypted full image and an incremental one of the same disk: made once for a class of tests.
using BootConsole.TestKit;

namespace BootConsole.Appliance.Tests;

/// <summary>Two encrypted images of the disk of <see cref="SampleStore"/>, the second after a change; the key set opens by a password and by an age identity. Tests that change a store take a copy.</summary>
public sealed class EncryptedStore : IDisposable
{
    /// <summary>The PC of the images.</summary>
    internal const string Pc = "test-pc";

    /// <summary>First byte of the partition of random bytes.</summary>
    internal const long DataStart = SampleStore.LinuxStart + SampleStore.LinuxBytes;

    /// <summary>Length of what <see cref="Content"/> compares: all that the partitions use.</summary>
    internal const int UsedBytes = 40 << 20;

    private readonly TempFolder _folder = new();
    private int _copies;

    public EncryptedStore()
    {
        SampleStore.MakeDisk(Source);
        SystemTool.Run("cp", "--sparse=always", Source, Before);
        File.WriteAllText(PasswordFile, "correct horse, battery\n");
        File.WriteAllText(WrongPasswordFile, "correct horse, stapler\n");
        SystemTool.Run("age-keygen", "-o", IdentityFile);
        Recipient = SystemTool.Run("age-keygen", "-y", IdentityFile).Trim();
        Directory.CreateDirectory(Store);
        Full = Backup(Store, Source, "--name", "full", "--recipient", Recipient);
        // Two chunks of a MiB each.
        Change(Source, 3, 2);
        Child = Backup(Store, Source, "--name", "child", "--kind", "incremental");
        KeyId = Path.GetFileName(Assert.Single(Directory.GetDirectories(Path.Combine(Store, "keys"))));
    }

    /// <summary>The disk as it is in the incremental image.</summary>
    internal string Source => _folder["source.img"];

    /// <summary>The disk as it is in the full image.</summary>
    internal string Before => _folder["before.img"];

    /// <summary>The store's folder.</summary>
    internal string Store => _folder["store"];

    /// <summary>A file with the password, and one with another.</summary>
    internal string PasswordFile => _folder["password"];

    /// <summary>A file with a wrong password.</summary>
    internal string WrongPasswordFile => _folder["wrong"];

    /// <summary>A file of <c>age-keygen</c>, whose recipient the key set is also wrapped for.</summary>
    internal string IdentityFile => _folder["identity"];

    /// <summary>The recipient.</summary>
    internal string Recipient { get; }

    /// <summary>The id of the full image.</summary>
    internal string Full { get; }

    /// <summary>The id of the incremental image.</summary>
    internal string Child { get; }

    /// <summary>The key id.</summary>
    internal string KeyId { get; }

    /// <summary>A path that nothing has.</summary>
    internal string NewPath(string suffix = "") => _folder[$"new-{Interlocked.Increment(ref _copies)}{suffix}"];

    /// <summary>A folder of its own.</summary>
    internal string NewFolder() => Directory.CreateDirectory(NewPath()).FullName;

    /// <summary>A copy of the store, and in it the full image or the incremental one.</summary>
    internal StoreCopy CopyStore(string? image = null)
    {
        var copy = NewPath();
        SystemTool.Run("cp", "-a", Store, copy);
        return new StoreCopy(copy, image ?? Child);
    }

    /// <summary>A copy of the disk that a test may change.</summary>
    internal string CopySource()
    {
        var copy = NewPath(".img");
        SystemTool.Run("cp", "--sparse=always", Source, copy);
        return copy;
    }

    /// <summary>Changes the disk itself, under the path by which its images know it; undone on dispose.</summary>
    internal IDisposable ChangeSource(int firstMiB, int countMiB)
    {
        var change = new SourceChange(Source, CopySource());
        Change(Source, firstMiB, countMiB, seed: 9);
        return change;
    }

    /// <summary>Makes an image with the password.</summary>
    /// <returns>Its id.</returns>
    internal string Backup(string store, string disk, params string[] more) =>
        Bootconsole.Run(["backup", "--disk", disk, "--store", store, "--pc", Pc, "--password-file", PasswordFile, "--json", .. more]).Succeeds().Document.GetProperty("image").GetString()!;

    /// <summary>Runs a command with the password.</summary>
    internal Run Run(string command, string store, params string[] more) => Bootconsole.Run([command, "--store", store, "--password-file", PasswordFile, .. more]);

    /// <summary>Fails unless an image restores to what a disk has.</summary>
    internal void AssertRestores(string store, string image, string disk)
    {
        var target = NewPath(".img");
        Run("restore", store, image, "--disk", target).Succeeds();
        Assert.Equal(Content.Read(disk, SampleStore.LinuxStart, UsedBytes), Content.Read(target, SampleStore.LinuxStart, UsedBytes));
        File.Delete(target);
    }

    /// <summary>Writes random bytes over chunks of the data partition.</summary>
    internal static void Change(string disk, int firstMiB, int countMiB, int seed = 1)
    {
        using var file = new FileStream(disk, FileMode.Open, FileAccess.Write);
        file.Position = DataStart + ((long)firstMiB << 20);
        file.Write(RandomBytes.Of(seed + (100 * firstMiB), countMiB << 20));
    }

    public void Dispose() => _folder.Dispose();

    private sealed class SourceChange(string source, string kept) : IDisposable
    {
        public void Dispose() => File.Move(kept, source, overwrite: true);
    }
}
