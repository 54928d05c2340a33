// The one error of the TOML reader: where it stopped and what it expected there.
namespace BootConsole.Settings.Toml;

/// <summary>
/// A text is not TOML 1.0. The message names what was expected and, at most, punctuation that was found: words, digits and string contents are never
/// repeated, because they may be a secret.
/// </summary>
public sealed class TomlSyntaxException(TomlPosition position, string what) : Exception($"{position}: {what}")
{
    /// <summary>Where the reader stopped.</summary>
    public TomlPosition Position { get; } = position;

    /// <summary>What is wrong, without the position.</summary>
    public string What { get; } = what;
}
