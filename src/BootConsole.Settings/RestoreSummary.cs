// What [restore] means, as sentences.
namespace BootConsole.Settings;

/// <summary>Describes the unattended restore.</summary>
internal static class RestoreSummary
{
    /// <summary>The unattended restore.</summary>
    public static IEnumerable<string> Lines(ApplianceSettings settings, string start, string end)
    {
        var restore = settings.Restore!;
        var image = restore.Image == "latest" ? "the latest image of this PC" : $"the image {restore.Image}";
        var disks = string.Join(" and ", restore.Disks.Select(disk => Disk(disk, restore.Disks.Count > 1)));
        yield return $"{start}, {image} in \"{restore.Store}\" ({settings.Store(restore.Store)}) is written to {disks}; then {end}.";
        var noun = restore.Overwrite.Count == 1 ? "the disk" : "the disks";
        yield return $"This OVERWRITES {noun} {string.Join(", ", restore.Overwrite)}; any other disk is refused.";
        yield return restore.OnlyDifferences ? "Only chunks that differ from what is on the disk are written." : "Every used chunk is written.";
        yield return restore.Key switch
        {
            IdentityKey { KeyId.Length: > 0 } identity =>
                $"The image opens with the identity in {identity.IdentityFile} and must have the key id {identity.KeyId}.",
            IdentityKey identity => $"The image opens with the identity in {identity.IdentityFile}; no key id is pinned, so who made the image is not proved.",
            PasswordKey password => $"The image opens with the password in {password.PasswordFile}.",
            _ => "The image must not be encrypted: no key is named.",
        };
    }

    private static string Disk(RestoreDisk disk, bool isOneOfSeveral) =>
        isOneOfSeveral ? $"{BackupSummary.Disk(disk.Target)} (disk {disk.Number} of the image)" : BackupSummary.Disk(disk.Target);
}
