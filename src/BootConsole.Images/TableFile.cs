// A table as it lies in the store: laid out, compressed, and sealed where the image is.
using BootConsole.Codec;
using BootConsole.Core;

namespace BootConsole.Images;

/// <summary>Makes and opens the stored bytes of tables.</summary>
internal static class TableFile
{
    internal static ReadOnlyMemory<byte> Make(ChunkTable table, ImageSeal seal, IChunkTransform transform)
    {
        var plain = TableFormat.Write(table);
        var compressed = new byte[transform.MaxApplied(plain.Length)];
        return seal.SealTable(compressed.AsMemory(0, transform.Apply(plain, compressed)));
    }

    /// <exception cref="CorruptFault">It does not open, or is no table.</exception>
    internal static ChunkTable Open(byte[] stored, ImageSeal seal, IChunkTransform transform, string which)
    {
        var compressed = seal.OpenTable(stored, which);
        if (!ZstdFrameHeader.TryRead(compressed, out var header) || header.ContentBytes is not (> 0 and <= TableFormat.MaxBytes and var plainBytes))
            throw new CorruptFault("the table is not a zstd frame of a possible length") { Which = which };
        var plain = new byte[plainBytes];
        transform.Undo(compressed, plain);
        return TableFormat.Read(plain, which);
    }
}
