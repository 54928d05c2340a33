// An array: values in square brackets, or the tables of [[name]] headers.
namespace BootConsole.Settings.Toml;

/// <summary>A list of values, of mixed kinds if the file says so.</summary>
public sealed class TomlArray : TomlValue
{
    private List<TomlValue>? _items;

    internal TomlArray(int at, bool ofTables) : base(at) => IsOfTables = ofTables;

    /// <summary>True for an array made by <c>[[name]]</c> headers, false for one written in square brackets (which nothing may extend later).</summary>
    public bool IsOfTables { get; }

    /// <summary>The values in order.</summary>
    public IReadOnlyList<TomlValue> Items => _items ?? (IReadOnlyList<TomlValue>)[];

    /// <inheritdoc/>
    public override string Noun => IsOfTables ? "an array of tables" : "an array";

    internal void Add(TomlValue value) => (_items ??= []).Add(value);
}
