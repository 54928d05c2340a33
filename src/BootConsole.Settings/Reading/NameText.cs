// Names, paths and choices in settings files.
using System.Diagnostics.CodeAnalysis;
using BootConsole.Core;

namespace BootConsole.Settings.Reading;

/// <summary>Parsers of plain texts.</summary>
internal static class NameText
{
    public const string PartExpected = "1 to 60 of the characters A-Z a-z 0-9 . - (not . or - first)";
    public const string PathExpected = "an absolute path such as /etc/bootconsole/…";

    private const int MaxPathCharacters = 4095;

    /// <summary>A part of an image's name.</summary>
    public static string? Part(string text, out string value)
    {
        value = text;
        return ImageId.IsPart(text) ? null : "cannot be part of an image's name";
    }

    /// <summary>An absolute path: a relative one would mean another file for each folder that a program is started in.</summary>
    public static string? AbsolutePath(string text, out string value)
    {
        value = text;
        if (Quoted.IsSecret(text)) return "is a secret key: put it into a file and give the file's path";
        if (text.Length is 0 or > MaxPathCharacters || text.Any(char.IsControl)) return "cannot be a path";
        return text.StartsWith('/') && text.Length > 1 ? null : "is not an absolute path";
    }

    /// <summary>One of a few words.</summary>
    public static TextParser<T> OneOf<T>(params (string Word, T Value)[] choices) => (string text, [MaybeNull] out T value) =>
    {
        var found = choices.Where(choice => choice.Word == text).ToList();
        value = found.Count > 0 ? found[0].Value : default!;
        if (found.Count > 0) return null;
        return KnownKeys.Nearest(text, [.. choices.Select(choice => choice.Word)]) is { } near ? $"is unknown (did you mean \"{near}\"?)" : "is unknown";
    };

    /// <summary>The words of <see cref="OneOf"/> as a list for messages.</summary>
    public static string Words<T>(params (string Word, T Value)[] choices) =>
        string.Join(", ", choices[..^1].Select(choice => $"\"{choice.Word}\"")) + $" or \"{choices[^1].Word}\"";

    /// <summary>A keyboard layout: a plain file name, because one is looked up by it.</summary>
    public static string? Keyboard(string text, out string value)
    {
        value = text;
        return text.Length <= 60 && IsPlain(text, "._-()") && !text.Contains("..", StringComparison.Ordinal) ? null : "cannot be a keyboard layout";
    }

    /// <summary>An image id, a beginning of one, or <c>latest</c>.</summary>
    public static string? Image(string text, out string value)
    {
        value = text;
        return text.Length <= ImageId.MaxLength && IsPlain(text, "._-") ? null : "cannot be the id of an image";
    }

    /// <summary>What a person repeats to have a disk overwritten.</summary>
    public static string? Overwrite(string text, out string value)
    {
        value = text;
        return text.Length is > 0 and <= MaxPathCharacters && text.Trim() == text && !text.Any(char.IsControl) ? null : "cannot be a serial number";
    }

    /// <summary>A key id: SHA-256 in hexadecimal.</summary>
    public static string? KeyId(string text, out string value)
    {
        value = text;
        return ChunkHash.TryParse(text, out _) ? null : "is not a key id";
    }

    /// <summary>A disk.</summary>
    public static string? Disk(string text, out DiskChoice? value) => DiskChoice.TryParse(text, out value) ? null : "does not name a disk";

    private static bool IsPlain(string text, string others) =>
        text.Length > 0 && char.IsAsciiLetterOrDigit(text[0]) && text.All(c => char.IsAsciiLetterOrDigit(c) || others.Contains(c, StringComparison.Ordinal));
}
