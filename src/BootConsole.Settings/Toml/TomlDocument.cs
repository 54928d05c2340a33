// A TOML file that was read: its table, and line and column of everything in it.
namespace BootConsole.Settings.Toml;

/// <summary>The result of <see cref="TomlReader.Read"/>.</summary>
public sealed class TomlDocument
{
    private readonly TomlLines _lines;

    internal TomlDocument(TomlTable root, TomlLines lines) => (Root, _lines) = (root, lines);

    /// <summary>The table of the file itself.</summary>
    public TomlTable Root { get; }

    /// <summary>Line and column of an offset, as <see cref="TomlValue.At"/> or <see cref="TomlEntry.KeyAt"/> gives it.</summary>
    public TomlPosition PositionOf(int at) => _lines.Locate(at);
}
