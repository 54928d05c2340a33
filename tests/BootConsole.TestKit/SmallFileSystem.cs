// A real file system of a few MiB, to be filled up.
namespace BootConsole.TestKit;

/// <summary>A file system in a file, mounted over a loop device and gone on dispose. Needs root.</summary>
public sealed class SmallFileSystem : IAsyncDisposable
{
    private readonly TempFolder _folder = new();

    private SmallFileSystem() { }

    /// <summary>Where it is mounted.</summary>
    public string Path => _folder["mount"];

    /// <summary>Makes and mounts ext4.</summary>
    /// <param name="bytes">Size of the whole; at least 1 MiB.</param>
    /// <param name="mountOptions">More for <c>mount -o</c>, such as <c>ro</c>.</param>
    public static Task<SmallFileSystem> CreateAsync(long bytes, string mountOptions = "rw") =>
        // No reserved blocks: root would otherwise still write when everyone else finds the disk full.
        CreateAsync(bytes, ["mkfs.ext4", "-q", "-m", "0", "-F"], ["mount", "-o", "loop," + mountOptions]);

    /// <summary>Makes NTFS and mounts it by ntfs-3g (FUSE): a real one that lacks what Linux's own have.</summary>
    /// <param name="bytes">Size of the whole; at least 2 MiB.</param>
    public static Task<SmallFileSystem> CreateNtfsAsync(long bytes) => CreateAsync(bytes, ["mkntfs", "--quiet", "--fast", "--force"], ["ntfs-3g", "-o", "loop"]);

    private static async Task<SmallFileSystem> CreateAsync(long bytes, string[] maker, string[] mounter)
    {
        var made = new SmallFileSystem();
        try
        {
            await using (var file = File.Create(made._folder["image"])) file.SetLength(bytes);
            await SystemTool.RunAsync(maker[0], [.. maker[1..], made._folder["image"]]);
            Directory.CreateDirectory(made.Path);
            await SystemTool.RunAsync(mounter[0], [.. mounter[1..], made._folder["image"], made.Path]);
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
        if (File.ReadAllText("/proc/mounts").Contains(" " + Path + " ", StringComparison.Ordinal)) await SystemTool.RunAsync("umount", Path);
        _folder.Dispose();
    }
}
