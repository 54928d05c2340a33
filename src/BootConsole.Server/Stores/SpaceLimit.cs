// What a PC's user may take of the file system: the contract's space as limits of a quota.
using System.Globalization;
using BootConsole.Server.Catalogue;

namespace BootConsole.Server.Stores;

/// <summary>The limits of a user, as quotas count; 0 is no limit.</summary>
/// <param name="KiB">Most disk space, in KiB.</param>
/// <param name="Files">Most files and folders.</param>
internal sealed record SpaceLimit(long KiB, long Files)
{
    // A contract counts the lengths of images' files. The file system counts whole blocks, folders, and the PC's leases, keys and records too: a store that is exactly full by the contract must not be refused for these.
    private const long AllowanceBytes = 64L << 20;

    // An honest store has two files for each segment (16 MiB or more), and ten or so for each small image: these are hundreds of times as many. ext4 makes an inode for each 16 KiB, so a flood that stays in
    // the limit leaves three of four of the contract's share, whatever is sold of the disk.
    private const long LeastFiles = 100_000, BytesPerFile = 64 << 10;

    /// <inheritdoc/>
    public override string ToString() => this == None ? "no limit" : string.Create(CultureInfo.InvariantCulture, $"{KiB} KiB and {Files} files");

    /// <summary>Nothing is limited.</summary>
    internal static readonly SpaceLimit None = new(0, 0);

    /// <summary>The limits that hold a PC to a contract.</summary>
    /// <param name="contract">The contract.</param>
    /// <param name="root">What of the store is root's: it is stored for the PC, but the file system does not count it to the PC's user. Without it a PC could fill the disk by having one image after the other sealed.</param>
    internal static SpaceLimit Of(Contract contract, FolderSum root)
    {
        if (contract.SpaceBytes is not { } space) return None;
        // Never 0, which would lift the limit; nothing fits into one KiB.
        var bytes = (Int128)space + AllowanceBytes - root.Bytes;
        var files = LeastFiles + (space / BytesPerFile) - root.Names;
        return new SpaceLimit((long)Int128.Max(1, (bytes + 1023) / 1024), Math.Max(1, files));
    }
}
