// Limits of making a used map.
namespace BootConsole.Disks;

/// <summary>How long, how large and how fine a used map may get.</summary>
public sealed record UsedMapOptions
{
    /// <summary>How long one outside program may take; then the whole partition is saved instead.</summary>
    public TimeSpan ProgramLimit { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>The largest ext or NTFS file system in bytes that partclone maps. Larger ones, for which it would need more memory than there may be, are mapped
    /// by <c>dumpe2fs</c> and from NTFS's own <c>$Bitmap</c>; 0 maps every one that way.</summary>
    public long PartcloneUpToBytes { get; init; } = 2L << 40;

    /// <summary>The most ranges a map may have, 16 bytes each. A map that would have more counts its smallest free gaps as used.</summary>
    public int MaxRanges { get; init; } = 1 << 19;
}
