// Reads [restore].
using System.Globalization;
using BootConsole.Settings.Toml;

namespace BootConsole.Settings.Reading;

/// <summary>Reader of the table <c>[restore]</c>.</summary>
internal static class RestoreSection
{
    private const string DisksExpected = DiskChoice.Forms + "; several as \"0=…\", \"1=…\" by the image's disk number";
    private const string OverwriteExpected = "the serial (else WWN, else path:size) of each disk that may be overwritten";
    private const int MaxDiskNumber = 999;

    /// <summary>Reads the table.</summary>
    public static RestoreSettings Read(SectionReader section)
    {
        var disks = Disks(section);
        var overwrite = section.List<string>("overwrite", OverwriteExpected, NameText.Overwrite);
        if (!section.Has("overwrite")) section.Missing("overwrite", OverwriteExpected);
        section.RequireItems("overwrite", OverwriteExpected);
        CheckOverwrite(section, disks, [.. overwrite.Select(item => item.Value)]);
        if (!section.Has("only_differences")) section.Missing("only_differences", "true to write only what differs from the disk, false to write everything");
        return new RestoreSettings
        {
            Store = section.Required<string>("store", BackupSection.StoreExpected, BackupSection.StoreName) ?? "",
            Image = section.Required<string>("image", "\"latest\", an image id, or the beginning of one", NameText.Image) ?? "",
            Disks = [.. disks.Select(item => item.Disk)],
            Overwrite = [.. overwrite.Select(item => item.Value)],
            OnlyDifferences = section.Boolean("only_differences", false),
            Key = Key(section),
        };
    }

    private static List<(RestoreDisk Disk, int At)> Disks(SectionReader section)
    {
        if (!section.Has("disks")) section.Missing("disks", DisksExpected);
        section.RequireItems("disks", DisksExpected);
        var isAlone = section.TryFind("disks", out var value) && value is TomlArray { Items.Count: 1 };
        var items = section.List<RestoreDisk?>("disks", DisksExpected, (string text, out RestoreDisk? disk) => Disk(text, isAlone, out disk));
        var (numbers, targets) = (new HashSet<int>(), new HashSet<DiskChoice>());
        foreach (var (disk, at) in items)
        {
            if (!numbers.Add(disk!.Number)) section.FailAt(at, "disks", $"disk {disk.Number} of the image stands there twice", "each disk of the image once");
            if (!targets.Add(disk.Target))
                section.FailAt(at, "disks", $"{Quoted.Text(disk.Target.ToString()!)} stands there twice", "another disk for each disk of the image");
            if (disk.Target is OnlyDisk && items.Count > 1) section.FailAt(at, "disks", "\"only\" must stand alone", "disks by name");
        }

        return [.. items.Select(item => (item.Value!, item.At))];
    }

    private static string? Disk(string text, bool isAlone, out RestoreDisk? value)
    {
        value = null;
        var digits = text.AsSpan().IndexOfAnyExceptInRange('0', '9');
        var hasNumber = digits > 0 && text[digits] == '=';
        var number = 0;
        if (hasNumber && !TryDiskNumber(text.AsSpan(0, digits), out number)) return "has no possible disk number";
        if (!hasNumber && !isAlone) return "does not say which disk of the image it is for";
        if (!DiskChoice.TryParse(hasNumber ? text[(digits + 1)..] : text, out var target)) return "does not name a disk";
        if (target is AllDisks) return "is not for a restore: each disk is named";
        value = new RestoreDisk(number, target);
        return null;
    }

    private static bool TryDiskNumber(ReadOnlySpan<char> digits, out int number) =>
        int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out number) && number <= MaxDiskNumber;

    private static void CheckOverwrite(SectionReader section, List<(RestoreDisk Disk, int At)> disks, List<string> overwrite)
    {
        // With an error in either list there is no telling what is missing.
        if (section.HasError("disks") || section.HasError("overwrite")) return;
        if (overwrite.Distinct(StringComparer.Ordinal).Count() != overwrite.Count) section.Fail("overwrite", "an entry stands there twice", "each disk once");
        if (overwrite.Count != disks.Count) section.Fail("overwrite", $"lists {overwrite.Count} where disks lists {disks.Count}", "one entry for each disk");
        foreach (var (disk, _) in disks)
        {
            if (disk.Target is SerialDisk { Serial: var serial } && !overwrite.Contains(serial))
                section.Fail("overwrite", $"does not repeat the serial {Quoted.Text(serial)} of disks", "the serial of every disk that may be overwritten");
        }
    }

    private static RestoreKey? Key(SectionReader section)
    {
        var identity = section.Parsed<string>("identity", "", NameText.PathExpected, NameText.AbsolutePath);
        var passwordFile = section.Parsed<string>("password_file", "", NameText.PathExpected, NameText.AbsolutePath);
        var keyId = section.Parsed<string>("key_id", "", "64 lower-case hexadecimal digits, as bootconsole keys show prints them", NameText.KeyId);
        if (section.Has("identity") && section.Has("password_file")) section.Fail("password_file", "contradicts identity", "one of the two");
        if (section.Has("key_id") && !section.Has("identity")) section.Fail("key_id", "goes with identity alone", "identity beside it, or no such key");
        if (section.Has("identity")) return new IdentityKey(identity, keyId);
        return section.Has("password_file") ? new PasswordKey(passwordFile) : null;
    }
}
