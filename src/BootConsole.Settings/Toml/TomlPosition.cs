// Where something stands in a TOML file, as people and editors count.
namespace BootConsole.Settings.Toml;

/// <summary>A place in a text: line and column, both from 1; columns count Unicode characters, not bytes.</summary>
/// <param name="Line">Line, from 1.</param>
/// <param name="Column">Character in the line, from 1.</param>
public readonly record struct TomlPosition(int Line, int Column) : IComparable<TomlPosition>
{
    /// <summary>Orders as in the text.</summary>
    public int CompareTo(TomlPosition other) => Line != other.Line ? Line.CompareTo(other.Line) : Column.CompareTo(other.Column);

    /// <summary>Orders as in the text.</summary>
    public static bool operator <(TomlPosition left, TomlPosition right) => left.CompareTo(right) < 0;

    /// <summary>Orders as in the text.</summary>
    public static bool operator >(TomlPosition left, TomlPosition right) => left.CompareTo(right) > 0;

    /// <summary>Orders as in the text.</summary>
    public static bool operator <=(TomlPosition left, TomlPosition right) => left.CompareTo(right) <= 0;

    /// <summary>Orders as in the text.</summary>
    public static bool operator >=(TomlPosition left, TomlPosition right) => left.CompareTo(right) >= 0;

    /// <inheritdoc/>
    public override string ToString() => $"line {Line}, column {Column}";
}
