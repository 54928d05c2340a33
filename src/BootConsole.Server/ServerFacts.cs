// What a server is: its name, its port, and whether each PC has a user of its own (etc/server.json).
using System.Text.Json;
using System.Text.Json.Serialization;
using BootConsole.Core;

namespace BootConsole.Server;

/// <summary>The facts that <c>init</c> wrote down.</summary>
internal sealed record ServerFacts(int Version, string Host, int Port, string Kind)
{
    /// <summary>True where every PC has a user of its own; false where all come in as the server's owner.</summary>
    [JsonIgnore]
    internal bool IsSystem => Kind == "system";
}
