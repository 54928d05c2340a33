// The bytes of both ends of a disk, held back during the data pass and written when everything else was read back.
using BootConsole.Core;
using BootConsole.Disks.Tables;

namespace BootConsole.Jobs;

/// <summary>Collects what belongs at the protected places; zeros where the image is shorter.</summary>
internal sealed class HeldTables(TargetShape shape)
{
    private readonly (ByteRange Place, byte[] Bytes)[] _kept =
        [.. shape.Ends.SelectMany(ends => (ByteRange[])[ends.Start, ends.End]).Where(place => !place.IsEmpty).Select(place => (place, new byte[place.Length]))];

    /// <summary>The places and their bytes: start and end of each, in the order of <see cref="TargetShape.Ends"/>.</summary>
    internal IReadOnlyList<(ByteRange Place, byte[] Bytes)> All => _kept;

    /// <summary>What is held for one of the places.</summary>
    internal ReadOnlySpan<byte> Of(ByteRange place) => place.IsEmpty ? [] : Array.Find(_kept, kept => kept.Place == place).Bytes;

    /// <summary>Keeps the protected part of a chunk's content.</summary>
    /// <param name="range">The chunk.</param>
    /// <param name="content">Its bytes.</param>
    /// <param name="but">What of it is held already and stays.</param>
    internal void Hold(ByteRange range, ReadOnlySpan<byte> content, RangeSet? but = null)
    {
        foreach (var (place, kept) in _kept)
        {
            foreach (var common in (but ?? RangeSet.Empty).Complement(place.Intersect(range)).Ranges)
                content.Slice((int)(common.Start - range.Start), (int)common.Length).CopyTo(kept.AsSpan((int)(common.Start - place.Start)));
        }
    }

    /// <summary>Keeps the protected part of a range whose bytes are all <paramref name="value"/>.</summary>
    internal void HoldUniform(ByteRange range, byte value)
    {
        foreach (var (place, kept) in _kept)
        {
            var common = place.Intersect(range);
            if (!common.IsEmpty) kept.AsSpan((int)(common.Start - place.Start), (int)common.Length).Fill(value);
        }
    }

    /// <summary>Puts tables made for the target over what the image has. What lies at neither end was zeroed before (<see cref="TargetShape.Erased"/>).</summary>
    internal void Replace(IReadOnlyList<TableWrite> writes)
    {
        foreach (var write in writes) Hold(write.Range, write.Bytes.Span);
    }
}
