// What a disk-image file is as a disk: its length, its sector size, who it is.
using BootConsole.Core;
using BootConsole.Disks.Tables;
using BootConsole.Host;

namespace BootConsole.Disks.Access;

/// <summary>Describes image files as disks.</summary>
public static class ImageFileProbe
{
    /// <summary>Sector size when nothing tells: what nearly all disks show.</summary>
    public const int DefaultSectorBytes = 512;

    /// <summary>Describes an existing image file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="sectorBytes">Its logical sector size when a person said it; null to find it by the GPT header, else 512.</param>
    /// <exception cref="RefusedFault">It is missing, not a regular file, empty, or not made of whole sectors.</exception>
    /// <exception cref="DiskFault">It cannot be read.</exception>
    public static DiskInfo Describe(string path, int? sectorBytes = null)
    {
        try
        {
            var canonicalPath = LinuxNames.Resolve(path) ?? throw Refused(path, "there is no such file");
            var identity = FileIdentity.Of(canonicalPath) ?? throw Refused(path, "there is no such file");
            if (identity.Kind != FileKind.Regular) throw Refused(path, "this is neither a disk nor a disk-image file");
            using var file = LinuxFile.Open(canonicalPath, OpenFor.Reading);
            var sector = sectorBytes ?? SectorSize.Find(file) ?? DefaultSectorBytes;
            var length = file.Length;
            if (length == 0) throw Refused(path, "the image file is empty");
            RequireWholeSectors(path, length, sector);
            return new DiskInfo
            {
                Path = path,
                CanonicalPath = canonicalPath,
                Length = length,
                SectorBytes = sector,
                PhysicalSectorBytes = sector,
                IsImageFile = true,
                Attachment = "file",
                Identity = identity,
            };
        }
        catch (SystemCallException cause)
        {
            throw OpenErrors.Fault(cause);
        }
    }

    /// <summary>Refuses a length that is not made of whole sectors: its last bytes would have no place on a disk.</summary>
    /// <exception cref="RefusedFault">It is not.</exception>
    /// <exception cref="UsageFault">The sector size is impossible.</exception>
    internal static void RequireWholeSectors(string path, long length, int sectorBytes)
    {
        if (!SectorSize.IsPossible(sectorBytes))
            throw new UsageFault("the sector size is impossible") { Which = path, Expected = "512, 1024, 2048 or 4096", Found = $"{sectorBytes}" };
        if (length % sectorBytes == 0) return;
        throw new RefusedFault("the image file is not made of whole sectors")
        {
            Which = path,
            Expected = $"a length that is a multiple of {sectorBytes} bytes",
            Found = $"{length} bytes, {length % sectorBytes} of them in a last partial sector",
            Remedy = "The file may be cut short, or its sector size is another one (--sector-size).",
        };
    }

    private static RefusedFault Refused(string path, string what) => new(what) { Which = path };
}
