// The JSON documents of network boot (docs/json.md).
using System.Text.Json.Serialization;

namespace BootConsole.Server.Output;

/// <summary>What is being served; <c>dhcp</c> is <c>proxy</c> or <c>full</c>, <c>httpPort</c> null for none.</summary>
internal sealed record ServeDocument(string Interface, string Address, string Dhcp, int? HttpPort, string Base, IReadOnlyList<string> Pcs, IReadOnlyList<ServeRefusedDocument> Refused);

/// <summary>What would be served.</summary>
internal sealed record ServePlanDocument(string Dnsmasq, string Base, IReadOnlyList<string> Files, IReadOnlyList<string> Pcs, IReadOnlyList<ServeRefusedDocument> Refused);

/// <summary>A PC that cannot boot, and why.</summary>
internal sealed record ServeRefusedDocument(string Pc, string Reason);

/// <summary>A code for one enrolment.</summary>
internal sealed record EnrolDocument(string Pc, string Code, DateTimeOffset Expires);

[JsonSourceGenerationOptions(WriteIndented = false, PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(ServeDocument))]
[JsonSerializable(typeof(ServePlanDocument))]
[JsonSerializable(typeof(EnrolDocument))]
internal sealed partial class ServeDocuments : JsonSerializerContext;
