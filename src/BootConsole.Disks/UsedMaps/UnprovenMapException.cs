// Why the free space of a partition cannot be proven: the reason for saving all of it.
namespace BootConsole.Disks.UsedMaps;

/// <summary>Ends the making of a map from wherever the doubt arose. <see cref="UsedMapper"/> catches it, takes the whole partition and tells the reason; nobody else
/// sees it.</summary>
/// <param name="why">The first half of a sentence that ends with "; every sector is saved."</param>
internal sealed class UnprovenMapException(string why) : Exception(why)
{
    internal static UnprovenMapException Tables(string what) => new($"the file system's tables do not fit together ({what})");
}
