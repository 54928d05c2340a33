// A disk-image file or device as the mapper reads it in tests.
using BootConsole.Core;

namespace BootConsole.Disks.Tests.UsedMaps;

internal sealed class ImageDisk : IDisk
{
    private readonly FileStream _file;

    internal ImageDisk(string path, long? length = null, int sectorBytes = 512)
    {
        _file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, bufferSize: 0);
        Info = new DiskInfo
        {
            Path = path,
            CanonicalPath = path,
            Length = length ?? _file.Length,
            SectorBytes = sectorBytes,
            PhysicalSectorBytes = sectorBytes,
            IsImageFile = !path.StartsWith("/dev/", StringComparison.Ordinal),
        };
    }

    public DiskInfo Info { get; }

    /// <summary>Reads that touch this range fail like a bad sector.</summary>
    internal ByteRange BadSectors { get; init; }

    public void Read(long offset, Span<byte> buffer)
    {
        if (BadSectors.Overlaps(new ByteRange(offset, buffer.Length))) throw new DiskFault("bad sector") { Range = BadSectors };
        if (offset + buffer.Length > Info.Length) throw new DiskFault("the disk ends early");
        var done = 0;
        while (done < buffer.Length)
        {
            var count = RandomAccess.Read(_file.SafeFileHandle, buffer[done..], offset + done);
            if (count == 0) throw new DiskFault("the disk ends early");
            done += count;
        }
    }

    public void Dispose() => _file.Dispose();
}
