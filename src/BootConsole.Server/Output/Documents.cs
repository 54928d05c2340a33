// The JSON documents of bootserver: stable names (docs/json.md).
using System.Text.Json.Serialization;

namespace BootConsole.Server.Output;

/// <summary>What <c>media build</c> made.</summary>
/// <param name="Outcome">Always <c>done</c>.</param>
/// <param name="Medium">Kind of the medium.</param>
/// <param name="Path">The file or folder.</param>
/// <param name="Bytes">Its length, or that of its files.</param>
/// <param name="Base">The base it is made from.</param>
/// <param name="Files">What it carries for the PC besides the settings.</param>
internal sealed record MediaDocument(string Outcome, string Medium, string Path, long Bytes, MediaBaseDocument Base, IReadOnlyList<MediaFileDocument> Files);

internal sealed record MediaBaseDocument(string Version, string Kernel, DateTimeOffset Made);

internal sealed record MediaFileDocument(string Path, bool Secret);

internal sealed record ScriptDocument(string Shell, string Script);

internal sealed record FailureDocument(string Outcome, FaultDocument Fault);

internal sealed record FaultDocument(string What, string Safe, string Remedy);

[JsonSourceGenerationOptions(WriteIndented = false, PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(MediaDocument))]
[JsonSerializable(typeof(ScriptDocument))]
[JsonSerializable(typeof(FailureDocument))]
internal sealed partial class Documents : JsonSerializerContext;
