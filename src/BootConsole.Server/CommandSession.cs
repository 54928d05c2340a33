// One run of one command: its line, and where its answer goes.
using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using BootConsole.Core;
using BootConsole.Server.Commands;

namespace BootConsole.Server;

/// <summary>The surroundings of one command.</summary>
internal sealed record CommandSession(Services Services, ParseResult Line, bool IsJson, CancellationToken Cancel)
{
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
        else foreach (var line in lines) writer.WriteLine(PlainText.Of(line));
    }
}
