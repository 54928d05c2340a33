// Turns "unit used or free, one after the other" into used byte ranges: clusters of FAT tables, bits of bitmaps.
using System.Buffers.Binary;
using System.Numerics;
using BootConsole.Core;

namespace BootConsole.Disks.UsedMaps;

/// <summary>Takes the state of equally long allocation units in order and adds the used ones to a builder as ranges.</summary>
/// <param name="heap">The bytes of the units in the partition.</param>
/// <param name="unitBytes">Length of one unit.</param>
/// <param name="target">Gets the ranges.</param>
internal sealed class UnitRuns(ByteRange heap, long unitBytes, UsedRangeBuilder target)
{
    private readonly long _units = heap.Length / unitBytes;
    private long _next;
    private long _usedFrom = -1;

    /// <summary>Units marked used so far.</summary>
    internal long UsedUnits { get; private set; }

    /// <summary>True when every unit of the heap has been told.</summary>
    internal bool IsComplete => _next == _units;

    /// <summary>Says the state of the next <paramref name="count"/> units; those beyond the heap's end are ignored.</summary>
    internal void Add(bool used, long count = 1)
    {
        count = Math.Min(count, _units - _next);
        if (count <= 0) return;
        if (used && _usedFrom < 0) _usedFrom = _next;
        else if (!used) Close();
        if (used) UsedUnits += count;
        _next += count;
        if (IsComplete) Close();
    }

    /// <summary>Says the states of the next units from a bitmap, lowest bit of the lowest byte first, 1 = used.</summary>
    internal void AddBits(ReadOnlySpan<byte> bits)
    {
        for (; bits.Length >= sizeof(ulong); bits = bits[sizeof(ulong)..])
            AddWord(BinaryPrimitives.ReadUInt64LittleEndian(bits), 64);
        foreach (var one in bits) AddWord(one, 8);
    }

    private void AddWord(ulong word, int length)
    {
        for (var left = length; left > 0;)
        {
            var used = (word & 1) != 0;
            var run = Math.Min(left, BitOperations.TrailingZeroCount(used ? ~word : word));
            Add(used, run);
            left -= run;
            word = run < 64 ? word >> run : 0;
        }
    }

    private void Close()
    {
        if (_usedFrom >= 0) target.Add(new ByteRange(heap.Start + _usedFrom * unitBytes, (_next - _usedFrom) * unitBytes));
        _usedFrom = -1;
    }
}
