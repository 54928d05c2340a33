// Reads the free blocks of an ext file system from dumpe2fs' listing.
using System.Globalization;
using BootConsole.Core;

namespace BootConsole.Disks.UsedMaps;

/// <summary>
/// Takes the lines of <c>dumpe2fs</c> (e2fsprogs 1.47): for each group <c>Group 3: (Blocks 98304-131071) …</c>, then <c>  32703 free blocks, …</c>, then
/// <c>  Free blocks: 98369-100000, 100002</c>. The header before the groups repeats text from the disk as it is, line ends included ("Last mounted on"), so a line
/// proves nothing by its form: every group must come once, in order, with its exact blocks, and every count must agree.
/// </summary>
internal sealed class FreeBlockLists(ExtSuperblock superblock, UsedRangeBuilder used)
{
    private const string ListStart = "  Free blocks: ";

    private long _groups;
    private long _groupStart;
    private long _groupEnd = superblock.FirstBlock;
    private long _announced = -1;
    private bool _isListed = true;
    private long _usedFrom;

    /// <summary>Free blocks listed so far.</summary>
    internal long FreeBlocks { get; private set; }

    internal void Take(ReadOnlySpan<char> line)
    {
        if (line.StartsWith("Group ") && line.IndexOf(": (Blocks ") is > 0 and var colon) BeginGroup(line["Group ".Length..colon], line[(colon + ": (Blocks ".Length)..]);
        else if (_groups > 0 && line.StartsWith("  ") && line.IndexOf(" free blocks, ") is > 0 and var end) _announced = _announced < 0 ? Number(line[2..end]) : throw Garbage();
        else if (_groups > 0 && line.StartsWith(ListStart.AsSpan().TrimEnd())) TakeList(line[(ListStart.Length - 1)..]);
    }

    /// <summary>Checks that everything was there and closes the map.</summary>
    internal void Finish(long partitionBytes)
    {
        if (!_isListed || _groupEnd != superblock.Blocks || FreeBlocks != superblock.FreeBlocks) throw Garbage();
        used.Add(ByteRange.FromEnds(_usedFrom * superblock.BlockBytes, partitionBytes));
    }

    private void BeginGroup(ReadOnlySpan<char> number, ReadOnlySpan<char> blocks)
    {
        var (first, last) = Span(blocks[..Math.Max(0, blocks.IndexOf(')'))]);
        var expectedEnd = Math.Min(superblock.Blocks, _groupEnd + superblock.BlocksPerGroup);
        if (!_isListed || Number(number) != _groups || first != _groupEnd || last != expectedEnd - 1) throw Garbage();
        _groups++;
        _groupStart = first;
        _groupEnd = expectedEnd;
        _announced = -1;
        _isListed = false;
    }

    private void TakeList(ReadOnlySpan<char> list)
    {
        if (_isListed || _announced < 0) throw Garbage();
        var before = FreeBlocks;
        foreach (var item in list.Split(','))
        {
            var text = list[item].Trim();
            if (text.IsEmpty) continue;
            var (first, last) = Span(text);
            if (first < _usedFrom || first < _groupStart || last < first || last >= _groupEnd) throw Garbage();
            used.Add(ByteRange.FromEnds(_usedFrom * superblock.BlockBytes, first * superblock.BlockBytes));
            _usedFrom = last + 1;
            FreeBlocks += last + 1 - first;
        }

        if (FreeBlocks - before != _announced) throw Garbage();
        _isListed = true;
    }

    private static (long First, long Last) Span(ReadOnlySpan<char> text)
    {
        var dash = text.IndexOf('-');
        return dash < 0 ? (Number(text), Number(text)) : (Number(text[..dash]), Number(text[(dash + 1)..]));
    }

    private static long Number(ReadOnlySpan<char> text) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : throw Garbage();

    private static UnprovenMapException Garbage() => new("the listing of dumpe2fs does not agree with the file system's own counts");
}
