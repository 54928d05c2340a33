// The loader for PCs that have no boot entry for a restored disk: made sure of when the disk is restored and verified.
using BootConsole.Core;
using BootConsole.Disks;
using BootConsole.Disks.Booting;
using BootConsole.Host;
using BootConsole.Host.Efi;
using BootConsole.Jobs;

namespace BootConsole.Appliance;

/// <summary>Fallback loaders of restored disks.</summary>
internal static class FallbackLoader
{
    /// <summary>Makes sure of it after a restore of a whole disk. An image file stays what the image says, byte for byte. Never fails the restore: what does not work is a warning.</summary>
    /// <param name="programs">Runs mtools.</param>
    /// <param name="plan">The restore that was done.</param>
    /// <param name="target">The target.</param>
    /// <param name="openAgain">Opens the target for reading.</param>
    /// <returns>A sentence for each thing to be told.</returns>
    internal static async Task<IReadOnlyList<string>> EnsureAsync(IProgramRunner programs, RestorePlan plan, IWritableDisk target, Func<IDisk> openAgain)
    {
        if (plan.Partitions.Count > 0 || plan.Target.IsImageFile) return [];
        try
        {
            using var disk = openAgain();
            var said = await new EfiFallback(programs).EnsureAsync(disk, partition => Recorded(plan, partition));
            if (said.Length == 0) return [];
            target.Flush();
            return [said];
        }
        catch (Fault trouble)
        {
            return [$"Whether the disk starts in a PC that does not know it could not be seen ({trouble.Message}). What was restored is safe."];
        }
    }

    // By the partition's number: with new ids the target's GUID is another one.
    private static List<EfiLoadOption> Recorded(RestorePlan plan, Partition partition)
    {
        var guid = plan.Layout.Partitions.FirstOrDefault(candidate => candidate.Number == partition.Number)?.Guid;
        return BootEntries.Recorded(plan.Image.Manifest.Pc).Where(option => option.Partition is { } of && Guid.TryParse(guid, out var there) && of == there).ToList();
    }
}
