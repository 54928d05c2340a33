// The name of a file or folder in a store: plain parts below the store's top, and nothing else.
using BootConsole.Core;

namespace BootConsole.Stores;

/// <summary>
/// A path relative to the top of a store, with <c>/</c> between its parts. A part has 1 to 200 of the characters <c>A-Z a-z 0-9 . _ -</c> and does not start
/// with a dot or a dash, so no path can leave the store. The top itself is <see cref="Top"/>.
/// </summary>
public readonly record struct StorePath
{
    private readonly string? _text;

    private StorePath(string text) => _text = text;

    /// <summary>The store's own folder.</summary>
    public static StorePath Top => default;

    /// <summary>The path as text; empty for <see cref="Top"/>.</summary>
    public string Text => _text ?? "";

    /// <summary>The last part; empty for <see cref="Top"/>.</summary>
    public string Name => Text[(Text.LastIndexOf('/') + 1)..];

    /// <summary>The folder that holds it; <see cref="Top"/> for a file at the top.</summary>
    public StorePath Folder => Text.LastIndexOf('/') is var slash and > 0 ? new StorePath(Text[..slash]) : Top;

    /// <summary>Makes a path from text the program itself wrote.</summary>
    /// <exception cref="ArgumentException">Not a plain path.</exception>
    public static StorePath Of(string text) => TryParse(text, out var path) ? path : throw new ArgumentException($"'{text}' is not a plain store path", nameof(text));

    /// <summary>Reads a path that came from a store.</summary>
    /// <returns>False when a part is empty, too long, or has another character.</returns>
    public static bool TryParse(string? text, out StorePath path)
    {
        path = default;
        if (text is null || text.Length > 1000) return false;
        if (text.Length > 0 && !text.Split('/').All(IsPart)) return false;
        // The top has one form only, or two equal paths would differ.
        path = text.Length == 0 ? Top : new StorePath(text);
        return true;
    }

    /// <summary>True when <paramref name="text"/> may be one part of a path.</summary>
    public static bool IsPart(string text) =>
        text.Length is > 0 and <= 200 && text[0] is not ('.' or '-') && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '-');

    /// <summary>The path of <paramref name="text"/> (one part or several) below <paramref name="folder"/>.</summary>
    public static StorePath operator /(StorePath folder, string text) => Of(folder.Text.Length == 0 ? text : folder.Text + "/" + text);

    /// <inheritdoc/>
    public override string ToString() => Text;
}
