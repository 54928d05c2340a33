// Which parts of a disk or disk-image file are mounted on this machine right now.
using System.Globalization;
using System.Text.RegularExpressions;
using BootConsole.Core;

namespace BootConsole.Disks.UsedMaps;

/// <summary>
/// A mounted file system changes while it is mapped, and the device of a map is a loop device of ours, so that no program's own check ("is it mounted?") sees it.
/// Found by <c>/proc/self/mountinfo</c> (proc(5)), <c>/sys/dev/block</c> and <c>/sys/fs/btrfs</c>.
/// </summary>
internal static partial class MountedRanges
{
    private const int SysfsSectorBytes = 512;

    /// <summary>The mounted ranges of a disk, in no order.</summary>
    internal static IEnumerable<ByteRange> Of(DiskInfo disk)
    {
        foreach (var line in File.ReadLines("/proc/self/mountinfo"))
        {
            // 36 35 8:1 /root /point options optional… - type source superoptions
            var fields = line.Split(' ');
            var dash = Array.IndexOf(fields, "-");
            if (fields.Length < 3 || dash < 0 || dash + 2 >= fields.Length) continue;
            var source = Octal().Replace(fields[dash + 2], match => ((char)Convert.ToInt32(match.Groups[1].Value, 8)).ToString());
            // Programs in user space (ntfs-3g) mount a file or device without the kernel knowing more than its name.
            if (source == disk.Path || source == disk.CanonicalPath) yield return new ByteRange(0, disk.Length);
            else if (RangeOn(disk, $"/sys/dev/block/{fields[2]}") is { } range) yield return range;
        }

        // btrfs shows a device number that it made up; sysfs names the devices of each file system that is mounted.
        foreach (var device in new Finding.SysfsBlock("/sys").BtrfsDevices().SelectMany(names => names))
            if (RangeOn(disk, $"/sys/class/block/{device}") is { } range) yield return range;
    }

    // The range of the disk that a block device of the kernel stands for; null when it is on another disk.
    private static ByteRange? RangeOn(DiskInfo disk, string link)
    {
        // File systems without a device of their own (tmpfs, proc) have no link.
        if (!Directory.Exists(link) || Directory.ResolveLinkTarget(link, returnFinalTarget: true) is not { } device) return null;
        try
        {
            if (!File.Exists(Path.Combine(device.FullName, "partition"))) return WholeOn(disk, device.FullName);
            var start = ReadNumber(device.FullName, "start") * SysfsSectorBytes;
            var parent = WholeOn(disk, Path.GetDirectoryName(device.FullName) ?? "");
            return parent is { } whole ? new ByteRange(whole.Start + start, ReadNumber(device.FullName, "size") * SysfsSectorBytes) : null;
        }
        catch (IOException)
        {
            // Unmounted and detached while we looked.
            return null;
        }
    }

    private static ByteRange? WholeOn(DiskInfo disk, string folder)
    {
        if (!disk.IsImageFile) return Path.GetFileName(folder) == Path.GetFileName(disk.CanonicalPath) ? new ByteRange(0, disk.Length) : null;
        var backing = Path.Combine(folder, "loop", "backing_file");
        if (!File.Exists(backing) || File.ReadAllText(backing).TrimEnd('\n') != disk.CanonicalPath) return null;
        var offset = ReadNumber(folder, "loop/offset");
        var limit = ReadNumber(folder, "loop/sizelimit");
        return new ByteRange(offset, limit > 0 ? limit : Math.Max(0, disk.Length - offset));
    }

    private static long ReadNumber(string folder, string name) =>
        long.TryParse(File.ReadAllText(Path.Combine(folder, name)).Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0;

    [GeneratedRegex(@"\\([0-7]{3})")]
    private static partial Regex Octal();
}
