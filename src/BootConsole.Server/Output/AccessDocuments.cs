// The JSON document of bootserver authorize (docs/json.md).
using System.Text.Json.Serialization;

namespace BootConsole.Server.Output;

/// <summary>What a certificate may do now.</summary>
/// <param name="Access"><c>full</c>, <c>no-new-images</c> or <c>read-only</c>.</param>
/// <param name="Reason">Why it is not full; else empty.</param>
/// <param name="Line">The line that sshd reads.</param>
internal sealed record AccessDocument(string Access, string Reason, string Line);

[JsonSourceGenerationOptions(WriteIndented = false, PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(AccessDocument))]
internal sealed partial class AccessDocuments : JsonSerializerContext;
