// A FAT file system with files in it, made by mtools.
using System.Globalization;

namespace BootConsole.Media.Building;

/// <summary>Files for a FAT file system, by their paths in it.</summary>
/// <param name="label">Its label.</param>
/// <param name="place">Where the files are that are named without a path.</param>
internal sealed class FatTree(string label, Workplace place)
{
    private const int SectorBytes = 512, MiB = 1 << 20;

    // Fewer would be taken for FAT16 by some firmware (the specification's limit is 65525).
    private const int Fat32Clusters = 66_000;

    private readonly SortedDictionary<string, string> _files = new(StringComparer.Ordinal);

    /// <summary>Adds a file.</summary>
    /// <param name="path">Its path: <c>EFI/BOOT/BOOTX64.EFI</c>.</param>
    /// <param name="source">A file that has the content.</param>
    internal void Add(string path, string source) => _files.Add(path, source);

    /// <summary>Bytes that the file system takes: all files, room for their clusters and folders, whole MiB.</summary>
    /// <param name="leastBytes">At least so many.</param>
    internal long Size(long leastBytes)
    {
        var content = _files.Values.Sum(source => place.LengthOf(source) + 16 * 1024);
        return Math.Max(leastBytes, (content + content / 64 + MiB + MiB - 1) / MiB * MiB);
    }

    /// <summary>Writes the file system into a file that is long enough.</summary>
    /// <param name="programs">Runs mtools.</param>
    /// <param name="image">The file's name.</param>
    /// <param name="start">Where it begins in the file, in bytes.</param>
    /// <param name="bytes">Its length.</param>
    /// <param name="isFat32">True for FAT32, as disks have it; false for what fits best.</param>
    /// <param name="serial">Its serial number.</param>
    internal async Task WriteAsync(MediaPrograms programs, string image, long start, long bytes, bool isFat32, uint serial)
    {
        var at = start == 0 ? image : $"{image}@@{start}";
        List<string> shape = ["-i", at, "-T", Number(bytes / SectorBytes), "-h", "64", "-s", "32", "-H", Number(start / SectorBytes), "-N", serial.ToString("x8", CultureInfo.InvariantCulture), "-v", label];
        if (isFat32) shape.AddRange(["-F", "-c", Number(ClusterSectors(bytes))]);
        await programs.RunAsync("mformat", [.. shape, "::"]);
        foreach (var folder in Folders()) await programs.RunAsync("mmd", "-i", at, $"::/{folder}");
        foreach (var (path, source) in _files) await programs.RunAsync("mcopy", "-i", at, source, $"::/{path}");
    }

    private static long ClusterSectors(long bytes)
    {
        for (var sectors = 8; sectors > 1; sectors /= 2)
            if (bytes / SectorBytes / sectors >= Fat32Clusters) return sectors;
        return 1;
    }

    private IEnumerable<string> Folders() => _files.Keys
        .SelectMany(path => path.Split('/')[..^1].Select((_, depth) => string.Join('/', path.Split('/')[..(depth + 1)])))
        .Distinct().Order(StringComparer.Ordinal);

    private static string Number(long value) => value.ToString(CultureInfo.InvariantCulture);
}
