// Who holds a device that the kernel calls busy, in words.
using BootConsole.Host;

namespace BootConsole.Disks.Access;

/// <summary>Looks at mounts, swap and the holders that sysfs lists, for a disk and its partitions. Asked only after the kernel said "busy": it explains, it does
/// not decide.</summary>
internal static class DeviceUsers
{
    /// <summary>Sentences such as "/dev/sda2 is mounted at /mnt"; one that says so when nobody can be named.</summary>
    internal static IReadOnlyList<string> Of(string canonicalPath)
    {
        if (FileIdentity.Of(canonicalPath) is not { Kind: FileKind.BlockDevice } identity) return ["something that could not be named"];
        var disk = new BlockName(canonicalPath, identity.Device);
        var blocks = Parts(disk).Prepend(disk).ToArray();
        var users = Mounts(blocks).Concat(Swaps(blocks)).Concat(blocks.SelectMany(Holders)).Distinct().ToArray();
        return users.Length > 0 ? users : ["another program has it open"];
    }

    private static IEnumerable<string> Mounts(BlockName[] blocks)
    {
        foreach (var mount in MountTable.Read().Mounts)
        {
            if (mount.BlockDevice is { } device && Array.Find(blocks, block => block.Device == device) is { } block)
                yield return $"{block.Path} is mounted at {mount.Point}";
        }
    }

    private static IEnumerable<string> Swaps(BlockName[] blocks)
    {
        foreach (var line in File.ReadLines("/proc/swaps").Skip(1))
        {
            var path = MountTable.Unescape(line.Split(' ', 2)[0]);
            if (FileIdentity.Of(path) is { Kind: FileKind.BlockDevice } swap && Array.Find(blocks, block => block.Device == swap.Device) is { } block)
                yield return $"{block.Path} is in use as swap";
        }
    }

    private static IEnumerable<string> Holders(BlockName block)
    {
        var folder = $"/sys/dev/block/{block.Device}/holders";
        if (!Directory.Exists(folder)) return [];
        return Directory.EnumerateFileSystemEntries(folder).Select(holder => $"{block.Path} is held by {Path.GetFileName(holder)}");
    }

    private static IEnumerable<BlockName> Parts(BlockName disk)
    {
        var folder = $"/sys/dev/block/{disk.Device}";
        if (!Directory.Exists(folder)) yield break;
        foreach (var part in Directory.EnumerateDirectories(folder))
        {
            if (File.Exists($"{part}/partition") && DeviceNumber.TryParse(File.ReadAllText($"{part}/dev"), out var number))
                yield return new BlockName($"/dev/{Path.GetFileName(part)}", number);
        }
    }

    private sealed record BlockName(string Path, DeviceNumber Device);
}
