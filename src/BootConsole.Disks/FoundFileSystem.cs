// What is on a partition, without its map: for lists.
namespace BootConsole.Disks;

/// <summary>What a partition or disk holds.</summary>
/// <param name="Kind">As <c>blkid</c> names it (see <see cref="PartitionMap.FileSystem"/>); empty when unknown or not to be told.</param>
/// <param name="Label">Label, free of control characters; empty when there is none.</param>
public sealed record FoundFileSystem(string Kind, string Label);
