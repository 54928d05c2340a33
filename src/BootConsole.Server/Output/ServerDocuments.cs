// The JSON documents of the commands for the server as a whole (docs/json.md).
using System.Text.Json.Serialization;

namespace BootConsole.Server.Output;

/// <summary>The server that <c>init</c> made; its kind is <c>system</c> or <c>private</c>.</summary>
internal sealed record InitDocument(string Outcome, string Root, string Host, int Port, string Kind, string Account);

/// <summary>The sshd that takes the place of <c>bootserver sshd</c>; an empty address is all of them.</summary>
internal sealed record SshdDocument(string Outcome, string Address, int Port, string Configuration);

/// <summary>What <c>copy</c> made, and which older copies it removed.</summary>
internal sealed record CopyDocument(string Outcome, string Path, IReadOnlyList<string> Removed);

/// <summary>The authorities that are trusted.</summary>
internal sealed record AuthoritiesDocument(IReadOnlyList<AuthorityDocument> Authorities);

/// <summary>One authority: <c>kind</c> is <c>user</c> or <c>host</c>, <c>state</c> is <c>current</c> or <c>former</c>.</summary>
internal sealed record AuthorityDocument(string Kind, string State, string Fingerprint, string PublicKey);

/// <summary>What <c>doctor</c> found; <c>outcome</c> is <c>ok</c>, <c>warning</c> or <c>fault</c>, the worst of all.</summary>
internal sealed record DoctorDocument(string Outcome, IReadOnlyList<FindingDocument> Findings);

/// <summary>One finding; <c>level</c> is <c>ok</c>, <c>warning</c> or <c>fault</c>.</summary>
internal sealed record FindingDocument(string Level, string Check, string What, string Remedy);

[JsonSourceGenerationOptions(WriteIndented = false, PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(InitDocument))]
[JsonSerializable(typeof(SshdDocument))]
[JsonSerializable(typeof(CopyDocument))]
[JsonSerializable(typeof(AuthoritiesDocument))]
[JsonSerializable(typeof(DoctorDocument))]
internal sealed partial class ServerDocuments : JsonSerializerContext;
