// The firmware's boot entries of the disks in an image: recorded with a backup, added again after a restore where they are missing.
using BootConsole.Core;
using BootConsole.Disks;
using BootConsole.Disks.Tables;
using BootConsole.Host.Efi;
using BootConsole.Images;
using BootConsole.Jobs;

namespace BootConsole.Appliance;

/// <summary>Boot entries, as far as they point to partitions of certain disks.</summary>
internal static class BootEntries
{
    /// <summary>The PC with the boot entries of the disks that are backed up.</summary>
    internal static PcRecord AddTo(PcRecord pc, IEnumerable<DiskPlan> plans) => pc with { BootEntries = Of(new EfiBootEntries(), plans.Select(plan => plan.Layout)) };

    /// <summary>As <see cref="Restore"/>, in the boot environment. Elsewhere the firmware is that of somebody's own PC, which starts from other disks.</summary>
    internal static IReadOnlyList<string> RestoreHere(RestorePlan plan, Func<IDisk> openAgain) => File.Exists(PcPower.BootEnvironment) ? Restore(new EfiBootEntries(), plan, openAgain) : [];

    /// <summary>The entries that start from partitions of these disks, in the firmware's order; null for none.</summary>
    internal static IReadOnlyList<BootEntryRecord>? Of(EfiBootEntries firmware, IEnumerable<DiskLayout> layouts)
    {
        var partitions = layouts.SelectMany(layout => layout.Partitions).Select(partition => Guid.TryParse(partition.Guid, out var guid) ? guid : Guid.Empty).Where(guid => guid != Guid.Empty).ToHashSet();
        if (partitions.Count == 0) return null;
        List<BootEntryRecord> found = [.. firmware.Read().Where(entry => entry.Option.Partition is { } guid && partitions.Contains(guid)).Take(BootEntryRecord.MaxEntries).Select(entry => new BootEntryRecord($"Boot{entry.Number:X4}", entry.Option.Description, Convert.ToBase64String(entry.Option.ToBytes())))];
        return found.Count > 0 ? found : null;
    }

    /// <summary>The recorded entries that can be read, in the firmware's order.</summary>
    internal static IReadOnlyList<EfiLoadOption> Recorded(PcRecord pc) => [.. (pc.BootEntries ?? []).Select(Read).OfType<EfiLoadOption>()];

    /// <summary>Adds the entries of a restored disk that the firmware does not have. Never fails the restore: what does not work is a warning.</summary>
    /// <param name="firmware">The firmware's entries.</param>
    /// <param name="plan">The restore that was done.</param>
    /// <param name="openAgain">Opens the target for reading.</param>
    /// <returns>A sentence for each thing to be told.</returns>
    internal static IReadOnlyList<string> Restore(EfiBootEntries firmware, RestorePlan plan, Func<IDisk> openAgain)
    {
        // A partition restored alone changes nothing of how the PC starts.
        if (Recorded(plan.Image.Manifest.Pc) is not { Count: > 0 } recorded || plan.Partitions.Count > 0 || plan.Target.IsImageFile || !firmware.Exists) return [];
        try
        {
            using var disk = openAgain();
            var restored = PartitionTables.Read(disk).Partitions.ToDictionary(partition => partition.Number, partition => partition.Guid);
            var moved = plan.Layout.Partitions.Where(partition => Guid.TryParse(partition.Guid, out _) && restored.ContainsKey(partition.Number))
                .GroupBy(partition => Guid.Parse(partition.Guid)).ToDictionary(group => group.Key, group => Guid.TryParse(restored[group.First().Number], out var now) ? now : Guid.Empty);
            var present = firmware.Read();
            var missing = recorded.Where(option => option.Partition is { } guid && moved.TryGetValue(guid, out var now) && now != Guid.Empty)
                .Select(option => option.OnPartition(moved[option.Partition!.Value]))
                .Where(option => !present.Any(entry => entry.Option.StartsSameAs(option))).ToList();
            firmware.AddFirst(missing);
            return [.. missing.Select(option => $"The firmware did not know the boot entry '{option.Description}'; it was added in front of the others.")];
        }
        catch (Exception trouble) when (trouble is IOException or UnauthorizedAccessException or Fault)
        {
            return [$"The boot entries could not be restored ({trouble.Message}). The disk itself is restored; if the PC does not find its system, choose the disk in the firmware's menu."];
        }
    }

    private static EfiLoadOption? Read(BootEntryRecord record)
    {
        var bytes = new byte[record.Option.Length];
        return Convert.TryFromBase64String(record.Option, bytes, out var count) ? EfiLoadOption.TryParse(bytes.AsSpan(0, count)) : null;
    }
}
