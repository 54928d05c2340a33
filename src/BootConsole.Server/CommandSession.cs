// One run of one command: its line, and where its answer goes.
using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using BootConsole.Core;
using BootConsole.Server.Commands;
using BootConsole.Server.Output;

namespace BootConsole.Server;

/// <summary>The surroundings of one command.</summary>
internal sealed record CommandSession(Services Services, ParseResult Line, bool IsJson, CancellationToken Cancel)
{
    private const int PieceCharacters = 64 << 10;

    /// <summary>The server's folder that the line names.</summary>
    /// <exception cref="UsageFault">There is no server.</exception>
    internal ServerTree Tree => ServerTree.Of(Line.GetValue(CommandTree.Root)!);

    /// <summary>Prints the answer: lines for people, or one document.</summary>
    /// <param name="lines">The lines; control characters in them become question marks.</param>
    /// <param name="document">The document for <c>--json</c>.</param>
    /// <param name="type">Its type.</param>
    internal void Answer<T>(IEnumerable<string> lines, T document, JsonTypeInfo<T> type)
    {
        var writer = Services.Output.Profile.Out.Writer;
        if (IsJson) writer.WriteLine(JsonSerializer.Serialize(document, type));
        // Never the console's own WriteLine: it would wrap what scripts read.
        else Write(writer, lines);
    }

    /// <summary>Prints an answer that is text already: plain lines with their ends, or one document.</summary>
    /// <param name="write">Writes it, in large pieces: a console is flushed with each call.</param>
    internal void Answer(Action<TextWriter> write) => write(Services.Output.Profile.Out.Writer);

    // In large pieces: a console is flushed with each call, and a list may have a hundred thousand lines.
    private static void Write(TextWriter writer, IEnumerable<string> lines)
    {
        var text = new System.Text.StringBuilder();
        foreach (var line in lines)
        {
            text.Append(PlainText.Of(line)).Append('\n');
            if (text.Length < PieceCharacters) continue;
            writer.Write(text.ToString());
            text.Clear();
        }

        writer.Write(text.ToString());
    }

    /// <summary>Prints the answer of work of which a part did not succeed, and what happened to that part on standard error.</summary>
    /// <param name="lines">The lines for people.</param>
    /// <param name="document">The document for <c>--json</c>; it holds the report too.</param>
    /// <param name="type">Its type.</param>
    /// <param name="report">What happened; null when all succeeded.</param>
    internal ExitCode Answer<T>(IEnumerable<string> lines, T document, JsonTypeInfo<T> type, FaultReport? report)
    {
        Answer(lines, document, type);
        foreach (var line in report?.Lines() ?? []) Services.Errors.Profile.Out.Writer.WriteLine(PlainText.Of(line));
        return report?.Code ?? ExitCode.Done;
    }
}
