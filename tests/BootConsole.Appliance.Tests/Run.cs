// How a run of bootconsole ended, and what every ending owes to a person.
using System.Text.Json;

namespace BootConsole.Appliance.Tests;

/// <summary>A run that has ended.</summary>
/// <param name="ExitCode">0 to 255; 128 + n when signal n ended it.</param>
/// <param name="Output">Standard output.</param>
/// <param name="Errors">Standard error.</param>
internal sealed record Run(int ExitCode, string Output, string Errors)
{
    /// <summary>The one JSON document on standard output; fails when there is anything else.</summary>
    internal JsonElement Document
    {
        get
        {
            Assert.True(Output.EndsWith('\n') && Output.Count(character => character == '\n') == 1, $"not one line of JSON: {this}");
            using var document = JsonDocument.Parse(Output);
            return document.RootElement.Clone();
        }
    }

    /// <summary>The JSON lines on standard error: progress and events. Reports of faults are not among them.</summary>
    internal IReadOnlyList<JsonElement> ProgressLines =>
        [.. Errors.Split('\n').Where(line => line.StartsWith('{')).Select(line =>
        {
            using var document = JsonDocument.Parse(line);
            return document.RootElement.Clone();
        })];

    /// <summary>Fails unless the run was a success without complaint.</summary>
    internal Run Succeeds()
    {
        Assert.True(ExitCode == 0, ToString());
        NothingRaw();
        return this;
    }

    /// <summary>Fails unless the run ended with a code and with what happened, what is safe and what to do, in this order and in words.</summary>
    /// <param name="code">The exit code.</param>
    /// <param name="words">What the report must say; all of them.</param>
    internal Run Reports(int code, params string[] words)
    {
        Assert.True(ExitCode == code, $"exit code {code} was expected: {this}");
        var lines = Errors.TrimEnd('\n').Split('\n');
        var what = Array.FindIndex(lines, line => line.StartsWith("bootconsole: ", StringComparison.Ordinal));
        var safe = lines.Length - (code == 130 ? 1 : 2);
        Assert.True(what >= 0 && safe > what && lines[safe].StartsWith("  Safe:  ", StringComparison.Ordinal), $"the report does not end with what is safe: {this}");
        Assert.True(code == 130 || lines[^1].StartsWith("  To do: ", StringComparison.Ordinal), $"the report does not end with what to do: {this}");
        Assert.All(lines[(what + 1)..], line => Assert.StartsWith("  ", line, StringComparison.Ordinal));
        var report = string.Join('\n', lines[what..]);
        foreach (var word in words) Assert.Contains(word, report, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("defect of its own", Errors, StringComparison.Ordinal);
        NothingRaw();
        return this;
    }

    /// <summary>The same under <c>--json</c>: one document whose fault says what the report says.</summary>
    internal Run ReportsJson(int code, string outcome, params string[] words)
    {
        Reports(code, words);
        Assert.Equal(outcome, Document.GetProperty("outcome").GetString());
        var fault = Document.GetProperty("fault");
        foreach (var part in new[] { "what", "safe", "remedy" })
        {
            var text = fault.GetProperty(part).GetString()!;
            Assert.True(text.Length > 0 || (part == "remedy" && code == 130), $"'{part}' is empty: {this}");
            Assert.Contains(text, Errors, StringComparison.Ordinal);
        }

        return this;
    }

    public override string ToString() => $"exit {ExitCode}\n--- output\n{Output}\n--- errors\n{Errors}";

    // No stack trace and no control character reaches a person, whatever a disk or a store holds.
    private void NothingRaw()
    {
        foreach (var text in new[] { Output, Errors })
        {
            Assert.DoesNotContain("   at ", text, StringComparison.Ordinal);
            Assert.DoesNotContain("Unhandled", text, StringComparison.Ordinal);
            Assert.DoesNotContain("System.", text, StringComparison.Ordinal);
            Assert.True(text.All(character => character == '\n' || !char.IsControl(character)), $"a control character: {this}");
        }
    }
}
