// The name of a segment and of its table: the first chunk it covers and the attempt that wrote it.
using System.Globalization;

namespace BootConsole.Images;

/// <summary>First chunk and attempt of a segment, written <c>0000a000-1</c>: eight hexadecimal digits, a dash, the attempt in decimal.</summary>
/// <param name="FirstChunk">Index of the first chunk on the disk.</param>
/// <param name="Attempt">1 for the first writing of this range, then counted up; at most 9,999.</param>
/// <param name="IsEncrypted">True when the files are age files: their names then end in <c>.age</c>.</param>
public readonly record struct SegmentName(uint FirstChunk, int Attempt, bool IsEncrypted = false)
{
    /// <summary>Highest attempt number.</summary>
    public const int MaxAttempt = 9_999;

    private const string SegmentSuffix = ".zst";
    private const string TableSuffix = ".table.zst";
    private const string AgeSuffix = ".age";

    /// <summary>File name of the segment.</summary>
    public string SegmentFile => this + SegmentSuffix + Ending;

    /// <summary>File name of the table.</summary>
    public string TableFile => this + TableSuffix + Ending;

    private string Ending => IsEncrypted ? AgeSuffix : "";

    /// <summary>Reads the name of a segment file.</summary>
    public static bool TryParseSegment(string file, out SegmentName name) => TryParse(file, SegmentSuffix, out name);

    /// <summary>Reads the name of a table file.</summary>
    public static bool TryParseTable(string file, out SegmentName name) => TryParse(file, TableSuffix, out name);

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{FirstChunk:x8}-{Attempt}");

    private static bool TryParse(string file, string suffix, out SegmentName name)
    {
        name = default;
        var isEncrypted = file.EndsWith(AgeSuffix, StringComparison.Ordinal);
        if (isEncrypted) file = file[..^AgeSuffix.Length];
        if (!file.EndsWith(suffix, StringComparison.Ordinal)) return false;
        var stem = file.AsSpan(0, file.Length - suffix.Length);
        if (stem.Length is < 10 or > 13 || stem[8] != '-') return false;
        if (!uint.TryParse(stem[..8], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var first)) return false;
        if (!int.TryParse(stem[9..], NumberStyles.None, CultureInfo.InvariantCulture, out var attempt) || attempt is < 1 or > MaxAttempt) return false;
        name = new SegmentName(first, attempt, isEncrypted);
        return name.ToString().AsSpan().SequenceEqual(stem);
    }
}
