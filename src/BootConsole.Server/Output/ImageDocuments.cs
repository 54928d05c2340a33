// The JSON documents of 'bootserver images' and 'bootserver seal' (docs/json.md).
using System.Text.Json.Serialization;

namespace BootConsole.Server.Output;

/// <summary>One image.</summary>
internal sealed record ImageDocument
{
    public required string Pc { get; init; }

    public required string Id { get; init; }

    public required string State { get; init; }

    public required string Kind { get; init; }

    public string? Parent { get; init; }

    public required DateTimeOffset Taken { get; init; }

    public required DateTimeOffset Seen { get; init; }

    public required long StoredBytes { get; init; }

    public required long DiskBytes { get; init; }

    public DateTimeOffset? Sealed { get; init; }

    public DateTimeOffset? Verified { get; init; }

    public string? Reason { get; init; }

    public RunningDocument? Running { get; init; }
}

internal sealed record RunningDocument(bool Living, long DoneBytes, long DiskBytes);

internal sealed record RunDocument(string Pc, DateTimeOffset Started, string What, string Outcome, string Image, string Problem);

internal sealed record TroubleDocument(string Pc, string Trouble);

internal sealed record ImagesDocument(IReadOnlyList<ImageDocument> Images, IReadOnlyList<RunDocument> Runs, IReadOnlyList<TroubleDocument> Troubles);

internal sealed record ImageDetailDocument(ImageDocument Image, IReadOnlyList<ImageDiskDocument> Disks, string? KeyId, string? Program, IReadOnlyList<string> Needs, IReadOnlyList<string> Notes);

internal sealed record ImageDiskDocument(string Model, string Serial, long Size, long? MinimumBytes);

internal sealed record VerifiedDocument(string Pc, string Id, string Outcome, long StoredBytes, string? Problem);

internal sealed record VerificationDocument(string Outcome, IReadOnlyList<VerifiedDocument> Images, FaultDocument? Fault);

internal sealed record ClearedDocument(string Pc, string Id, string Action, string Reason, bool Removed, long FreedBytes, int KeptFiles, string? Refusal);

internal sealed record ClearingDocument(string Outcome, bool DryRun, IReadOnlyList<ClearedDocument> Images, FaultDocument? Fault);

internal sealed record PublishedDocument(string Outcome, string Image, IReadOnlyList<string> Places, long CopiedBytes, long LinkedBytes);

internal sealed record SealedDocument(string Pc, string Id, bool Sealed, string? Problem);

internal sealed record SealingDocument(string Outcome, IReadOnlyList<SealedDocument> Images, FaultDocument? Fault);

[JsonSourceGenerationOptions(WriteIndented = false, PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(ImagesDocument))]
[JsonSerializable(typeof(IReadOnlyList<RunDocument>))]
[JsonSerializable(typeof(IReadOnlyList<TroubleDocument>))]
[JsonSerializable(typeof(ImageDetailDocument))]
[JsonSerializable(typeof(VerificationDocument))]
[JsonSerializable(typeof(ClearingDocument))]
[JsonSerializable(typeof(PublishedDocument))]
[JsonSerializable(typeof(SealingDocument))]
internal sealed partial class ImageDocuments : JsonSerializerContext;
