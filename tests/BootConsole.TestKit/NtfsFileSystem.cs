// An NTFS file system mounted by FUSE: a real one that lacks what Linux's own have.
namespace BootConsole.TestKit;

/// <summary>NTFS in a file, mounted by ntfs-3g over a loop device and gone on dispose. Needs root.</summary>
public sealed class NtfsFileSystem : IAsyncDisposable
{
    private readonly TempFolder _folder = new();

    private NtfsFileSystem() { }

    /// <summary>Where it is mounted.</summary>
    public string Path => _folder["mount"];

    /// <summary>Makes and mounts it.</summary>
    /// <param name="bytes">Size of the whole; at least 2 MiB.</param>
    public static async Task<NtfsFileSystem> CreateAsync(long bytes)
    {
        var made = new NtfsFileSystem();
        try
        {
            await using (var file = File.Create(made._folder["image"])) file.SetLength(bytes);
            await Programs.RunAsync("mkntfs", "--quiet", "--fast", "--force", made._folder["image"]);
            Directory.CreateDirectory(made.Path);
            await Programs.RunAsync("ntfs-3g", "-o", "loop", made._folder["image"], made.Path);
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
        if (File.ReadAllText("/proc/mounts").Contains(" " + Path + " ", StringComparison.Ordinal)) await Programs.RunAsync("umount", Path);
        _folder.Dispose();
    }
}
