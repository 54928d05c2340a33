// Reading a worn disk: what can be read is read, what cannot is padded and listed.
using BootConsole.Core;

namespace BootConsole.Disks.Access;

/// <summary>
/// Reads ranges of a disk in ascending order. A range that fails is read again in blocks, a failing block in physical sectors, a failing physical sector a few
/// times and then in logical sectors. Long unreadable runs are skipped in growing steps (see <see cref="RetryLimits"/>); what was skipped is padded and listed
/// as unreadable like all else. For one thread.
/// </summary>
public sealed class RetryingReader
{
    private readonly IDisk _disk;
    private readonly RetryLimits _limits;
    private readonly int _sectorBytes;
    private readonly long _maximumSkipBytes;
    private readonly List<ByteRange> _unreadable = [];
    private readonly List<ByteRange> _inThisRead = [];
    private long _nextOffset;

    // The present run of unreadable bytes: sectors that failed in a row, bytes given up, and how far the present skip reaches.
    private int _failedInRow;
    private long _runBytes;
    private long _skipEnd;

    /// <summary>Reads <paramref name="disk"/> with the given patience.</summary>
    public RetryingReader(IDisk disk, RetryLimits limits)
    {
        _disk = disk;
        _limits = limits;
        _sectorBytes = Math.Max(disk.Info.PhysicalSectorBytes, disk.Info.SectorBytes);
        ArgumentOutOfRangeException.ThrowIfLessThan(limits.BlockBytes, _sectorBytes, nameof(limits));
        _maximumSkipBytes = limits.MaximumSkipBytes > 0 ? limits.MaximumSkipBytes : Math.Max(1 << 20, disk.Info.Length / 1024);
    }

    /// <summary>All ranges found unreadable so far, in ascending order, touching ones joined.</summary>
    public RangeSet Unreadable => RangeSet.Of(_unreadable);

    /// <summary>How many reads have failed so far.</summary>
    public int FailedReads { get; private set; }

    /// <summary>Fills <paramref name="buffer"/> with the bytes at <paramref name="offset"/>, unreadable ones padded.</summary>
    /// <returns>The unreadable ranges (positions on the disk); empty when all is well.</returns>
    /// <exception cref="DiskFault">The disk is gone, failed in another way than by bad sectors, or a limit is reached.</exception>
    public IReadOnlyList<ByteRange> Read(long offset, Span<byte> buffer)
    {
        // A caller that goes back asks for bytes nobody gave up on.
        if (offset < _nextOffset) (_failedInRow, _runBytes, _skipEnd) = (0, 0, 0);
        _nextOffset = offset + buffer.Length;
        if (offset >= _skipEnd && _failedInRow < _limits.SectorsBeforeSkipping && TryRead(offset, buffer)) return [];
        _inThisRead.Clear();
        for (var position = offset; position < offset + buffer.Length;)
        {
            var rest = buffer[(int)(position - offset)..];
            position += position < _skipEnd ? GiveUp(position, rest[..(int)Math.Min(rest.Length, _skipEnd - position)])
                : _failedInRow >= _limits.SectorsBeforeSkipping ? Probe(position, rest)
                : ReadBlock(position, rest[..LengthTo(_limits.BlockBytes, position, rest.Length)]);
        }

        return RangeSet.Of(_inThisRead).Ranges;
    }

    /// <summary>Reads a block, or as much of it as is tried before skipping begins.</summary>
    /// <returns>How many bytes are settled, read or given up.</returns>
    private int ReadBlock(long position, Span<byte> block)
    {
        if (TryRead(position, block)) return block.Length;
        var done = 0;
        while (done < block.Length && _failedInRow < _limits.SectorsBeforeSkipping)
        {
            var length = LengthTo(_sectorBytes, position + done, block.Length - done);
            ReadSector(position + done, block.Slice(done, length));
            done += length;
        }

        return done;
    }

    private void ReadSector(long position, Span<byte> sector)
    {
        var isPatient = _failedInRow < _limits.PatientSectors;
        for (var attempt = 0; attempt < (isPatient ? _limits.AttemptsPerSector : 1); attempt++)
            if (TryRead(position, sector)) return;

        _failedInRow++;
        var logicalBytes = _disk.Info.SectorBytes;
        if (!isPatient || sector.Length <= logicalBytes)
        {
            GiveUp(position, sector);
            return;
        }

        // The physical sector may be smaller than the disk says (bridges of USB cases): then its other logical sectors can be read.
        for (var done = 0; done < sector.Length;)
        {
            var length = LengthTo(logicalBytes, position + done, sector.Length - done);
            if (!TryRead(position + done, sector.Slice(done, length))) GiveUp(position + done, sector.Slice(done, length));
            done += length;
        }
    }

    /// <summary>Inside a long unreadable run: tries one sector, and skips when it fails.</summary>
    /// <returns>How many bytes are settled: none after a success, for the block at this position is then read in full.</returns>
    private int Probe(long position, Span<byte> rest)
    {
        var length = LengthTo(_sectorBytes, position, rest.Length);
        if (TryRead(position, rest[..length])) return 0;
        _skipEnd = position + Math.Max(length, Math.Min(_runBytes, _maximumSkipBytes));
        return 0;
    }

    private int GiveUp(long position, Span<byte> bytes)
    {
        bytes.Fill(_limits.Pad);
        _runBytes += bytes.Length;
        _inThisRead.Add(new ByteRange(position, bytes.Length));
        if (_unreadable.Count > 0 && _unreadable[^1].End == position)
        {
            _unreadable[^1] = ByteRange.FromEnds(_unreadable[^1].Start, position + bytes.Length);
            return bytes.Length;
        }

        _unreadable.Add(new ByteRange(position, bytes.Length));
        return _unreadable.Count <= _limits.MaximumRanges ? bytes.Length : throw Exhausted("the disk has too many unreadable places", position);
    }

    private bool TryRead(long position, Span<byte> buffer)
    {
        try
        {
            _disk.Read(position, buffer);
        }
        catch (DiskFault fault) when (fault.Problem == DiskProblem.BadSectors)
        {
            FailedReads++;
            var range = new ByteRange(position, buffer.Length);
            _limits.ReadFailed?.Invoke(range);
            return FailedReads <= _limits.MaximumFailedReads ? false : throw Exhausted("too many reads of the disk failed", position);
        }

        _failedInRow = 0;
        _runBytes = 0;
        return true;
    }

    private DiskFault Exhausted(string what, long position) => new(what)
    {
        Which = _disk.Info.Path,
        Problem = DiskProblem.BadSectors,
        Range = new ByteRange(position, 0),
        Found = $"{FailedReads} failed reads, {_unreadable.Count} unreadable ranges of {ByteSize.Format(_unreadable.Sum(range => range.Length))} in all",
        Remedy = "The disk is failing. Rescue it with a tool made for that (ddrescue), then back up the rescued copy.",
    };

    /// <summary>Bytes from <paramref name="position"/> to the next multiple of <paramref name="unit"/>, at most <paramref name="limit"/>.</summary>
    private static int LengthTo(int unit, long position, int limit) => (int)Math.Min(limit, unit - position % unit);
}
