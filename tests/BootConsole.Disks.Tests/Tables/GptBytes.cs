// Makes the checksums of a mutated GPT right again, so that what is behind them is tested too.
using System.Buffers.Binary;
using BootConsole.Disks.Tables;

namespace BootConsole.Disks.Tests.Tables;

internal static class GptBytes
{
    /// <summary>Fixes the copy at LBA 1, as far as its header points to bytes that are there.</summary>
    internal static void FixChecksums(byte[] disk, int sectorBytes)
    {
        var header = disk.AsSpan(sectorBytes, sectorBytes);
        var entriesLba = BinaryPrimitives.ReadUInt64LittleEndian(header[72..]);
        var bytes = BinaryPrimitives.ReadUInt32LittleEndian(header[80..]) * (ulong)BinaryPrimitives.ReadUInt32LittleEndian(header[84..]);
        var length = (ulong)disk.Length;
        if (entriesLba < length && bytes < length && entriesLba * (ulong)sectorBytes + bytes <= length)
            BinaryPrimitives.WriteUInt32LittleEndian(header[88..], Crc32.Of(disk.AsSpan((int)entriesLba * sectorBytes, (int)bytes)));
        var headerBytes = (int)Math.Clamp(BinaryPrimitives.ReadUInt32LittleEndian(header[12..]), 92, (uint)sectorBytes);
        header.Slice(16, 4).Clear();
        BinaryPrimitives.WriteUInt32LittleEndian(header[16..], Crc32.Of(header[..headerBytes]));
    }
}
