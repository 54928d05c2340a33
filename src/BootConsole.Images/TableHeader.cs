// The fixed header of a table: 128 bytes, all numbers little-endian (docs/format.md, "Table").
using System.Buffers.Binary;
using BootConsole.Core;

namespace BootConsole.Images;

/// <summary>What a table says before its image id, sources and rows.</summary>
/// <param name="Disk">Disk number in the image.</param>
/// <param name="Name">First chunk and attempt.</param>
/// <param name="RowCount">Number of rows.</param>
/// <param name="ChunkBytes">Chunk size.</param>
/// <param name="SegmentLength">Stored length of the segment; 0 when there is none.</param>
/// <param name="SegmentHash">SHA-256 of the segment; zeros when there is none.</param>
/// <param name="KeyId">Key id; zeros when not encrypted.</param>
/// <param name="SourceCount">Number of sources.</param>
/// <param name="IdLength">Length of the image id that follows.</param>
internal readonly record struct TableHeader(
    int Disk, SegmentName Name, int RowCount, int ChunkBytes, long SegmentLength, ChunkHash SegmentHash, ChunkHash KeyId, int SourceCount, int IdLength)
{
    internal const int Bytes = 128;

    private const int ReservedStart = 112;

    private static ReadOnlySpan<byte> Magic => "BCTABLE\n"u8;

    internal void WriteTo(Span<byte> target)
    {
        target[..Bytes].Clear();
        Magic.CopyTo(target);
        BinaryPrimitives.WriteInt32LittleEndian(target[8..], TableFormat.Version);
        BinaryPrimitives.WriteInt32LittleEndian(target[12..], Disk);
        BinaryPrimitives.WriteUInt32LittleEndian(target[16..], Name.FirstChunk);
        BinaryPrimitives.WriteInt32LittleEndian(target[20..], Name.Attempt);
        BinaryPrimitives.WriteInt32LittleEndian(target[24..], RowCount);
        BinaryPrimitives.WriteInt32LittleEndian(target[28..], ChunkBytes);
        BinaryPrimitives.WriteInt64LittleEndian(target[32..], SegmentLength);
        SegmentHash.CopyTo(target[40..]);
        KeyId.CopyTo(target[72..]);
        BinaryPrimitives.WriteInt32LittleEndian(target[104..], SourceCount);
        BinaryPrimitives.WriteInt32LittleEndian(target[108..], IdLength);
    }

    /// <exception cref="CorruptFault">Not the header of a table, of another version, or with values that cannot be.</exception>
    internal static TableHeader Read(ReadOnlySpan<byte> bytes, string which)
    {
        if (bytes.Length < Bytes || !bytes.StartsWith(Magic)) throw TableFormat.Bad(which, "it does not start like a table");
        var version = BinaryPrimitives.ReadInt32LittleEndian(bytes[8..]);
        if (version != TableFormat.Version)
            throw new CorruptFault("the table is of another version of the format") { Which = which, Expected = $"version {TableFormat.Version}", Found = $"version {version}" };
        if (bytes[ReservedStart..Bytes].ContainsAnyExcept((byte)0)) throw TableFormat.Bad(which, "its reserved bytes are not zero");
        var keyId = new ChunkHash(bytes.Slice(72, ChunkHash.Bytes));
        var header = new TableHeader(
            BinaryPrimitives.ReadInt32LittleEndian(bytes[12..]),
            new SegmentName(BinaryPrimitives.ReadUInt32LittleEndian(bytes[16..]), BinaryPrimitives.ReadInt32LittleEndian(bytes[20..]), keyId != default),
            BinaryPrimitives.ReadInt32LittleEndian(bytes[24..]),
            BinaryPrimitives.ReadInt32LittleEndian(bytes[28..]),
            BinaryPrimitives.ReadInt64LittleEndian(bytes[32..]),
            new ChunkHash(bytes.Slice(40, ChunkHash.Bytes)),
            keyId,
            BinaryPrimitives.ReadInt32LittleEndian(bytes[104..]),
            BinaryPrimitives.ReadInt32LittleEndian(bytes[108..]));
        return header.Impossible is { } what ? throw TableFormat.Bad(which, $"its {what} is impossible") : header;
    }

    private string? Impossible => this switch
    {
        { Disk: < 0 or >= Manifest.MaxDisks } => "disk number",
        { Name.Attempt: < 1 or > SegmentName.MaxAttempt } => "attempt number",
        { RowCount: < 1 or > ChunkTable.MaxRows } => "row count",
        // The chunks of a disk are counted in 32 bits.
        { Name.FirstChunk: var first, RowCount: var rows } when first + (long)rows > uint.MaxValue => "place",
        { ChunkBytes: var bytes } when !ChunkGrid.IsChunkSize(bytes) => "chunk size",
        { SegmentLength: < 0 } => "segment length",
        { SegmentLength: var length, SegmentHash: var hash } when (length == 0) != (hash == default) => "segment hash",
        { SourceCount: < 0 or > TableFormat.MaxSources } => "source count",
        { IdLength: < 1 or > ImageId.MaxLength } => "image id's length",
        _ => null,
    };
}
