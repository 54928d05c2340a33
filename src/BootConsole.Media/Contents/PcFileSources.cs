// Where the files come from that a PC's settings name: a tree of the administrator, or whoever makes the medium.
namespace BootConsole.Media.Contents;

/// <summary>The sources of a PC's files.</summary>
/// <param name="Tree">The tree: its <c>etc/bootconsole/x</c> becomes <c>/etc/bootconsole/x</c>. Null when none was given.</param>
public sealed record PcFileSources(string? Tree)
{
    /// <summary>Files that are made for this medium, by the paths that the settings call them; they go before those of the tree.</summary>
    public IReadOnlyDictionary<string, byte[]> Made { get; init; } = new Dictionary<string, byte[]>();

    /// <summary>Files that the settings name and this medium does not carry: the PC gets them elsewhere.</summary>
    public IReadOnlySet<string> Withheld { get; init; } = new HashSet<string>();
}
