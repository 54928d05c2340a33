// What is on a partition, as blkid's low-level probing sees it.
using System.Globalization;
using System.Text;
using BootConsole.Host;

namespace BootConsole.Disks.UsedMaps;

/// <summary>Kind, label and UUID of what a partition holds.</summary>
/// <param name="Type">As blkid names it; empty when nothing was recognised.</param>
internal sealed record FileSystemIdentity(string Type)
{
    private const int MaxTextLength = 256;

    /// <summary>Label, free of control characters.</summary>
    internal string Label { get; init; } = "";

    /// <summary>UUID as blkid shows it.</summary>
    internal string Uuid { get; init; } = "";

    /// <summary>The kinds found when there are several, such as <c>vfat, ext2</c>; else empty.</summary>
    internal string Ambivalence { get; init; } = "";

    /// <summary>True when there is a partition table inside the partition and nothing else.</summary>
    internal bool IsTable { get; init; }

    /// <summary>Asks <c>blkid -p</c>, which reads the disk itself, not a cache, and works on files too.</summary>
    /// <remarks>The output form <c>udev</c> keeps UTF-8 labels, escapes all that could end a line, and names the kinds of an ambivalent partition (exit 8);
    /// <c>export</c> does neither in the C locale.</remarks>
    internal static async Task<FileSystemIdentity> ReadAsync(MapTarget target, CancellationToken cancel)
    {
        var result = await target.Tools.RunAsync(
            new ProgramCall(
                "blkid",
                "-p", "-o", "udev",
                "-O", target.Range.Start.ToString(CultureInfo.InvariantCulture),
                "-S", target.Range.Length.ToString(CultureInfo.InvariantCulture),
                target.Disk.Info.CanonicalPath)
            { OutputLimit = 1 << 16 },
            cancel);
        return result.ExitCode switch
        {
            0 => Parse(result.Output),
            8 => Parse(result.Output) with { Type = "" },
            2 => new FileSystemIdentity(""),
            _ => throw new UnprovenMapException("the program blkid could not look at it"),
        };
    }

    private static FileSystemIdentity Parse(string output)
    {
        var values = new Dictionary<string, string>();
        foreach (var line in output.Split('\n'))
        {
            var equals = line.IndexOf('=', StringComparison.Ordinal);
            if (equals > 0) values.TryAdd(line[..equals], line[(equals + 1)..]);
        }

        // "filesystem:vfat:FAT16 filesystem:ext2:1.0"
        var kinds = values.GetValueOrDefault("ID_FS_AMBIVALENT", "").Split(' ', StringSplitOptions.RemoveEmptyEntries)
            .Select(kind => Clean(kind.Split(':').ElementAtOrDefault(1) ?? ""));
        return new FileSystemIdentity(Clean(values.GetValueOrDefault("ID_FS_TYPE", "")))
        {
            Label = Clean(Decode(values.GetValueOrDefault("ID_FS_LABEL_ENC", ""))),
            Uuid = Clean(Decode(values.GetValueOrDefault("ID_FS_UUID_ENC", ""))),
            Ambivalence = string.Join(", ", kinds),
            IsTable = values.ContainsKey("ID_PART_TABLE_TYPE") && !values.ContainsKey("ID_FS_TYPE"),
        };
    }

    // udev writes a byte that is neither plain nor part of valid UTF-8 as \x and two digits.
    private static string Decode(string text)
    {
        var bytes = new List<byte>();
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == '\\' && i + 3 < text.Length && text[i + 1] == 'x' && byte.TryParse(text.AsSpan(i + 2, 2), NumberStyles.AllowHexSpecifier, null, out var value))
            {
                bytes.Add(value);
                i += 3;
            }
            else if (Rune.TryGetRuneAt(text, i, out var rune))
            {
                bytes.AddRange(Encoding.UTF8.GetBytes(rune.ToString()));
                i += rune.Utf16SequenceLength - 1;
            }
        }

        return Encoding.UTF8.GetString([.. bytes]);
    }

    // A label can hold terminal commands, line ends, or marks that turn the writing direction; it is shown on screens and written to logs and manifests.
    private static string Clean(string text)
    {
        var clean = new StringBuilder();
        foreach (var rune in text.EnumerateRunes())
        {
            if (clean.Length >= MaxTextLength) break;
            var plain = Rune.GetUnicodeCategory(rune) is not (UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.Surrogate or UnicodeCategory.PrivateUse
                or UnicodeCategory.OtherNotAssigned or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator);
            clean.Append(plain ? rune.ToString() : "\uFFFD");
        }

        return clean.ToString().Trim();
    }
}
