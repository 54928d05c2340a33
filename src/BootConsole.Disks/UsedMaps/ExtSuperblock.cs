// The superblock of ext2, ext3 and ext4, as far as a used map needs it.
using System.Buffers.Binary;

namespace BootConsole.Disks.UsedMaps;

/// <summary>Fields of the superblock (Linux, <c>Documentation/filesystems/ext4/super.rst</c>).</summary>
/// <param name="BlockBytes">Block size in bytes.</param>
/// <param name="Blocks">Blocks in all.</param>
/// <param name="FreeBlocks">Free blocks, as counted at the last clean unmount.</param>
/// <param name="FirstBlock">First block of group 0: 1 with 1 KiB blocks, else 0.</param>
/// <param name="BlocksPerGroup">Blocks of one group.</param>
/// <param name="IsCheckDue">True when it was mounted so often that partclone wants a check first.</param>
internal sealed record ExtSuperblock(int BlockBytes, long Blocks, long FreeBlocks, long FirstBlock, long BlocksPerGroup, bool IsCheckDue)
{
    private const int Offset = 1024, Bytes = 1024;
    private const ushort Magic = 0xEF53;
    private const int StateValid = 1, StateErrors = 2, StateOrphans = 4;
    private const uint Recover = 0x4, OrphanPresent = 0x10000, BigAlloc = 0x200;

    // filetype, meta_bg, extents, 64bit, mmp, flex_bg, ea_inode, dirdata, csum_seed, largedir, inline_data, encrypt, casefold
    private const uint KnownIncompatible = 0x2 | 0x10 | 0x40 | 0x80 | 0x100 | 0x200 | 0x400 | 0x1000 | 0x2000 | 0x4000 | 0x8000 | 0x10000 | 0x20000;

    // sparse_super, large_file, btree_dir, huge_file, gdt_csum, dir_nlink, extra_isize, quota, metadata_csum, read-only, project, verity
    private const uint KnownReadOnlyCompatible = 0x1 | 0x2 | 0x4 | 0x8 | 0x10 | 0x20 | 0x40 | 0x100 | 0x400 | 0x1000 | 0x2000 | 0x8000;

    /// <summary>Bytes from the start of the partition that the file system covers.</summary>
    internal long CoveredBytes => checked(Blocks * BlockBytes);

    /// <summary>Reads the superblock and refuses every state in which the bitmaps may not be the truth.</summary>
    /// <exception cref="UnprovenMapException">Not clean, damaged, or of a kind that is not known.</exception>
    internal static ExtSuperblock ReadClean(PartitionReader reader)
    {
        var block = reader.Read(Offset, Bytes);
        if (U16(block, 0x38) != Magic) throw UnprovenMapException.Tables("no ext superblock");
        uint incompatible = U32(block, 0x60), readOnlyCompatible = U32(block, 0x64);
        var state = U16(block, 0x3A);
        if ((state & StateErrors) != 0) throw new UnprovenMapException("the ext file system has errors that were not repaired");
        if ((state & StateValid) == 0 || (state & StateOrphans) != 0 || (incompatible & Recover) != 0 || (readOnlyCompatible & OrphanPresent) != 0)
            throw new UnprovenMapException("the ext file system was not unmounted cleanly");
        if ((readOnlyCompatible & BigAlloc) != 0) throw new UnprovenMapException("the ext file system uses clusters (bigalloc), which cannot be mapped");
        if ((incompatible & ~KnownIncompatible) != 0 || (readOnlyCompatible & ~KnownReadOnlyCompatible) != 0)
            throw new UnprovenMapException("the ext file system has features that are not known here");
        return ReadSizes(block, (incompatible & 0x80) != 0, reader.Length);
    }

    private static ExtSuperblock ReadSizes(byte[] block, bool is64Bit, long partitionBytes)
    {
        var logBlock = U32(block, 0x18);
        if (logBlock > 6) throw UnprovenMapException.Tables("impossible block size");
        long High(int offset) => is64Bit ? (long)U32(block, offset) << 32 : 0;
        var mountLimit = unchecked((short)U16(block, 0x36));
        var found = new ExtSuperblock(
            1024 << (int)logBlock,
            High(0x150) + U32(block, 0x04),
            High(0x158) + U32(block, 0x0C),
            U32(block, 0x14),
            U32(block, 0x20),
            mountLimit > 0 && U16(block, 0x34) >= mountLimit);
        if (found.CoveredBytes > partitionBytes) throw new UnprovenMapException("the ext file system is larger than its partition");
        if (found.Blocks <= found.FirstBlock || found.FirstBlock > 1 || found.FreeBlocks > found.Blocks || found.BlocksPerGroup is 0 || found.BlocksPerGroup > 8L * found.BlockBytes)
            throw UnprovenMapException.Tables("impossible counts in the ext superblock");
        return found;
    }

    private static ushort U16(byte[] block, int offset) => BinaryPrimitives.ReadUInt16LittleEndian(block.AsSpan(offset));

    private static uint U32(byte[] block, int offset) => BinaryPrimitives.ReadUInt32LittleEndian(block.AsSpan(offset));
}
