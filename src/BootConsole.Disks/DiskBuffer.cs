// A buffer that disks read into and write from without copying.
using System.Buffers;
using BootConsole.Host;

namespace BootConsole.Disks;

/// <summary>Buffers for direct I/O.</summary>
public static class DiskBuffer
{
    /// <summary>Takes a buffer of <paramref name="bytes"/> bytes at an address that fits every disk. Not cleared. The caller disposes it.</summary>
    public static IMemoryOwner<byte> Allocate(int bytes) => new AlignedMemory(bytes);
}
