// What a TOML file can hold, each value with the place it was read from.
namespace BootConsole.Settings.Toml;

/// <summary>A TOML value: one of the seven sealed classes of this folder. <see cref="TomlDocument.PositionOf"/> turns its place into line and column.</summary>
public abstract class TomlValue
{
    private protected TomlValue(int at) => At = at;

    /// <summary>Offset of the value's first byte in the file.</summary>
    public int At { get; }

    /// <summary>What the value is, in words with an article, for messages: <c>a string</c>, <c>an integer</c> …</summary>
    public abstract string Noun { get; }
}

/// <summary>A string of Unicode scalar values.</summary>
public sealed class TomlString(int at, string text) : TomlValue(at)
{
    /// <summary>The string, escapes resolved.</summary>
    public string Text { get; } = text;

    /// <inheritdoc/>
    public override string Noun => "a string";
}

/// <summary>A whole number of 64 bits.</summary>
public sealed class TomlInteger(int at, long number) : TomlValue(at)
{
    /// <summary>The number.</summary>
    public long Number { get; } = number;

    /// <inheritdoc/>
    public override string Noun => "an integer";
}

/// <summary>An IEEE 754 binary64 number, infinities and NaN included.</summary>
public sealed class TomlFloat(int at, double number) : TomlValue(at)
{
    /// <summary>The number.</summary>
    public double Number { get; } = number;

    /// <inheritdoc/>
    public override string Noun => "a float";
}

/// <summary><c>true</c> or <c>false</c>.</summary>
public sealed class TomlBoolean(int at, bool truth) : TomlValue(at)
{
    /// <summary>The truth value.</summary>
    public bool Truth { get; } = truth;

    /// <inheritdoc/>
    public override string Noun => "a boolean";
}
