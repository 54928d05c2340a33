// One backup command that a test cuts off and repeats, with an earlier image beside it in the store.
using BootConsole.TestKit;

namespace BootConsole.Appliance.Tests;

/// <summary>A source disk of noise, a store with another image, and what must hold after every end of the command.</summary>
internal sealed class RepeatedBackup : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly string[] _access;
    private readonly string _store, _kept;

    /// <param name="store">The store's address.</param>
    /// <param name="access">Options that open it.</param>
    /// <param name="bytes">Length of the disk.</param>
    /// <param name="seed">For its content.</param>
    internal RepeatedBackup(string store, string[] access, int bytes, int seed)
    {
        (_store, _access) = (store, access);
        var content = RandomBytes.Of(seed, bytes);
        // Noise at the start might look like a partition table.
        content.AsSpan(0, 4096).Clear();
        File.WriteAllBytes(Source, content);
        PartitionedImage.Sparse(_folder["kept.img"], 1 << 20);
        _kept = Run("backup", "--disk", _folder["kept.img"], "--no-encryption", "--name", "kept", "--json").Succeeds().Document.GetProperty("image").GetString()!;
    }

    private string Source => _folder["source.img"];

    /// <summary>Starts the command. The files of its ssh, which it leaves when it is killed, go with this test's folder.</summary>
    internal RunningProgram Start() => RunningProgram.Start("env", [$"XDG_RUNTIME_DIR={_folder.Path}", Bootconsole.Program, "backup", "--store", _store, .. _access, "--disk", Source, "--no-encryption", "--level", "1", "--json"], path: null);

    /// <summary>Fails unless the store reads and the earlier image is whole.</summary>
    internal void RequireWhole()
    {
        var images = Run("images", "--json").Succeeds().Document.GetProperty("images").EnumerateArray().ToDictionary(image => image.GetProperty("id").GetString()!, image => image.GetProperty("state").GetString()!);
        Assert.Equal("done", images[_kept]);
        Assert.DoesNotContain("damaged", images.Values);
        Run("verify", _kept).Succeeds();
    }

    /// <summary>Fails unless the image is the disk, and nothing is left of the attempts.</summary>
    internal void RequireEqual(Run done, string folder)
    {
        RequireWhole();
        var image = done.Succeeds().Document.GetProperty("image").GetString()!;
        Run("verify", image).Succeeds();
        Run("export", image, "--to", _folder["export.img"]).Succeeds();
        Assert.Equal(Content.Hash(Source), Content.Hash(_folder["export.img"]));
        Assert.DoesNotContain(Directory.EnumerateFiles(Path.Combine(folder, "images", image), "*.part", SearchOption.AllDirectories), _ => true);
        var states = Run("images", "--json").Succeeds().Document.GetProperty("images").EnumerateArray().Select(listed => listed.GetProperty("state").GetString());
        Assert.All(states, state => Assert.Equal("done", state));
    }

    public void Dispose() => _folder.Dispose();

    private Run Run(string command, params string[] more) => Bootconsole.Run([command, "--store", _store, .. _access, .. more]);
}
