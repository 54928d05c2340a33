// Zeros written as bytes, for disks that have no better way.
using BootConsole.Core;
using BootConsole.Host;

namespace BootConsole.Disks.Access;

/// <summary>Writes zeros over a range in pieces of one MiB.</summary>
internal static class ZeroWriter
{
    private const int PieceBytes = 1 << 20;

    internal static void Write(DiskHandle handle, ByteRange range)
    {
        using var zeros = new AlignedMemory((int)Math.Min(PieceBytes, range.Length));
        zeros.GetSpan().Clear();
        for (var position = range.Start; position < range.End; position += zeros.Memory.Length)
            handle.Write(position, zeros.GetSpan()[..(int)Math.Min(zeros.Memory.Length, range.End - position)]);
    }
}
