// A real file system of a few MiB, to be filled up.
namespace BootConsole.TestKit;

/// <summary>An ext4 file system in a file, mounted over a loop device and gone on dispose. Needs root.</summary>
public sealed class SmallFileSystem : IAsyncDisposable
{
    private readonly TempFolder _folder = new();

    private SmallFileSystem() { }

    /// <summary>Where it is mounted.</summary>
    public string Path => _folder["mount"];

    /// <summary>Makes and mounts it.</summary>
    /// <param name="bytes">Size of the whole; at least 1 MiB.</param>
    /// <param name="mountOptions">More for <c>mount -o</c>, such as <c>ro</c>.</param>
    public static async Task<SmallFileSystem> CreateAsync(long bytes, string mountOptions = "rw")
    {
        var made = new SmallFileSystem();
        try
        {
            await using (var file = File.Create(made._folder["image"])) file.SetLength(bytes);
            // No reserved blocks: root would otherwise still write when everyone else finds the disk full.
            await Programs.RunAsync("mkfs.ext4", "-q", "-m", "0", "-F", made._folder["image"]);
            Directory.CreateDirectory(made.Path);
            await Programs.RunAsync("mount", "-o", "loop," + mountOptions, made._folder["image"], made.Path);
            return made;
        }
        catch
        {
            await made.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        // The loop device goes with the mount (autoclear).
        if (File.ReadAllText("/proc/mounts").Contains(" " + Path + " ", StringComparison.Ordinal)) await Programs.RunAsync("umount", Path);
        _folder.Dispose();
    }
}
