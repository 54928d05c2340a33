// The superblock of XFS and the free-space counters of its allocation groups.
using System.Buffers.Binary;

namespace BootConsole.Disks.UsedMaps;

/// <summary>Fields of the superblock (XFS Algorithms &amp; Data Structures, 3rd edition, chapters "Allocation Groups" and "Superblocks").</summary>
/// <param name="BlockBytes">Block size in bytes.</param>
/// <param name="SectorBytes">Sector size of the file system in bytes.</param>
/// <param name="Blocks">Blocks in all.</param>
/// <param name="GroupBlocks">Blocks of one allocation group.</param>
/// <param name="Groups">Allocation groups.</param>
internal sealed record XfsSuperblock(int BlockBytes, int SectorBytes, long Blocks, long GroupBlocks, long Groups)
{
    private const uint NeedsRepair = 0x10;

    // ftype, spinodes, meta_uuid, bigtime, nrext64
    private const uint KnownIncompatible = 0x1 | 0x2 | 0x4 | 0x8 | 0x20;

    // finobt, rmapbt, reflink, inobtcount
    private const uint KnownReadOnlyCompatible = 0x1 | 0x2 | 0x4 | 0x8;

    /// <summary>Bytes from the start of the partition that the file system covers.</summary>
    internal long CoveredBytes => checked(Blocks * BlockBytes);

    /// <summary>Reads the superblock; refuses kinds that partclone cannot map.</summary>
    /// <exception cref="UnprovenMapException">Damaged, of an unknown kind, or on several devices.</exception>
    internal static XfsSuperblock Read(PartitionReader reader)
    {
        var block = reader.Read(0, 512);
        if (!block.AsSpan(0, 4).SequenceEqual("XFSB"u8)) throw UnprovenMapException.Tables("no XFS superblock");
        uint readOnlyCompatible = U32(block, 212), incompatible = U32(block, 216);
        var version = U16(block, 100) & 0xF;
        if (block[126] != 0) throw new UnprovenMapException("the XFS file system was being made and is not finished");
        if (version == 5 && (incompatible & NeedsRepair) != 0) throw new UnprovenMapException("the XFS file system asks for repair");
        if (version is not (4 or 5) || (version == 5 && ((incompatible & ~KnownIncompatible) != 0 || (readOnlyCompatible & ~KnownReadOnlyCompatible) != 0)))
            throw new UnprovenMapException("the XFS file system has features that are not known here");
        if (U64(block, 48) == 0) throw new UnprovenMapException("the XFS file system has its log on another device");
        if (U64(block, 16) != 0 || U64(block, 24) != 0) throw new UnprovenMapException("the XFS file system has a realtime device");
        var found = new XfsSuperblock((int)U32(block, 4), U16(block, 102), checked((long)U64(block, 8)), U32(block, 84), U32(block, 88));
        found.Check(reader.Length);
        return found;
    }

    /// <summary>Adds up the free blocks of all groups: those in the free-space trees and those on the free lists.</summary>
    internal long CountFreeBlocks(PartitionReader reader)
    {
        var free = 0L;
        for (var group = 0L; group < Groups; group++)
        {
            // The AGF is the second sector of its group.
            var header = reader.Read(group * GroupBlocks * BlockBytes + SectorBytes, 64);
            if (!header.AsSpan(0, 4).SequenceEqual("XAGF"u8) || U32(header, 8) != group) throw UnprovenMapException.Tables($"header of allocation group {group}");
            free += (long)U32(header, 52) + U32(header, 48);
        }

        return free;
    }

    private void Check(long partitionBytes)
    {
        var isPossible = BlockBytes is >= 512 and <= 65536 && (BlockBytes & (BlockBytes - 1)) == 0 && SectorBytes is >= 512 and <= 32768 && SectorBytes <= BlockBytes
            && GroupBlocks is > 0 and <= int.MaxValue && Groups > 0 && Blocks > (Groups - 1) * GroupBlocks && Blocks <= Groups * GroupBlocks;
        if (!isPossible) throw UnprovenMapException.Tables("impossible sizes in the XFS superblock");
        if (CoveredBytes > partitionBytes) throw new UnprovenMapException("the XFS file system is larger than its partition");
        // partclone computes block numbers in 32 bits: beyond, it would call the wrong blocks free without a word.
        if (Groups * GroupBlocks > uint.MaxValue) throw new UnprovenMapException("the XFS file system is too large to be mapped");
    }

    private static ushort U16(byte[] block, int offset) => BinaryPrimitives.ReadUInt16BigEndian(block.AsSpan(offset));

    private static uint U32(byte[] block, int offset) => BinaryPrimitives.ReadUInt32BigEndian(block.AsSpan(offset));

    private static ulong U64(byte[] block, int offset) => BinaryPrimitives.ReadUInt64BigEndian(block.AsSpan(offset));
}
