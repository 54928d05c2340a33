// A disk in memory: some bytes, then zeros to any length.
using BootConsole.Core;

namespace BootConsole.Disks.Tests.UsedMaps;

/// <param name="bytes">The first bytes; tests may change them.</param>
/// <param name="length">Length of the disk; the rest reads as zeros.</param>
internal sealed class MemoryDisk(byte[] bytes, long? length = null) : IDisk
{
    public DiskInfo Info { get; } = new()
    {
        Path = "/memory",
        CanonicalPath = "/memory",
        Length = length ?? bytes.Length,
        SectorBytes = 512,
        PhysicalSectorBytes = 512,
        IsImageFile = true,
    };

    public void Read(long offset, Span<byte> buffer)
    {
        if (offset < 0 || offset + buffer.Length > Info.Length) throw new DiskFault("the disk ends early");
        buffer.Clear();
        if (offset < bytes.Length) bytes.AsSpan((int)offset, (int)Math.Min(buffer.Length, bytes.Length - offset)).CopyTo(buffer);
    }

    public void Dispose()
    {
    }
}
