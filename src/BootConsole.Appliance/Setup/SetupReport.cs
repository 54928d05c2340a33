// What the set-up of a booted PC did, and what it could not do.
using System.Text.Json.Serialization;

namespace BootConsole.Appliance.Setup;

/// <summary>Something that could not be done.</summary>
/// <param name="What">What happened, as a sentence.</param>
/// <param name="Remedy">What to do, as a sentence.</param>
internal sealed record SetupTrouble(string What, string Remedy);

/// <summary>What was done, as sentences, and what was not.</summary>
internal sealed record SetupReport(IReadOnlyList<string> Done, IReadOnlyList<SetupTrouble> Troubles)
{
    /// <summary>Nothing yet.</summary>
    internal static SetupReport Empty { get; } = new([], []);

    /// <summary>The report with a sentence more.</summary>
    internal SetupReport And(string done) => this with { Done = [.. Done, done] };

    /// <summary>The report with a trouble more.</summary>
    internal SetupReport Or(string what, string remedy) => this with { Troubles = [.. Troubles, new SetupTrouble(what, remedy)] };

    /// <summary>Both reports.</summary>
    internal SetupReport And(SetupReport other) => new([.. Done, .. other.Done], [.. Troubles, .. other.Troubles]);
}

/// <summary>The network's part, as the file says it.</summary>
internal sealed record NetworkStatus(DateTimeOffset Time, IReadOnlyList<string> Done, IReadOnlyList<SetupTrouble> Troubles);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(NetworkStatus))]
internal sealed partial class NetworkStatusContext : JsonSerializerContext;
