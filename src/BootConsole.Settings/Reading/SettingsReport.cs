// Collects everything that is wrong with one file.
using BootConsole.Settings.Toml;

namespace BootConsole.Settings.Reading;

/// <summary>The errors of a file while it is read.</summary>
internal sealed class SettingsReport(string file, TomlDocument document)
{
    private readonly List<(int At, string Key, string What, string Expected)> _errors = [];

    /// <summary>How many errors there are.</summary>
    public int Count => _errors.Count;

    /// <summary>Adds an error.</summary>
    /// <param name="at">Offset in the file.</param>
    /// <param name="key">The key with its table.</param>
    /// <param name="what">What is wrong.</param>
    /// <param name="expected">What should have stood there; empty when <paramref name="what"/> says it.</param>
    public void Add(int at, string key, string what, string expected = "") => _errors.Add((at, key, what, expected));

    /// <summary>Line of an offset, for errors that name a second place.</summary>
    public int LineOf(int at) => document.PositionOf(at).Line;

    /// <summary>The first errors in the order of the file. Only these are located: locating is linear in the length of a line.</summary>
    public IReadOnlyList<SettingsError> First(int count) =>
    [
        .. _errors.OrderBy(error => error.At).Take(count)
            .Select(error => new SettingsError(file, document.PositionOf(error.At), error.Key, error.What, error.Expected)),
    ];
}
