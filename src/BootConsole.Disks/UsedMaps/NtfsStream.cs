// The bytes of an NTFS stream, read through its runs.
using BootConsole.Core;

namespace BootConsole.Disks.UsedMaps;

/// <summary>A stream that is neither compressed nor encrypted nor has holes: the tables of the volume itself.</summary>
internal sealed class NtfsStream
{
    private readonly PartitionReader _reader;
    private readonly int _clusterBytes;
    private readonly List<NtfsRun> _runs;

    /// <param name="reader">Reads the partition.</param>
    /// <param name="boot">Geometry.</param>
    /// <param name="runs">Its runs, from the first cluster on without a gap.</param>
    /// <param name="length">Its length in bytes.</param>
    /// <exception cref="UnprovenMapException">The runs have holes or gaps, or are shorter than the length.</exception>
    internal NtfsStream(PartitionReader reader, NtfsBootSector boot, List<NtfsRun> runs, long length)
    {
        (_reader, _clusterBytes, _runs, Length) = (reader, boot.ClusterBytes, runs, length);
        var vcn = 0L;
        foreach (var run in runs)
        {
            if (run.IsHole || run.Vcn != vcn) throw UnprovenMapException.Tables("gaps in a table of the NTFS volume");
            vcn = checked(vcn + run.Count);
        }

        if (length < 0 || length > checked(vcn * _clusterBytes)) throw UnprovenMapException.Tables("a table of the NTFS volume is too short");
    }

    /// <summary>Length in bytes.</summary>
    internal long Length { get; }

    internal void Read(long position, Span<byte> buffer)
    {
        if (position < 0 || position > Length - buffer.Length) throw UnprovenMapException.Tables("they point behind the end of a table");
        while (!buffer.IsEmpty)
        {
            var run = RunAt(position / _clusterBytes);
            var inRun = position - run.Vcn * _clusterBytes;
            var count = (int)Math.Min(buffer.Length, run.Count * _clusterBytes - inRun);
            _reader.Read(run.Lcn * _clusterBytes + inRun, buffer[..count]);
            position += count;
            buffer = buffer[count..];
        }
    }

    private NtfsRun RunAt(long vcn)
    {
        int low = 0, high = _runs.Count;
        while (high - low > 1)
        {
            var middle = low + (high - low) / 2;
            if (_runs[middle].Vcn <= vcn) low = middle;
            else high = middle;
        }

        return _runs[low];
    }
}
