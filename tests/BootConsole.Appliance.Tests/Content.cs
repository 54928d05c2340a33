// What files and devices hold.
using System.Security.Cryptography;
using BootConsole.Host;

namespace BootConsole.Appliance.Tests;

/// <summary>Hashes and pieces of files.</summary>
internal static class Content
{
    /// <summary>SHA-256 of a file, as sha256sum prints it.</summary>
    internal static string Hash(string path)
    {
        using var file = File.OpenRead(path);
        return Convert.ToHexStringLower(SHA256.HashData(file));
    }

    /// <summary>Bytes of a file or device.</summary>
    internal static byte[] Read(string path, long start, int count)
    {
        // Not a FileStream: it would lock the file, and the program under test could not have it.
        using var file = LinuxFile.Open(path, OpenFor.Reading);
        var bytes = new byte[count];
        Assert.Equal(count, file.ReadAt(start, bytes));
        return bytes;
    }

    /// <summary>True when neither end of a disk holds a partition table any more.</summary>
    internal static bool HasNoTables(string disk, long bytes) =>
        !Read(disk, 0, 34 * 512).AsSpan().ContainsAnyExcept((byte)0) && !Read(disk, bytes - (33 * 512), 33 * 512).AsSpan().ContainsAnyExcept((byte)0);
}
