// A disk in memory, with bad sectors where a test wants them.
using BootConsole.Core;

namespace BootConsole.Disks.Tests;

internal sealed class MemoryDisk(byte[] bytes, int sectorBytes = 512, int physicalSectorBytes = 512) : IDisk
{
    public DiskInfo Info { get; } = new()
    {
        Path = "memory",
        CanonicalPath = "memory",
        Length = bytes.Length,
        SectorBytes = sectorBytes,
        PhysicalSectorBytes = physicalSectorBytes,
        IsImageFile = true,
    };

    public RangeSet Bad { get; init; } = RangeSet.Empty;

    public DiskProblem Problem { get; init; } = DiskProblem.BadSectors;

    public List<ByteRange> Reads { get; } = [];

    public void Read(long offset, Span<byte> buffer)
    {
        var range = new ByteRange(offset, buffer.Length);
        Reads.Add(range);
        if (range.End > bytes.Length) throw new DiskFault("past the end") { Range = range };
        if (Bad.Overlaps(range)) throw new DiskFault("bad") { Problem = Problem, Range = range };
        bytes.AsSpan((int)offset, buffer.Length).CopyTo(buffer);
    }

    public void Dispose() { }
}
