// Reads the map that partclone writes with -D: a ddrescue domain log.
using System.Globalization;
using BootConsole.Core;

namespace BootConsole.Disks.UsedMaps;

/// <summary>
/// Takes the lines of a domain log: comments, one line <c>position ?</c>, then <c>position size +</c> (used) or <c>position size ?</c> (free) without a gap from 0
/// to the end of the last whole block (partclone 0.3.23, <c>src/main.c</c>). Anything else is refused: an unwritten line would be a lost file.
/// </summary>
internal sealed class DomainLog(long partitionBytes, UsedRangeBuilder used)
{
    private long _position;
    private long _statusPosition = -1;

    /// <summary>Bytes that the log covers so far.</summary>
    internal long CoveredBytes => _position;

    /// <summary>Bytes that it calls free.</summary>
    internal long FreeBytes { get; private set; }

    internal void Take(ReadOnlySpan<char> line)
    {
        if (line.IsEmpty || line[0] == '#') return;
        Span<Range> fields = stackalloc Range[4];
        var count = line.Split(fields, ' ', StringSplitOptions.RemoveEmptyEntries);
        if (count == 2 && _statusPosition < 0 && _position == 0 && line[fields[1]] is "?")
            _statusPosition = Number(line[fields[0]]);
        else if (count == 3 && _statusPosition >= 0)
            TakeRange(Number(line[fields[0]]), Number(line[fields[1]]), line[fields[2]]);
        else throw Garbage();
    }

    /// <summary>Checks that the log was complete.</summary>
    /// <param name="expectedBytes">What the file system covers by its own superblock.</param>
    internal void Finish(long expectedBytes)
    {
        if (_position != expectedBytes || _statusPosition != expectedBytes)
            throw new UnprovenMapException("the map of partclone does not cover the file system");
        used.Add(ByteRange.FromEnds(_position, partitionBytes));
    }

    private void TakeRange(long position, long size, ReadOnlySpan<char> status)
    {
        if (position != _position || size == 0 || size > partitionBytes - position) throw Garbage();
        if (status is "+") used.Add(new ByteRange(position, size));
        else if (status is "?") FreeBytes += size;
        else throw Garbage();
        _position += size;
    }

    private static long Number(ReadOnlySpan<char> text) =>
        text.StartsWith("0x") && text.Length <= 2 + 16 && ulong.TryParse(text[2..], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var number)
            && number <= long.MaxValue ? (long)number : throw Garbage();

    private static UnprovenMapException Garbage() => new("the map of partclone cannot be understood");
}
