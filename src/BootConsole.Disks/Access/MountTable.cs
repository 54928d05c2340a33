// What is mounted where: /proc/self/mountinfo (proc(5)).
using System.Text;
using BootConsole.Host;

namespace BootConsole.Disks.Access;

/// <summary>One mounted file system.</summary>
/// <param name="Device">Its device number; major 0 where the file system made one up (btrfs, FUSE, network).</param>
/// <param name="Point">Where it is mounted.</param>
/// <param name="Source">What it was mounted from: usually <c>/dev/…</c>.</param>
internal sealed record Mount(DeviceNumber Device, string Point, string Source)
{
    /// <summary>The block device it lies on; null for network and memory file systems.</summary>
    internal DeviceNumber? BlockDevice =>
        Device.Major != 0 ? Device
        // Without a device of its own, only the source tells: btrfs, ntfs-3g.
        : Source.StartsWith('/') && FileIdentity.Of(Source) is { Kind: FileKind.BlockDevice } identity ? identity.Device
        : null;
}

/// <summary>The mounts of this process' name space.</summary>
internal sealed class MountTable
{
    private MountTable(IReadOnlyList<Mount> mounts) => Mounts = mounts;

    /// <summary>In the order they were made.</summary>
    internal IReadOnlyList<Mount> Mounts { get; }

    internal static MountTable Read(string path = "/proc/self/mountinfo") => Parse(File.ReadLines(path));

    internal static MountTable Parse(IEnumerable<string> lines) => new([.. lines.Select(ParseLine).OfType<Mount>()]);

    /// <summary>The mount that holds an absolute path without links: the last one whose point is the longest that leads to it.</summary>
    internal Mount? Holding(string canonicalPath)
    {
        Mount? best = null;
        foreach (var mount in Mounts)
            if (LeadsTo(mount.Point, canonicalPath) && mount.Point.Length >= (best?.Point.Length ?? 0)) best = mount;
        return best;
    }

    /// <summary>Undoes the octal escapes of blanks and backslashes: <c>\040</c>.</summary>
    internal static string Unescape(string text)
    {
        if (!text.Contains('\\', StringComparison.Ordinal)) return text;
        var plain = new StringBuilder(text.Length);
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == '\\' && i + 3 < text.Length && text.AsSpan(i + 1, 3).IndexOfAnyExceptInRange('0', '7') < 0)
            {
                plain.Append((char)((text[i + 1] - '0') * 64 + (text[i + 2] - '0') * 8 + (text[i + 3] - '0')));
                i += 3;
            }
            else
            {
                plain.Append(text[i]);
            }
        }

        return plain.ToString();
    }

    // 36 35 98:0 /root /point options optional… - type source superoptions
    private static Mount? ParseLine(string line)
    {
        var fields = line.Split(' ');
        var dash = Array.IndexOf(fields, "-", Math.Min(6, fields.Length));
        return dash > 0 && dash + 2 < fields.Length && DeviceNumber.TryParse(fields[2], out var device)
            ? new Mount(device, Unescape(fields[4]), Unescape(fields[dash + 2]))
            : null;
    }

    private static bool LeadsTo(string point, string path) =>
        point == "/" || (path.StartsWith(point, StringComparison.Ordinal) && (path.Length == point.Length || path[point.Length] == '/'));
}
