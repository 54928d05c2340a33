// One record of the master file table: its fixups undone, its attributes listed.
using System.Buffers.Binary;

namespace BootConsole.Disks.UsedMaps;

/// <summary>The kinds of attribute that matter here.</summary>
internal enum NtfsAttributeType : uint
{
    AttributeList = 0x20,
    FileName = 0x30,
    VolumeInformation = 0x70,
    Data = 0x80,
    End = 0xFFFFFFFF,
}

/// <summary>One attribute inside a record.</summary>
/// <param name="Type">Its kind.</param>
/// <param name="IsNamed">True for a named stream.</param>
/// <param name="IsResident">True when its value lies in the record.</param>
/// <param name="Flags">Compressed (low byte), encrypted 0x4000, sparse 0x8000.</param>
/// <param name="Bytes">The whole attribute.</param>
internal sealed record NtfsAttribute(NtfsAttributeType Type, bool IsNamed, bool IsResident, ushort Flags, ReadOnlyMemory<byte> Bytes)
{
    /// <summary>First cluster of the stream that this attribute describes (not resident).</summary>
    internal long FirstVcn => Long(16);

    /// <summary>Length of the stream's value in bytes (not resident).</summary>
    internal long DataBytes => Long(48);

    /// <summary>Bytes of it that were ever written; the rest reads as zeros (not resident).</summary>
    internal long InitializedBytes => Long(56);

    /// <summary>The value (resident).</summary>
    internal ReadOnlyMemory<byte> Value
    {
        get
        {
            if (Bytes.Length < 24) throw NtfsRecord.Damaged();
            var length = BinaryPrimitives.ReadUInt32LittleEndian(Bytes.Span[16..]);
            var offset = BinaryPrimitives.ReadUInt16LittleEndian(Bytes.Span[20..]);
            return offset + (long)length <= Bytes.Length ? Bytes.Slice(offset, (int)length) : throw NtfsRecord.Damaged();
        }
    }

    /// <summary>The encoded runs (not resident).</summary>
    internal ReadOnlySpan<byte> MappingPairs
    {
        get
        {
            if (Bytes.Length < 64) throw NtfsRecord.Damaged();
            var offset = BinaryPrimitives.ReadUInt16LittleEndian(Bytes.Span[32..]);
            return offset >= 64 && offset <= Bytes.Length ? Bytes.Span[offset..] : throw NtfsRecord.Damaged();
        }
    }

    private long Long(int offset) => Bytes.Length >= 64 ? BinaryPrimitives.ReadInt64LittleEndian(Bytes.Span[offset..]) : throw NtfsRecord.Damaged();
}

/// <summary>A file record in use.</summary>
internal sealed class NtfsRecord
{
    private const int StrideBytes = 512;
    private const int HeaderBytes = 42;
    private readonly ReadOnlyMemory<byte> _bytes;

    private NtfsRecord(ReadOnlyMemory<byte> bytes) => _bytes = bytes;

    /// <summary>The record that this one continues; 0 when it stands for itself.</summary>
    internal long BaseRecord => BinaryPrimitives.ReadInt64LittleEndian(_bytes.Span[32..]) & 0xFFFF_FFFF_FFFF;

    /// <summary>Undoes the fixups of a record in place and opens it.</summary>
    /// <returns>Null when the record is not in use.</returns>
    /// <exception cref="UnprovenMapException">It is in use and torn or damaged.</exception>
    internal static NtfsRecord? Open(Memory<byte> bytes)
    {
        var span = bytes.Span;
        if (span[..4].SequenceEqual("BAAD"u8)) throw Damaged();
        if (!span[..4].SequenceEqual("FILE"u8) || (span[22] & 1) == 0) return null;
        int offset = BinaryPrimitives.ReadUInt16LittleEndian(span[4..]), count = BinaryPrimitives.ReadUInt16LittleEndian(span[6..]);
        if (count != span.Length / StrideBytes + 1 || offset < HeaderBytes || offset + 2 * count > StrideBytes - 2) throw Damaged();
        // The last two bytes of every 512 were replaced by a number that shows a torn write; the true ones are kept behind the header.
        for (var i = 1; i < count; i++)
        {
            var end = span.Slice(i * StrideBytes - 2, 2);
            if (!end.SequenceEqual(span.Slice(offset, 2))) throw Damaged();
            span.Slice(offset + 2 * i, 2).CopyTo(end);
        }

        return new NtfsRecord(bytes);
    }

    /// <summary>The attributes, in their order.</summary>
    /// <exception cref="UnprovenMapException">Lengths contradict each other.</exception>
    internal IEnumerable<NtfsAttribute> Attributes()
    {
        int position = BinaryPrimitives.ReadUInt16LittleEndian(_bytes.Span[20..]);
        while (true)
        {
            if (position > _bytes.Length - 4) throw Damaged();
            var type = (NtfsAttributeType)BinaryPrimitives.ReadUInt32LittleEndian(_bytes.Span[position..]);
            if (type == NtfsAttributeType.End) yield break;
            if (position > _bytes.Length - 16) throw Damaged();
            var length = BinaryPrimitives.ReadUInt32LittleEndian(_bytes.Span[(position + 4)..]);
            if (length < 16 || (length & 7) != 0 || length > _bytes.Length - position) throw Damaged();
            var attribute = _bytes.Slice(position, (int)length);
            yield return new NtfsAttribute(
                type,
                attribute.Span[9] != 0,
                attribute.Span[8] == 0,
                BinaryPrimitives.ReadUInt16LittleEndian(attribute.Span[12..]),
                attribute);
            position += (int)length;
        }
    }

    internal static UnprovenMapException Damaged() => UnprovenMapException.Tables("a damaged NTFS file record");
}
