// Every key of a settings file: what the readers may ask for, and what suggestions are made from.
namespace BootConsole.Settings.Reading;

/// <summary>The tables and keys of a settings file.</summary>
internal static class KnownKeys
{
    private const int MaxSuggestedCharacters = 40;

    /// <summary>Keys by table, in the order of the documentation.</summary>
    public static IReadOnlyDictionary<string, string[]> Tables { get; } = new Dictionary<string, string[]>(StringComparer.Ordinal)
    {
        ["pc"] = ["name", "address", "gateway", "dns", "vlan", "keyboard", "timezone"],
        ["server"] = ["url", "host_keys", "host_key_alias", "identity", "jump", "enrol"],
        ["storage"] = ["name", "url", "credentials", "host_keys", "host_key_alias", "identity", "jump"],
        ["backup"] =
        [
            "store", "disks", "name", "kind", "level", "pad", "limit", "encryption", "password_file", "recipients", "table_key",
            "verify", "segment_by_rate", "retry_for",
        ],
        ["restore"] = ["store", "image", "disks", "overwrite", "only_differences", "identity", "key_id", "password_file"],
        ["job"] = ["action", "at", "jitter", "afterwards", "on_failure", "countdown"],
    };

    // Values that are secrets when someone mistakes them for their file, or that tell where a secret lies.
    private static readonly HashSet<string> Hidden =
        new(["url", "credentials", "host_keys", "identity", "jump", "enrol", "password_file", "recipients", "table_key"], StringComparer.Ordinal);

    /// <summary>True when the value of a key may be repeated in an error.</summary>
    public static bool MayShow(string key) => !Hidden.Contains(key);

    /// <summary>What the writer of an unknown key may have meant, in parentheses; empty when nothing is near.</summary>
    public static string Suggestion(string table, string key)
    {
        if (key.Length > MaxSuggestedCharacters) return "";
        if (Nearest(key, Tables[table]) is { } near) return $" (did you mean {near}?)";
        var home = Tables.FirstOrDefault(other => other.Value.Contains(key)).Key;
        return home is null ? "" : $" ({key} belongs in {Header(home)})";
    }

    /// <summary>The same for an unknown table, or a key before the first table.</summary>
    public static string TableSuggestion(string name)
    {
        if (name.Length > MaxSuggestedCharacters) return "";
        if (Nearest(name, [.. Tables.Keys]) is { } near) return $" (did you mean {Header(near)}?)";
        var home = Tables.FirstOrDefault(other => other.Value.Contains(name)).Key;
        return home is null ? "" : $" ({name} belongs in {Header(home)})";
    }

    /// <summary>A table as its header is written.</summary>
    public static string Header(string table) => table == "storage" ? "[[storage]]" : $"[{table}]";

    /// <summary>The candidate that is few typing slips away, or null: one slip in short words, two or three in long ones.</summary>
    public static string? Nearest(string word, IReadOnlyList<string> candidates) => candidates
        .Select(candidate => (Candidate: candidate, Slips: TypingSlips.Between(word, candidate)))
        .Where(entry => entry.Slips <= Math.Max(1, Math.Min(word.Length, entry.Candidate.Length) / 3) && entry.Slips < entry.Candidate.Length)
        .OrderBy(entry => entry.Slips)
        .Select(entry => entry.Candidate)
        .FirstOrDefault();
}
