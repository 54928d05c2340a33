// The table sectors that an image's layout record keeps, as a disk of which the rest is not at hand.
using BootConsole.Core;
using BootConsole.Disks;

namespace BootConsole.Jobs;

/// <summary>Both ends of a disk, and sectors between them: those of logical partitions.</summary>
/// <param name="ends">Both ends.</param>
/// <param name="others">Start and content of the sectors between.</param>
internal sealed class KeptSectors(IDisk ends, IReadOnlyList<(long Start, byte[] Bytes)> others) : IDisk
{
    public DiskInfo Info => ends.Info;

    public void Read(long offset, Span<byte> buffer)
    {
        var wanted = new ByteRange(offset, buffer.Length);
        foreach (var (start, bytes) in others)
        {
            if (!new ByteRange(start, bytes.Length).Contains(wanted)) continue;
            bytes.AsSpan((int)(offset - start), buffer.Length).CopyTo(buffer);
            return;
        }

        ends.Read(offset, buffer);
    }

    public void Dispose() => ends.Dispose();
}
