// What a server is: etc/server.json, written by init.
using System.Text.Json;
using System.Text.Json.Serialization;
using BootConsole.Core;

namespace BootConsole.Server;

/// <summary>How PCs are kept apart.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<ServerKind>))]
internal enum ServerKind
{
    /// <summary>Made by root: each PC has a system user of its own and is shut into its store.</summary>
    [JsonStringEnumMemberName("system")]
    System,

    /// <summary>Made by an ordinary user, as whom all PCs come in: they are not kept apart from each other.</summary>
    [JsonStringEnumMemberName("private")]
    Private,
}

/// <summary>What a server is. It changes with <c>init</c> alone.</summary>
internal sealed record ServerFacts
{
    /// <summary>The version that this program writes and reads.</summary>
    internal const int CurrentVersion = 1;

    /// <summary>The system user that keeps the catalogue of a system server and answers sshd.</summary>
    internal const string SystemAccount = "bootserver";

    /// <summary>The version of the file.</summary>
    public int Version { get; init; } = CurrentVersion;

    /// <summary>The name by which PCs reach the server, and which its host certificate proves.</summary>
    public required string Host { get; init; }

    /// <summary>Further names and addresses that the host certificate proves.</summary>
    public IReadOnlyList<string> Addresses { get; init; } = [];

    /// <summary>The port that PCs reach sshd at.</summary>
    public required int Port { get; init; }

    /// <summary>How PCs are kept apart.</summary>
    public required ServerKind Kind { get; init; }

    /// <summary>The user that keeps the catalogue and answers sshd: <see cref="SystemAccount"/>, or of a private server the one who made it, as whom all PCs come in.</summary>
    public string Account { get; init; } = SystemAccount;

    /// <summary>True where every PC has a user of its own.</summary>
    internal bool IsSystem => Kind == ServerKind.System;

    /// <summary>Reads them.</summary>
    /// <exception cref="HostFault">They are missing: <c>init</c> did not come to its end.</exception>
    /// <exception cref="CorruptFault">They are damaged, or of a newer program.</exception>
    internal static ServerFacts Read(ServerTree tree)
    {
        ServerFacts? facts;
        try
        {
            facts = JsonSerializer.Deserialize(File.ReadAllBytes(tree.Facts), FactsDocuments.Default.ServerFacts);
        }
        catch (FileNotFoundException missing)
        {
            throw new HostFault("this server is not finished", missing) { Which = tree.Facts, Remedy = $"Run 'bootserver init {tree.Root} --host NAME' again; it goes on where it was cut." };
        }
        catch (JsonException damage)
        {
            throw new CorruptFault("the file that says what this server is cannot be read", damage) { Which = tree.Facts, Found = PlainText.Of(damage.Message), Remedy = "Take the file from a copy (docs/bootserver.md, \"Copies\")." };
        }

        return facts is { Version: CurrentVersion } ? facts : throw new CorruptFault("the file that says what this server is has an unknown version") { Which = tree.Facts, Expected = $"version {CurrentVersion}", Found = $"{facts?.Version}", Remedy = "A newer bootserver made it: install that one again." };
    }

    /// <summary>Writes them: whole, or not at all.</summary>
    internal void Write(ServerTree tree) => WholeFile.Write(tree.Facts, JsonSerializer.Serialize(this, FactsDocuments.Default.ServerFacts) + "\n", WholeFile.ReadableByAll);
}

[JsonSourceGenerationOptions(WriteIndented = false, PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(ServerFacts))]
internal sealed partial class FactsDocuments : JsonSerializerContext;
