// Where a disk keeps what makes it bootable: zeroed first in a restore, written last.
using BootConsole.Core;

namespace BootConsole.Disks;

/// <summary>
/// The two ends of a restore's target. Zeroing them first makes sure that a half-restored disk cannot boot into a mixture; they are written after everything
/// else was read back.
/// </summary>
/// <param name="Start">From the first byte: LBA 0 with the MBR, the primary GPT and its entries.</param>
/// <param name="End">To the last byte: the backup GPT at the target's true end.</param>
public readonly record struct ProtectedRanges(ByteRange Start, ByteRange End)
{
    // UEFI 2.10, section 5.3.1: at least 16,384 bytes are reserved for the entries.
    private const int EntriesBytesMinimum = 16 << 10;
    private const long StartBytesMaximum = 16 << 20;
    private const long PartitionEdgeBytes = 1 << 20;

    /// <summary>The ranges of a whole disk.</summary>
    /// <param name="diskBytes">True length of the target.</param>
    /// <param name="sectorBytes">Its logical sector size.</param>
    /// <param name="layouts">The tables that matter: the image's, and the one the target has now. Larger entry arrays than usual widen the ranges.</param>
    public static ProtectedRanges ForDisk(long diskBytes, int sectorBytes, params IEnumerable<DiskLayout> layouts)
    {
        var tables = layouts.Select(layout => layout.Gpt).OfType<Tables.GptTable>().ToArray();
        var entries = WholeSectors(tables.Select(table => table.Header.ArrayBytes).Append(EntriesBytesMinimum).Max(), sectorBytes);
        // The primary entries may stand far behind their header; a table that was read from its backup does not say where.
        var primaryEnds = tables.Where(table => table.Header.MyLba == 1).Select(table => table.Header.EntriesLba * sectorBytes + entries);
        var start = primaryEnds.Where(end => end <= StartBytesMaximum).Append(2L * sectorBytes + entries).Max();
        return Ends(new ByteRange(0, diskBytes), start, entries + sectorBytes);
    }

    /// <summary>The ranges of one partition: its first and last MiB, where file systems have their superblocks and backup boot sectors.</summary>
    public static ProtectedRanges ForPartition(ByteRange partition) => Ends(partition, PartitionEdgeBytes, PartitionEdgeBytes);

    private static ProtectedRanges Ends(ByteRange whole, long startBytes, long endBytes)
    {
        var start = new ByteRange(whole.Start, Math.Min(startBytes, whole.Length));
        return new ProtectedRanges(start, ByteRange.FromEnds(Math.Max(start.End, whole.End - endBytes), whole.End));
    }

    private static long WholeSectors(int bytes, int sectorBytes) => ((long)bytes + sectorBytes - 1) / sectorBytes * sectorBytes;
}
