// When are two records about the same disk? By serial number or WWN; by path only where there is neither.
namespace BootConsole.Images;

/// <summary>Matches disks of a PC across backups (docs/format.md, "Kinds").</summary>
public static class DiskMatch
{
    /// <summary>True when both records are about one disk, whatever its size is now.</summary>
    public static bool IsSame(StateDisk left, StateDisk right) => IsSame((left.Serial, left.Wwn, left.Path), (right.Serial, right.Wwn, right.Path));

    /// <summary>True when both records are about one disk, whatever its size is now.</summary>
    public static bool IsSame(StateDisk left, ManifestDisk right) => IsSame((left.Serial, left.Wwn, left.Path), (right.Serial, right.Wwn, right.Path));

    private static bool IsSame((string Serial, string Wwn, string Path) left, (string Serial, string Wwn, string Path) right)
    {
        if (left.Serial.Length > 0 && right.Serial.Length > 0) return left.Serial == right.Serial;
        if (left.Wwn.Length > 0 && right.Wwn.Length > 0) return left.Wwn == right.Wwn;
        return left.Serial.Length + right.Serial.Length + left.Wwn.Length + right.Wwn.Length == 0 && left.Path == right.Path;
    }
}
