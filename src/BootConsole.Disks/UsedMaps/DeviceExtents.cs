// Reads the allocated extents of a btrfs device from a dump of its device tree.
using System.Globalization;
using BootConsole.Core;

namespace BootConsole.Disks.UsedMaps;

/// <summary>
/// Takes the lines of <c>btrfs inspect-internal dump-tree -t dev</c> (btrfs-progs 6.2). A device extent is one piece of one copy of a chunk, in two lines that matter:
/// <c>item 4 key (1 DEV_EXTENT 75497472) itemoff …</c>, and below it <c>chunk_objectid 256 chunk_offset 30408704 length 36700160</c>. Other items (statistics, a
/// replacement of the device) and the tree's nodes have lines of other forms. The dump holds numbers only, no text from the disk.
/// </summary>
internal sealed class DeviceExtents(BtrfsSuperblock superblock, UsedRangeBuilder used)
{
    private const string TreeLine = "device tree key (DEV_TREE ROOT_ITEM 0)", ExtentKey = " DEV_EXTENT ", LengthLine = "chunk_objectid ", LengthWord = " length ";

    private bool _isTree;
    private long _start = -1;
    private long _end;
    private long _sum;

    internal void Take(ReadOnlySpan<char> line)
    {
        var text = line.Trim();
        if (text.StartsWith(TreeLine)) _isTree = !_isTree ? true : throw Garbage();
        else if (text.StartsWith("item ")) BeginItem(text);
        else if (text.StartsWith(LengthLine)) EndExtent(text);
    }

    /// <summary>Checks that the extents are all that the superblock counts.</summary>
    internal void Finish()
    {
        if (!_isTree || _start >= 0 || _sum != superblock.AllocatedBytes) throw Garbage();
    }

    private void BeginItem(ReadOnlySpan<char> item)
    {
        // An extent without its length has come before.
        if (!_isTree || _start >= 0) throw Garbage();
        var open = item.IndexOf('(');
        var close = item.IndexOf(')');
        if (open < 0 || close < open) throw Garbage();
        var key = item[(open + 1)..close];
        var type = key.IndexOf(ExtentKey);
        if (type < 0) return;
        _start = Number(key[(type + ExtentKey.Length)..]);
        if (Number(key[..type]) != superblock.DeviceId || _start < _end || _start % superblock.SectorBytes != 0) throw Garbage();
    }

    private void EndExtent(ReadOnlySpan<char> line)
    {
        if (_start < 0) throw Garbage();
        var word = line.IndexOf(LengthWord);
        var length = word < 0 ? 0 : Number(line[(word + LengthWord.Length)..]);
        if (length <= 0 || length % superblock.SectorBytes != 0 || length > superblock.DeviceBytes - _start) throw Garbage();
        used.Add(new ByteRange(_start, length));
        (_end, _start, _sum) = (_start + length, -1, _sum + length);
    }

    private static long Number(ReadOnlySpan<char> text) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : throw Garbage();

    private static UnprovenMapException Garbage() => new("the listing of the btrfs device tree does not agree with the file system's own count of allocated bytes");
}
