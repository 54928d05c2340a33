// What a mapper of one kind of file system is given and what it gives back.
using BootConsole.Core;

namespace BootConsole.Disks.UsedMaps;

/// <summary>One partition to map.</summary>
/// <param name="Disk">The disk it is on.</param>
/// <param name="Range">Its bytes on the disk.</param>
/// <param name="Reader">Reads it.</param>
/// <param name="Tools">Runs outside programs.</param>
/// <param name="Options">Limits.</param>
/// <param name="Progress">Told of every movement.</param>
internal sealed record MapTarget(IDisk Disk, ByteRange Range, PartitionReader Reader, MapTools Tools, UsedMapOptions Options, JobProgress Progress);

/// <summary>A map that was proven.</summary>
/// <param name="Used">Used bytes relative to the start of the partition.</param>
/// <param name="Method">How it was found.</param>
/// <param name="Note">One sentence when something is odd; else empty.</param>
internal sealed record UsedBytes(RangeSet Used, string Method, string Note = "");

/// <summary>Maps one kind of file system. A new kind is a new class and a line in <see cref="UsedMapper"/>.</summary>
internal interface IFileSystemMapper
{
    /// <summary>Finds the used bytes.</summary>
    /// <exception cref="UnprovenMapException">The free space is not proven: the whole partition is to be saved.</exception>
    Task<UsedBytes> MapAsync(MapTarget target, CancellationToken cancel);
}
