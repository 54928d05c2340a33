// The record of one try of an unattended run: what was asked, what happened, how it ended, in lines of bounded number and length. Pure.
using System.Globalization;
using System.Text;
using BootConsole.Appliance.Output;
using BootConsole.Core;

namespace BootConsole.Appliance.Unattended;

/// <summary>Collects the lines of a record. Thread-safe: jobs report from several threads.</summary>
/// <param name="clock">Dates the lines.</param>
internal sealed class RunNotes(TimeProvider clock)
{
    // Together well below RunRecords.MaxBytes: a line that flaps all night must not fill a store.
    private const int MostFirst = 100, MostLast = 120, MostCharacters = 400;

    private readonly Lock _lock = new();
    private readonly List<string> _first = [];
    private readonly Queue<string> _last = new();
    private int _dropped;

    /// <summary>Adds a line that is no event: <c>key: value</c>.</summary>
    internal void Add(string key, string value) => AddLine($"{key}: {value}");

    /// <summary>Adds an event with its time.</summary>
    internal void Event(string text) => AddLine($"event: {Time(clock.GetUtcNow())} {text}");

    /// <summary>The whole record.</summary>
    internal string Text
    {
        get
        {
            lock (_lock)
            {
                var text = new StringBuilder();
                foreach (var line in _first) text.Append(line).Append('\n');
                if (_dropped > 0) text.Append(CultureInfo.InvariantCulture, $"dropped: {_dropped} lines\n");
                foreach (var line in _last) text.Append(line).Append('\n');
                return text.ToString();
            }
        }
    }

    /// <summary>A time as records write it.</summary>
    internal static string Time(DateTimeOffset time) => time.ToUniversalTime().ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    private void AddLine(string line)
    {
        // One line each, and nothing that moves a cursor when somebody looks at it with cat.
        var plain = PlainText.Of(line);
        if (plain.Length > MostCharacters) plain = plain[..MostCharacters] + "…";
        lock (_lock)
        {
            if (_first.Count < MostFirst)
            {
                _first.Add(plain);
                return;
            }

            _last.Enqueue(plain);
            if (_last.Count <= MostLast) return;
            _last.Dequeue();
            _dropped++;
        }
    }
}
