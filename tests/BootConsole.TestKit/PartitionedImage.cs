// Disk images with partition tables that the usual tools made.
namespace BootConsole.TestKit;

/// <summary>Makes image files and tables on them.</summary>
public static class PartitionedImage
{
    /// <summary>Makes a sparse file.</summary>
    public static string Sparse(string path, long bytes)
    {
        using var stream = new FileStream(path, FileMode.CreateNew);
        stream.SetLength(bytes);
        return path;
    }

    /// <summary>Writes a table with <c>sfdisk</c> from its script language, on a file or a device.</summary>
    public static void Sfdisk(string disk, string script) =>
        SystemTool.Feed(script, "sfdisk", "--quiet", "--no-reread", "--no-tell-kernel", "--wipe", "never", disk);

    /// <summary>Changes a GPT with <c>sgdisk</c>.</summary>
    public static void Sgdisk(string disk, params string[] arguments) => SystemTool.Run("sgdisk", [.. arguments, disk]);
}
