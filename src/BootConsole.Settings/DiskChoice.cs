// How a settings file or a command names disks of this PC.
using System.Diagnostics.CodeAnalysis;

namespace BootConsole.Settings;

/// <summary>
/// Names a disk, or all of them: <see cref="SerialDisk"/>, <see cref="WwnDisk"/>, <see cref="PathDisk"/>, <see cref="OnlyDisk"/> or <see cref="AllDisks"/>.
/// </summary>
public abstract record DiskChoice
{
    /// <summary>The forms <see cref="TryParse"/> reads, for messages.</summary>
    public const string Forms = "serial:…, wwn:…, an absolute path, or \"only\"";

    private const int MaxTextCharacters = 4096;

    private protected DiskChoice() { }

    /// <summary>Reads <c>serial:S</c>, <c>wwn:W</c>, <c>only</c>, <c>all</c> or an absolute path.</summary>
    /// <returns>False for anything else.</returns>
    public static bool TryParse(string text, [NotNullWhen(true)] out DiskChoice? choice)
    {
        choice = null;
        if (text.Length > MaxTextCharacters || text.Any(char.IsControl)) return false;
        if (text == "only") choice = new OnlyDisk();
        else if (text == "all") choice = new AllDisks();
        else if (IsIdentity(text, "serial:")) choice = new SerialDisk(text["serial:".Length..]);
        else if (IsIdentity(text, "wwn:")) choice = new WwnDisk(text["wwn:".Length..]);
        else if (text.StartsWith('/') && text.Length > 1) choice = new PathDisk(text);
        return choice is not null;
    }

    // Serials may hold blanks inside, but a blank at an end is a slip of the pen.
    private static bool IsIdentity(string text, string prefix) =>
        text.StartsWith(prefix, StringComparison.Ordinal) && text.Length > prefix.Length && text[prefix.Length..].Trim().Length == text.Length - prefix.Length;
}

/// <summary>The disk with a serial number.</summary>
/// <param name="Serial">The serial, without blanks at its ends.</param>
public sealed record SerialDisk(string Serial) : DiskChoice
{
    /// <inheritdoc/>
    public override string ToString() => $"serial:{Serial}";
}

/// <summary>The disk with a World Wide Name.</summary>
/// <param name="Wwn">The name as <c>lsblk</c> shows it, such as <c>0x5002538e40a1b2c3</c> or <c>eui.0025385b71b0a1c2</c>.</param>
public sealed record WwnDisk(string Wwn) : DiskChoice
{
    /// <inheritdoc/>
    public override string ToString() => $"wwn:{Wwn}";
}

/// <summary>A device or disk-image file by its path.</summary>
/// <param name="Path">Absolute path.</param>
public sealed record PathDisk(string Path) : DiskChoice
{
    /// <inheritdoc/>
    public override string ToString() => Path;
}

/// <summary>The one disk there is: refused when there are more.</summary>
public sealed record OnlyDisk : DiskChoice
{
    /// <inheritdoc/>
    public override string ToString() => "only";
}

/// <summary>Every disk that may be backed up.</summary>
public sealed record AllDisks : DiskChoice
{
    /// <inheritdoc/>
    public override string ToString() => "all";
}
