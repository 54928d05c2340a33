// A table as bytes and back (docs/format.md, "Table"): fixed header, sources, then 48 bytes a row, all little-endian.
using System.Buffers.Binary;
using System.Text;
using BootConsole.Core;

namespace BootConsole.Images;

/// <summary>Writes and reads the plain bytes of tables. Reading treats the bytes as hostile.</summary>
public static class TableFormat
{
    /// <summary>Version written and read.</summary>
    public const int Version = 1;

    private const int HeaderBytes = 128, RowBytes = 48, MaxSources = ushort.MaxValue - 1;
    private static ReadOnlySpan<byte> Magic => "BCTABLE\n"u8;

    /// <summary>Longest plain table: rows, header, and 2,048 sources of the longest id.</summary>
    public const int MaxBytes = HeaderBytes + ImageId.MaxLength + ChunkTable.MaxRows * RowBytes + 2048 * (52 + ImageId.MaxLength);

    /// <summary>Lays a table out as bytes.</summary>
    public static byte[] Write(ChunkTable table)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(table.Rows.Count, ChunkTable.MaxRows);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(table.Sources.Count, MaxSources);
        var idBytes = Encoding.ASCII.GetBytes(table.Image.Text);
        var sources = table.Sources.Select(WriteSource).ToArray();
        var bytes = new byte[HeaderBytes + idBytes.Length + sources.Sum(source => source.Length) + table.Rows.Count * RowBytes];
        var span = bytes.AsSpan();
        Magic.CopyTo(span);
        BinaryPrimitives.WriteInt32LittleEndian(span[8..], Version);
        BinaryPrimitives.WriteInt32LittleEndian(span[12..], table.Disk);
        BinaryPrimitives.WriteUInt32LittleEndian(span[16..], table.Name.FirstChunk);
        BinaryPrimitives.WriteInt32LittleEndian(span[20..], table.Name.Attempt);
        BinaryPrimitives.WriteInt32LittleEndian(span[24..], table.Rows.Count);
        BinaryPrimitives.WriteInt32LittleEndian(span[28..], table.ChunkBytes);
        BinaryPrimitives.WriteInt64LittleEndian(span[32..], table.SegmentLength);
        table.SegmentHash.CopyTo(span[40..]);
        table.KeyId.CopyTo(span[72..]);
        BinaryPrimitives.WriteInt32LittleEndian(span[104..], table.Sources.Count);
        BinaryPrimitives.WriteInt32LittleEndian(span[108..], idBytes.Length);
        var position = HeaderBytes;
        foreach (var part in (byte[][])[idBytes, .. sources])
        {
            part.CopyTo(span[position..]);
            position += part.Length;
        }

        foreach (var row in table.Rows)
        {
            WriteRow(row, span[position..]);
            position += RowBytes;
        }

        return bytes;
    }

    /// <summary>Reads a table.</summary>
    /// <param name="bytes">The plain bytes; hostile.</param>
    /// <param name="which">The file's name for the fault.</param>
    /// <exception cref="CorruptFault">Not a table, of another version, or with values that cannot be.</exception>
    public static ChunkTable Read(ReadOnlySpan<byte> bytes, string which)
    {
        if (bytes.Length < HeaderBytes || !bytes.StartsWith(Magic)) throw Bad(which, "it does not start like a table");
        var version = BinaryPrimitives.ReadInt32LittleEndian(bytes[8..]);
        if (version != Version)
            throw new CorruptFault("the table is of another version of the format") { Which = which, Expected = $"version {Version}", Found = $"version {version}" };
        var attempt = BinaryPrimitives.ReadInt32LittleEndian(bytes[20..]);
        var rowCount = BinaryPrimitives.ReadInt32LittleEndian(bytes[24..]);
        var sourceCount = BinaryPrimitives.ReadInt32LittleEndian(bytes[104..]);
        var idLength = BinaryPrimitives.ReadInt32LittleEndian(bytes[108..]);
        if (attempt is < 1 or > SegmentName.MaxAttempt) throw Bad(which, "its attempt number is impossible");
        if (rowCount is < 1 or > ChunkTable.MaxRows) throw Bad(which, "its row count is impossible");
        if (sourceCount is < 0 or > MaxSources) throw Bad(which, "its source count is impossible");
        if (bytes[112..HeaderBytes].ContainsAnyExcept((byte)0)) throw Bad(which, "its reserved bytes are not zero");
        var position = HeaderBytes;
        var image = ReadId(bytes, ref position, idLength, which);
        var sources = new List<SegmentReference>();
        for (var i = 0; i < sourceCount; i++) sources.Add(ReadSource(bytes, ref position, which));
        if (bytes.Length - position != (long)rowCount * RowBytes) throw Bad(which, "its length does not fit its row count");
        var rows = new ChunkRow[rowCount];
        for (var i = 0; i < rowCount; i++) rows[i] = ReadRow(bytes.Slice(position + i * RowBytes, RowBytes), sourceCount, which);
        return new ChunkTable
        {
            Image = image,
            Disk = BinaryPrimitives.ReadInt32LittleEndian(bytes[12..]),
            Name = new SegmentName(BinaryPrimitives.ReadUInt32LittleEndian(bytes[16..]), attempt),
            ChunkBytes = BinaryPrimitives.ReadInt32LittleEndian(bytes[28..]),
            SegmentLength = BinaryPrimitives.ReadInt64LittleEndian(bytes[32..]),
            SegmentHash = new ChunkHash(bytes.Slice(40, ChunkHash.Bytes)),
            KeyId = new ChunkHash(bytes.Slice(72, ChunkHash.Bytes)),
            Sources = sources,
            Rows = rows,
        };
    }

    private static byte[] WriteSource(SegmentReference source)
    {
        var bytes = new byte[52 + source.Image.Text.Length];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, source.Disk);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(4), source.Name.FirstChunk);
        BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(8), checked((ushort)source.Name.Attempt));
        BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(10), checked((ushort)source.Image.Text.Length));
        BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(12), source.Length);
        source.Hash.CopyTo(bytes.AsSpan(20));
        Encoding.ASCII.GetBytes(source.Image.Text, bytes.AsSpan(52));
        return bytes;
    }

    private static SegmentReference ReadSource(ReadOnlySpan<byte> bytes, ref int position, string which)
    {
        if (bytes.Length - position < 52) throw Bad(which, "it ends inside its sources");
        var fixedPart = bytes[position..];
        var disk = BinaryPrimitives.ReadInt32LittleEndian(fixedPart);
        var attempt = BinaryPrimitives.ReadUInt16LittleEndian(fixedPart[8..]);
        var length = BinaryPrimitives.ReadInt64LittleEndian(fixedPart[12..]);
        if (disk < 0 || attempt is < 1 or > SegmentName.MaxAttempt || length <= 0) throw Bad(which, "a source is impossible");
        var name = new SegmentName(BinaryPrimitives.ReadUInt32LittleEndian(fixedPart[4..]), attempt);
        var hash = new ChunkHash(fixedPart.Slice(20, ChunkHash.Bytes));
        position += 52;
        return new SegmentReference(ReadId(bytes, ref position, BinaryPrimitives.ReadUInt16LittleEndian(fixedPart[10..]), which), disk, name, length, hash);
    }

    private static ImageId ReadId(ReadOnlySpan<byte> bytes, ref int position, int length, string which)
    {
        if (length is < 1 or > ImageId.MaxLength || bytes.Length - position < length) throw Bad(which, "an image id has an impossible length");
        if (!ImageId.TryParse(Encoding.Latin1.GetString(bytes.Slice(position, length)), out var id)) throw Bad(which, "an image id is not one");
        position += length;
        return id;
    }

    private static void WriteRow(ChunkRow row, Span<byte> target)
    {
        target[0] = (byte)row.Kind;
        target[1] = 0;
        BinaryPrimitives.WriteUInt16LittleEndian(target[2..], row.Source);
        BinaryPrimitives.WriteInt32LittleEndian(target[4..], row.StoredBytes);
        BinaryPrimitives.WriteInt64LittleEndian(target[8..], row.Offset);
        row.Hash.CopyTo(target[16..]);
    }

    private static ChunkRow ReadRow(ReadOnlySpan<byte> bytes, int sourceCount, string which)
    {
        var row = new ChunkRow(
            (ChunkKind)bytes[0],
            BinaryPrimitives.ReadUInt16LittleEndian(bytes[2..]),
            BinaryPrimitives.ReadInt64LittleEndian(bytes[8..]),
            BinaryPrimitives.ReadInt32LittleEndian(bytes[4..]),
            new ChunkHash(bytes[16..]));
        if (row.Kind is < ChunkKind.Data or > ChunkKind.Unreadable || bytes[1] != 0) throw Bad(which, "a row is of an unknown kind");
        if (row.Source > sourceCount || (row.Kind == ChunkKind.Same) != (row.Source > 0)) throw Bad(which, "a row names a source that is not there");
        if (row.Offset < 0 || row.StoredBytes < 0 || row.Offset > long.MaxValue - row.StoredBytes) throw Bad(which, "a row lies nowhere");
        if (row.HasContent && row.StoredBytes == 0) throw Bad(which, "a row with content has no frame");
        return row;
    }

    private static CorruptFault Bad(string which, string found) => new("the table is damaged") { Which = which, Found = found };
}
