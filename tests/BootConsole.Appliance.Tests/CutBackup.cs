// A backup that was killed in its midst: made once for a class of tests.
using BootConsole.TestKit;

namespace BootConsole.Appliance.Tests;

/// <summary>An encrypted backup of the disk of <see cref="SampleStore"/> in segments of a MiB, killed when several were in the store. Tests take a copy.</summary>
public sealed class CutBackup : IAsyncLifetime, IDisposable
{
    internal const string Pc = "test-pc";

    private readonly TempFolder _folder = new();
    private int _copies;

    /// <summary>The disk.</summary>
    internal string Source => _folder["source.img"];

    /// <summary>A file with the password.</summary>
    internal string PasswordFile => _folder["password"];

    /// <summary>The id of the unfinished image.</summary>
    internal string Image { get; private set; } = "";

    private string Store => _folder["store"];

    public async Task InitializeAsync()
    {
        SampleStore.MakeDisk(Source);
        File.WriteAllText(PasswordFile, "correct horse, battery\n");
        Directory.CreateDirectory(Store);
        var backup = Bootconsole.Start([.. Command(Store), "--limit", "3 MB/s"]);
        await Eventually.BecomesTrueAsync(() => Tables(Store) >= 4 || backup.HasEnded, "four segments are committed");
        backup.Send(Signal.Kill);
        Assert.Equal(137, backup.WaitForEnd().ExitCode);
        Image = Path.GetFileName(Assert.Single(Directory.GetDirectories(Path.Combine(Store, "images"))));
    }

    public Task DisposeAsync() => Task.CompletedTask;

    public void Dispose() => _folder.Dispose();

    /// <summary>A path that nothing has.</summary>
    internal string NewPath(string suffix = "") => _folder[$"new-{Interlocked.Increment(ref _copies)}{suffix}"];

    /// <summary>A copy of the store.</summary>
    internal StoreCopy CopyStore()
    {
        var copy = NewPath();
        SystemTool.Run("cp", "-a", Store, copy);
        return new StoreCopy(copy, Image);
    }

    /// <summary>The command of the backup, for a copy of the store.</summary>
    internal string[] Command(string store) => ["backup", "--config", Settings(store, ""), "--store", "folder", "--disk", Source, "--password-file", PasswordFile];

    /// <summary>A settings file with the store <c>folder</c>.</summary>
    /// <param name="store">Its path.</param>
    /// <param name="more">Lines of <c>[backup]</c>.</param>
    internal string Settings(string store, string more)
    {
        var settings = NewPath(".toml");
        File.WriteAllText(settings, $"""
            [pc]
            name = "{Pc}"
            [[storage]]
            name = "folder"
            url = "{store}"
            [backup]
            segment_by_rate = [["max", "1 MiB"]]
            {more}
            """);
        return settings;
    }

    /// <summary>How many tables a store has: what is committed of its image.</summary>
    internal static int Tables(string store) => Directory.Exists(store) ? Directory.GetFiles(store, "*.table.zst.age", SearchOption.AllDirectories).Length : 0;
}
