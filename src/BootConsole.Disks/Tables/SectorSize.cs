// Which sector size an image file's disk had: its GPT header stands in the second and in the last sector.
using BootConsole.Core;
using BootConsole.Disks.Access;
using BootConsole.Host;

namespace BootConsole.Disks.Tables;

/// <summary>Logical sector sizes: which are possible, and which one a disk image was written with.</summary>
internal static class SectorSize
{
    private static readonly int[] Candidates = [512, 1024, 2048, 4096];

    internal static bool IsPossible(int bytes) => Candidates.Contains(bytes);

    /// <summary>Looks for a whole GPT header where each size would put it.</summary>
    /// <returns>The sector size; null when there is no GPT to tell.</returns>
    /// <exception cref="SystemCallException">The file cannot be read.</exception>
    internal static int? Find(LinuxFile file)
    {
        var length = file.Length;
        var sector = new byte[Candidates[^1]];
        foreach (var bytes in Candidates)
        {
            var lastLba = length / bytes - 1;
            if (lastLba > 1 && (IsHeaderAt(file, 1, sector.AsSpan(0, bytes)) || IsHeaderAt(file, lastLba, sector.AsSpan(0, bytes)))) return bytes;
        }

        return null;
    }

    private static bool IsHeaderAt(LinuxFile file, long lba, Span<byte> sector)
    {
        try
        {
            return file.ReadAt(lba * sector.Length, sector) == sector.Length && GptHeader.Parse(sector, lba) is not null;
        }
        catch (SystemCallException cause) when (DiskErrors.Classify(cause.Error) == DiskProblem.BadSectors)
        {
            // An image of a worn disk on a worn disk: the other copy may tell.
            return false;
        }
    }
}
