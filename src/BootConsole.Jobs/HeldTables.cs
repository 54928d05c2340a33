// The bytes of both ends of a disk, held back during the data pass and written when everything else was read back.
using BootConsole.Core;
using BootConsole.Disks.Tables;

namespace BootConsole.Jobs;

/// <summary>Collects what the image has at the protected places.</summary>
internal sealed class HeldTables(TargetShape shape)
{
    private readonly byte[] _head = new byte[shape.Head.Length];
    private readonly byte[] _tail = new byte[shape.Tail.Length];

    /// <summary>The bytes for the start of the target.</summary>
    internal ReadOnlyMemory<byte> Head => _head;

    /// <summary>The bytes for the end of the target; zeros where the image is shorter.</summary>
    internal ReadOnlyMemory<byte> Tail => _tail;

    /// <summary>Keeps the protected part of a chunk's content.</summary>
    internal void Hold(ByteRange range, ReadOnlySpan<byte> content)
    {
        foreach (var (place, kept) in Places())
        {
            var common = place.Intersect(range);
            if (!common.IsEmpty) content.Slice((int)(common.Start - range.Start), (int)common.Length).CopyTo(kept.AsSpan((int)(common.Start - place.Start)));
        }
    }

    /// <summary>Keeps the protected part of a range whose bytes are all <paramref name="value"/>.</summary>
    internal void HoldUniform(ByteRange range, byte value)
    {
        foreach (var (place, kept) in Places())
        {
            var common = place.Intersect(range);
            if (!common.IsEmpty) kept.AsSpan((int)(common.Start - place.Start), (int)common.Length).Fill(value);
        }
    }

    /// <summary>Puts tables made for the target's size over what the image has. What lies at neither end was zeroed before (<see cref="TargetShape.Erased"/>).</summary>
    internal void Replace(IReadOnlyList<TableWrite> writes)
    {
        foreach (var write in writes) Hold(write.Range, write.Bytes.Span);
    }

    private (ByteRange Place, byte[] Kept)[] Places() => [(shape.Head, _head), (shape.Tail, _tail)];
}
