// One thing that is wrong in a settings file.
using BootConsole.Settings.Toml;

namespace BootConsole.Settings;

/// <summary>An error of a settings file. Values that may be a secret, or lead to one, are never repeated.</summary>
/// <param name="File">The file's name as it was given.</param>
/// <param name="Position">Line and column of the value, the key, or the table that lacks something.</param>
/// <param name="Key">The key with its table, such as <c>backup.level</c>; empty when the file is not TOML.</param>
/// <param name="What">What is wrong.</param>
/// <param name="Expected">What should have stood there; empty when <paramref name="What"/> says it.</param>
public sealed record SettingsError(string File, TomlPosition Position, string Key, string What, string Expected)
{
    /// <summary><c>file:line:column: key: what; expected …</c></summary>
    public override string ToString() =>
        $"{File}:{Position.Line}:{Position.Column}: {(Key.Length > 0 ? Key + ": " : "")}{What}{(Expected.Length > 0 ? "; expected " + Expected : "")}";
}
