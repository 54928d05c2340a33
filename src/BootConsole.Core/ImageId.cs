// The name of an image: its UTC time, the PC and the name the user gave. It is also the name of its folder.
using System.Globalization;

namespace BootConsole.Core;

/// <summary>An image's name, such as <c>2026-11-21T060400Z_office-pc_before-update</c>. Names sort by time. The characters are those every file system takes.</summary>
public sealed record ImageId
{
    /// <summary>Longest id in characters; ids are ASCII.</summary>
    public const int MaxLength = 150;

    private const string TimeFormat = "yyyy-MM-dd'T'HHmmss'Z'";

    private ImageId(string text, DateTimeOffset time, string pc, string name) => (Text, Time, Pc, Name) = (text, time, pc, name);

    /// <summary>The id as text.</summary>
    public string Text { get; }

    /// <summary>When the backup was begun, UTC, whole seconds.</summary>
    public DateTimeOffset Time { get; }

    /// <summary>The PC's part of the id.</summary>
    public string Pc { get; }

    /// <summary>The user's part of the id.</summary>
    public string Name { get; }

    /// <summary>Makes the id of an image begun at <paramref name="time"/>.</summary>
    /// <param name="time">Any offset; kept as UTC whole seconds.</param>
    /// <param name="pc">See <see cref="IsPart"/>.</param>
    /// <param name="name">See <see cref="IsPart"/>.</param>
    /// <exception cref="UsageFault">A part is not allowed in an id.</exception>
    public static ImageId Create(DateTimeOffset time, string pc, string name)
    {
        if (!IsPart(pc)) throw NotAPart("the PC's name", pc);
        if (!IsPart(name)) throw NotAPart("the image's name", name);
        var text = time.ToUniversalTime().ToString(TimeFormat, CultureInfo.InvariantCulture) + $"_{pc}_{name}";
        return TryParse(text, out var id) ? id : throw new UsageFault("the year must have four digits") { Which = text };
    }

    /// <summary>Reads an id.</summary>
    /// <returns>False when the text is not exactly of the form that <see cref="Create"/> makes.</returns>
    public static bool TryParse(string? text, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out ImageId? id)
    {
        id = null;
        if (text is null || text.Length > MaxLength) return false;
        var parts = text.Split('_');
        if (parts.Length != 3 || !IsPart(parts[1]) || !IsPart(parts[2])) return false;
        if (!DateTimeOffset.TryParseExact(parts[0], TimeFormat, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time)) return false;
        if (parts[0].Length != 18) return false;
        id = new ImageId(text, time.ToUniversalTime(), parts[1], parts[2]);
        return true;
    }

    /// <summary>True for 1 to 60 of the characters <c>A-Z a-z 0-9 . -</c>, not starting with a dot or dash.</summary>
    public static bool IsPart(string text) =>
        text.Length is > 0 and <= 60 && char.IsAsciiLetterOrDigit(text[0]) && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-');

    /// <summary>Turns any text into a part of an id: other characters become dashes; empty gives <paramref name="fallback"/>.</summary>
    public static string ToPart(string text, string fallback)
    {
        var mapped = new string([.. text.Select(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' ? c : '-').Take(60)]).Trim('-', '.');
        return mapped.Length > 0 ? mapped : fallback;
    }

    /// <inheritdoc/>
    public override string ToString() => Text;

    private static UsageFault NotAPart(string what, string found) =>
        new($"{what} is not allowed") { Found = found, Expected = "1 to 60 of A-Z a-z 0-9 . - (not starting with . or -)" };
}
