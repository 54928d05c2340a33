// Reads [backup].
using BootConsole.Core;
using BootConsole.Settings.Toml;

namespace BootConsole.Settings.Reading;

/// <summary>Reader of the table <c>[backup]</c>.</summary>
internal static class BackupSection
{
    public const string DisksExpected = DiskChoice.Forms + " or \"all\" alone";

    private const string LevelExpected = "\"auto\" or a whole number from 1 to 19";

    private static readonly (string, BackupKind)[] Kinds =
        [("full", BackupKind.Full), ("copy", BackupKind.Copy), ("differential", BackupKind.Differential), ("incremental", BackupKind.Incremental)];

    /// <summary>Reads the table.</summary>
    public static BackupSettings Read(SectionReader section) => new()
    {
        Store = section.Parsed<string>("store", "", StoreExpected, StoreName),
        Disks = Disks(section),
        Name = section.Parsed<string>("name", "backup", NameText.PartExpected, NameText.Part),
        Kind = section.Parsed("kind", BackupKind.Full, NameText.Words(Kinds), NameText.OneOf(Kinds)),
        Level = Level(section),
        Pad = (byte)section.Integer("pad", 0, 0, 255),
        LimitBytesPerSecond = section.Parsed<long>("limit", 0, "a rate such as \"50 Mbit/s\", or \"0\" for no limit", Rate),
        Encryption = EncryptionKeys.Read(section),
        Verify = section.Boolean("verify", false),
        SegmentByRate = SegmentTable.Read(section),
        RetryFor = section.Parsed("retry_for", TimeSpan.FromHours(12), TimeText.DurationExpected, TimeText.Duration),
    };

    public const string StoreExpected = "\"server\" or the name of a [[storage]]";

    /// <summary>The name of a store; whether it exists is checked when all tables are read.</summary>
    public static string? StoreName(string text, out string value)
    {
        value = text;
        return ImageId.IsPart(text) ? null : "cannot be the name of a store";
    }

    /// <summary>A link rate in bytes per second.</summary>
    public static string? Rate(string text, out long value) => ByteSize.TryParseRate(text, out value) ? null : "is not a rate";

    private static int? Level(SectionReader section)
    {
        if (!section.TryFind("level", out var value) || value is TomlString { Text: "auto" }) return null;
        if (value is TomlInteger { Number: >= 1 and <= 19 } level) return (int)level.Number;
        if (value is TomlInteger other) section.Fail("level", $"{other.Number} is out of range", LevelExpected);
        else if (value is TomlString text) section.Fail("level", $"{Quoted.Text(text.Text)} is no level", LevelExpected);
        else section.WrongType("level", value, LevelExpected);
        return null;
    }

    private static List<DiskChoice> Disks(SectionReader section)
    {
        var items = section.List<DiskChoice?>("disks", DisksExpected, NameText.Disk);
        section.RequireItems("disks", DisksExpected);
        var seen = new HashSet<DiskChoice>();
        foreach (var (disk, at) in items)
        {
            if (disk is OnlyDisk or AllDisks && items.Count > 1) section.FailAt(at, "disks", $"\"{disk}\" must stand alone", "one entry, or disks by name");
            else if (!seen.Add(disk!)) section.FailAt(at, "disks", $"{Quoted.Text(disk!.ToString()!)} stands there twice", "each disk once");
        }

        return [.. items.Select(item => item.Value!)];
    }
}
