// Turns offsets in a UTF-8 text into lines and columns, on demand: values store one integer, and nobody counts columns of a file without errors.
namespace BootConsole.Settings.Toml;

/// <summary>The lines of a text.</summary>
internal sealed class TomlLines(byte[] text)
{
    private readonly Lazy<List<int>> _starts = new(() => Starts(text));

    /// <summary>Line and column of an offset; an offset past the end gives the end.</summary>
    public TomlPosition Locate(int at)
    {
        at = Math.Min(at, text.Length);
        var found = _starts.Value.BinarySearch(at);
        var line = found >= 0 ? found : ~found - 1;
        // The byte order mark stands before the first start: nobody sees it.
        var start = Math.Min(_starts.Value[Math.Max(line, 0)], at);
        return new TomlPosition(Math.Max(line, 0) + 1, CountCharacters(text.AsSpan(start, at - start)) + 1);
    }

    private static List<int> Starts(byte[] text)
    {
        var starts = new List<int> { TomlEncoding.MarkLength(text) };
        for (var at = Array.IndexOf(text, (byte)'\n'); at >= 0; at = Array.IndexOf(text, (byte)'\n', at + 1)) starts.Add(at + 1);
        return starts;
    }

    // Every character has one byte that is not 10xxxxxx.
    private static int CountCharacters(ReadOnlySpan<byte> utf8)
    {
        var count = 0;
        foreach (var unit in utf8)
        {
            if ((unit & 0xC0) != 0x80) count++;
        }

        return count;
    }
}
