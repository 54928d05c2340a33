// The superblock of btrfs, as far as a used map needs it.
using System.Buffers.Binary;
using BootConsole.Core;

namespace BootConsole.Disks.UsedMaps;

/// <summary>Fields of the superblock (btrfs documentation, "On-disk Format"; Linux, <c>include/uapi/linux/btrfs_tree.h</c>, struct btrfs_super_block).</summary>
/// <param name="SectorBytes">Allocation unit in bytes.</param>
/// <param name="DeviceId">The device's number in the file system.</param>
/// <param name="DeviceBytes">Bytes of the device that the file system has.</param>
/// <param name="AllocatedBytes">Bytes of it that are allocated to chunks, all copies.</param>
internal sealed record BtrfsSuperblock(int SectorBytes, long DeviceId, long DeviceBytes, long AllocatedBytes)
{
    private const int Offset = 64 << 10, Bytes = 4096;
    private const long FirstBytes = 1 << 20, StripeBytes = 64 << 10;
    private const ulong Written = 0x1;

    // mixed_backref, default_subvol, mixed_groups, compress_lzo, compress_zstd, big_metadata, extended_iref, raid56, skinny_metadata, no_holes, metadata_uuid, raid1c34
    private const ulong KnownIncompatible = 0xFFF;

    // free_space_tree, free_space_tree_valid, verity, block_group_tree
    private const ulong KnownReadOnlyCompatible = 0xF;

    // The first is the superblock, the others its copies (btrfs_sb_offset).
    private static readonly long[] Places = [Offset, 64L << 20, 256L << 30];

    /// <summary>What belongs to no chunk and is used all the same: the first MiB (boot loaders), 64 KiB at each superblock, and what lies behind the file system.</summary>
    internal IEnumerable<ByteRange> Fixed(long partitionBytes)
    {
        yield return new ByteRange(0, Math.Min(FirstBytes, partitionBytes));
        foreach (var place in Places.Where(place => place < partitionBytes)) yield return new ByteRange(place, Math.Min(StripeBytes, partitionBytes - place));
        yield return ByteRange.FromEnds(DeviceBytes, partitionBytes);
    }

    /// <summary>Reads the superblock; refuses what chunks alone do not tell.</summary>
    /// <remarks>There is no clean flag, and none is needed: nothing that a committed tree refers to is overwritten. A tree log that is not replayed
    /// (<c>log_root</c> is not 0: files were synced before a crash) lies in chunks that the committed device tree has, for Linux commits in full instead of logging
    /// as soon as a chunk is new (<c>btrfs_make_block_group</c>).</remarks>
    /// <exception cref="UnprovenMapException">Damaged, of an unknown kind, or on several devices.</exception>
    internal static BtrfsSuperblock Read(PartitionReader reader)
    {
        var block = reader.Read(Offset, Bytes);
        if (!block.AsSpan(0x40, 8).SequenceEqual("_BHRfS_M"u8) || U64(block, 0x30) != Offset) throw UnprovenMapException.Tables("no btrfs superblock");
        if (U64(block, 0x88) != 1) throw new UnprovenMapException($"the btrfs file system has {U64(block, 0x88)} devices, of which each holds only a part");
        if (U64(block, 0x38) != Written || (U64(block, 0xBC) & ~KnownIncompatible) != 0 || (U64(block, 0xB4) & ~KnownReadOnlyCompatible) != 0)
            throw new UnprovenMapException("the btrfs file system has features that are not known here");
        var found = checked(new BtrfsSuperblock((int)U32(block, 0x90), (long)U64(block, 0xC9), (long)U64(block, 0xD1), (long)U64(block, 0xD9)));
        var isPossible = found.SectorBytes is >= 512 and <= 65536 && int.IsPow2(found.SectorBytes) && found.DeviceId > 0 && found.AllocatedBytes > 0 && found.AllocatedBytes <= found.DeviceBytes;
        if (!isPossible) throw UnprovenMapException.Tables("impossible sizes in the btrfs superblock");
        return found.DeviceBytes <= reader.Length ? found : throw new UnprovenMapException("the btrfs file system is larger than its partition");
    }

    private static uint U32(byte[] block, int offset) => BinaryPrimitives.ReadUInt32LittleEndian(block.AsSpan(offset));

    private static ulong U64(byte[] block, int offset) => BinaryPrimitives.ReadUInt64LittleEndian(block.AsSpan(offset));
}
