// One GPT header: the sector that says where the partition entries are.
using System.Buffers.Binary;

namespace BootConsole.Disks.Tables;

/// <summary>
/// A GPT header (UEFI 2.10, section 5.3.2) whose signature, size, checksum and place were found right. Everything else in it is still only a claim. LBAs are
/// below 2^50, so that positions in bytes fit in 63 bits.
/// </summary>
public sealed record GptHeader
{
    private const int MinimumHeaderBytes = 92;
    private const int EntryBytesMinimum = 128;
    private const int EntryBytesMaximum = 4096;
    private const int ArrayBytesMaximum = 1 << 20;
    private const ulong LbaLimit = 1UL << 50;

    private readonly byte[] _bytes;

    private GptHeader(byte[] bytes) => _bytes = bytes;

    /// <summary>Where this header stands.</summary>
    public long MyLba => Lba(24);

    /// <summary>Where it says the other one stands.</summary>
    public long AlternateLba => Lba(32);

    /// <summary>First LBA for partitions.</summary>
    public long FirstUsableLba => Lba(40);

    /// <summary>Last LBA for partitions.</summary>
    public long LastUsableLba => Lba(48);

    /// <summary>The disk's GUID.</summary>
    public Guid DiskGuid => new(_bytes.AsSpan(56, 16));

    /// <summary>Where this header's partition entries begin.</summary>
    public long EntriesLba => Lba(72);

    /// <summary>Number of partition entries, used or not.</summary>
    public int EntryCount => (int)Number(80);

    /// <summary>Size of one entry in bytes.</summary>
    public int EntryBytes => (int)Number(84);

    /// <summary>Size of all entries in bytes, at most 1 MiB.</summary>
    public int ArrayBytes => EntryCount * EntryBytes;

    /// <summary>CRC-32 of the entries.</summary>
    internal uint ArrayCrc => Number(88);

    /// <summary>Reads a header from the sector at <paramref name="lba"/>.</summary>
    /// <returns>Null when it is not a whole header, belongs elsewhere, or says impossible things.</returns>
    internal static GptHeader? Parse(ReadOnlySpan<byte> sector, long lba)
    {
        if (sector.Length < 512 || !sector.StartsWith("EFI PART"u8)) return null;
        var headerBytes = BinaryPrimitives.ReadUInt32LittleEndian(sector[12..]);
        if (headerBytes < MinimumHeaderBytes || headerBytes > (uint)sector.Length) return null;
        if (BinaryPrimitives.ReadUInt32LittleEndian(sector[16..]) != HeaderCrc(sector[..(int)headerBytes])) return null;
        foreach (var offset in (ReadOnlySpan<int>)[24, 32, 40, 48, 72])
            if (BinaryPrimitives.ReadUInt64LittleEndian(sector[offset..]) >= LbaLimit) return null;

        var count = BinaryPrimitives.ReadUInt32LittleEndian(sector[80..]);
        var entryBytes = BinaryPrimitives.ReadUInt32LittleEndian(sector[84..]);
        // 128 × 2^n (section 5.3.2). The whole array is bounded before anyone takes memory for it.
        if (entryBytes is < EntryBytesMinimum or > EntryBytesMaximum || !uint.IsPow2(entryBytes)) return null;
        if (count == 0 || count > ArrayBytesMaximum / entryBytes) return null;

        // The rest of the sector is reserved and zero; kept so that a rebuilt header changes nothing it does not have to.
        var header = new GptHeader(sector.ToArray());
        return header.MyLba == lba && header.FirstUsableLba <= header.LastUsableLba ? header : null;
    }

    /// <summary>The header for another place: checksum renewed, all else as it was.</summary>
    internal GptHeader Moved(long myLba, long alternateLba, long lastUsableLba, long entriesLba)
    {
        var bytes = (byte[])_bytes.Clone();
        BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(24), myLba);
        BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(32), alternateLba);
        BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(48), lastUsableLba);
        BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(72), entriesLba);
        return Sealed(bytes);
    }

    /// <summary>The header of the same disk under a new GUID, or with other entries: checksum renewed, all else as it was.</summary>
    internal GptHeader With(Guid diskGuid, uint arrayCrc)
    {
        var bytes = (byte[])_bytes.Clone();
        diskGuid.TryWriteBytes(bytes.AsSpan(56));
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(88), arrayCrc);
        return Sealed(bytes);
    }

    /// <summary>The sector as it stands on the disk.</summary>
    internal ReadOnlySpan<byte> Sector => _bytes;

    private static GptHeader Sealed(byte[] bytes)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(16), HeaderCrc(bytes.AsSpan(0, (int)BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan(12)))));
        return new GptHeader(bytes);
    }

    // The checksum is computed with its own field zero.
    private static uint HeaderCrc(ReadOnlySpan<byte> header)
    {
        var copy = header.ToArray();
        copy.AsSpan(16, 4).Clear();
        return Crc32.Of(copy);
    }

    private long Lba(int offset) => BinaryPrimitives.ReadInt64LittleEndian(_bytes.AsSpan(offset));

    private uint Number(int offset) => BinaryPrimitives.ReadUInt32LittleEndian(_bytes.AsSpan(offset));
}
