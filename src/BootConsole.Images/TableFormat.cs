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

    /// <summary>Most sources of a table. A range that would need more gets several tables.</summary>
    public const int MaxSources = 16_384;

    private const int RowBytes = 48, SourceBytes = 52;

    /// <summary>Longest plain table: header, rows, and sources of the longest id.</summary>
    public const int MaxBytes = TableHeader.Bytes + ImageId.MaxLength + ChunkTable.MaxRows * RowBytes + MaxSources * (SourceBytes + ImageId.MaxLength);

    /// <summary>Longest stored table: hashes hardly compress.</summary>
    public const int MaxStoredBytes = MaxBytes + MaxBytes / 128 + 4096;

    /// <summary>Lays a table out as bytes.</summary>
    public static byte[] Write(ChunkTable table)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(table.Rows.Count, ChunkTable.MaxRows);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(table.Sources.Count, MaxSources);
        var idBytes = Encoding.ASCII.GetBytes(table.Image.Text);
        var sources = table.Sources.Select(WriteSource).ToArray();
        var bytes = new byte[TableHeader.Bytes + idBytes.Length + sources.Sum(source => source.Length) + table.Rows.Count * RowBytes];
        var span = bytes.AsSpan();
        new TableHeader(table.Disk, table.Name, table.Rows.Count, table.ChunkBytes, table.SegmentLength, table.SegmentHash, table.KeyId, sources.Length, idBytes.Length).WriteTo(span);
        var position = TableHeader.Bytes;
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
        var header = TableHeader.Read(bytes, which);
        var position = TableHeader.Bytes;
        var image = ReadId(bytes, ref position, header.IdLength, which);
        // Memory grows with what is there, not with what the header claims.
        var sources = new List<SegmentReference>();
        // References never cross key sets, so the sources are encrypted where the table is.
        for (var i = 0; i < header.SourceCount; i++) sources.Add(ReadSource(bytes, ref position, header.Name.IsEncrypted, which));
        if (bytes.Length - position != (long)header.RowCount * RowBytes) throw Bad(which, "its length does not fit its row count");
        var rows = new ChunkRow[header.RowCount];
        for (var i = 0; i < rows.Length; i++) rows[i] = ReadRow(bytes.Slice(position + i * RowBytes, RowBytes), sources.Count, which);
        return new ChunkTable
        {
            Image = image,
            Disk = header.Disk,
            Name = header.Name,
            ChunkBytes = header.ChunkBytes,
            SegmentLength = header.SegmentLength,
            SegmentHash = header.SegmentHash,
            KeyId = header.KeyId,
            Sources = sources,
            Rows = rows,
        };
    }

    internal static CorruptFault Bad(string which, string found) => new("the table is damaged") { Which = which, Found = found };

    private static byte[] WriteSource(SegmentReference source)
    {
        var bytes = new byte[SourceBytes + source.Image.Text.Length];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, source.Disk);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(4), source.Name.FirstChunk);
        BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(8), checked((ushort)source.Name.Attempt));
        BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(10), checked((ushort)source.Image.Text.Length));
        BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(12), source.Length);
        source.Hash.CopyTo(bytes.AsSpan(20));
        Encoding.ASCII.GetBytes(source.Image.Text, bytes.AsSpan(SourceBytes));
        return bytes;
    }

    private static SegmentReference ReadSource(ReadOnlySpan<byte> bytes, ref int position, bool isEncrypted, string which)
    {
        if (bytes.Length - position < SourceBytes) throw Bad(which, "it ends inside its sources");
        var fixedPart = bytes[position..];
        var disk = BinaryPrimitives.ReadInt32LittleEndian(fixedPart);
        var attempt = BinaryPrimitives.ReadUInt16LittleEndian(fixedPart[8..]);
        var length = BinaryPrimitives.ReadInt64LittleEndian(fixedPart[12..]);
        if (disk is < 0 or >= Manifest.MaxDisks || attempt is < 1 or > SegmentName.MaxAttempt || length <= 0) throw Bad(which, "a source is impossible");
        var name = new SegmentName(BinaryPrimitives.ReadUInt32LittleEndian(fixedPart[4..]), attempt, isEncrypted);
        var hash = new ChunkHash(fixedPart.Slice(20, ChunkHash.Bytes));
        position += SourceBytes;
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
}
