// The JSON documents that --json prints: stable names, UTC times (docs/json.md).
using System.Text.Json;
using System.Text.Json.Serialization;
using BootConsole.Images;

namespace BootConsole.Appliance.Output;

/// <summary>How a job ended.</summary>
internal sealed record JobDocument
{
    public required string Outcome { get; init; }

    public string? Image { get; init; }

    public CountsDocument? Counts { get; init; }

    public RatesDocument? Rates { get; init; }

    public FaultDocument? Fault { get; init; }

    public IReadOnlyList<string>? Plan { get; init; }

    public IReadOnlyList<string>? Warnings { get; init; }

    public IReadOnlyList<DifferentDocument>? Different { get; init; }
}

internal sealed record CountsDocument
{
    public long? Data { get; init; }

    public long? Same { get; init; }

    public long? Zero { get; init; }

    public long? Unused { get; init; }

    public long? Unreadable { get; init; }

    public long? UnreadableBytes { get; init; }

    public long? ReadBytes { get; init; }

    public long? StoredBytes { get; init; }

    public long? ComparedBytes { get; init; }

    public long? FetchedBytes { get; init; }

    public long? WrittenBytes { get; init; }

    public long? DiscardedBytes { get; init; }

    public long? Chunks { get; init; }

    public long? FreedBytes { get; init; }

    public int? KeptFiles { get; init; }
}

/// <summary>Times in seconds; rates in bytes per second.</summary>
internal sealed record RatesDocument
{
    public required double Seconds { get; init; }

    public double? VerifySeconds { get; init; }

    public double? ReadBackSeconds { get; init; }

    public double? ReadBytesPerSecond { get; init; }

    public double? StoredBytesPerSecond { get; init; }

    public double? WrittenBytesPerSecond { get; init; }
}

/// <summary>Bytes of a disk that are not what the image has.</summary>
internal sealed record DifferentDocument(int Disk, long Start, long Length);

internal sealed record FaultDocument(string What, string Safe, string Remedy);

/// <summary>Answer of <c>keys</c>.</summary>
internal sealed record KeySetsDocument(IReadOnlyList<KeySetDocument> KeySets);

/// <summary>One key set: its id, its wraps, and the images that need it.</summary>
internal sealed record KeySetDocument(string Id, IReadOnlyList<string> Wraps, IReadOnlyList<string> Images);

internal sealed record ImagesDocument(IReadOnlyList<ImageDocument> Images);

internal sealed record ImageDocument
{
    public required string Id { get; init; }

    public required string Pc { get; init; }

    public required string Name { get; init; }

    public string? Kind { get; init; }

    public required string State { get; init; }

    public required DateTimeOffset Created { get; init; }

    public required IReadOnlyList<ImageDiskDocument> Disks { get; init; }

    public long? StoredBytes { get; init; }

    public string? Published { get; init; }

    public string? Reason { get; init; }
}

internal sealed record ImageDiskDocument(string Model, string Serial, long Size, long UnreadableBytes, long? MinimumBytes = null);

internal sealed record PruneDocument
{
    public required string Outcome { get; init; }

    public required bool DryRun { get; init; }

    public required IReadOnlyList<PrunedImageDocument> Images { get; init; }

    public required CountsDocument Counts { get; init; }

    public FaultDocument? Fault { get; init; }
}

internal sealed record PrunedImageDocument
{
    public required string Id { get; init; }

    public required string Pc { get; init; }

    public required string Name { get; init; }

    public required string Action { get; init; }

    public required string Reason { get; init; }

    public required bool Removed { get; init; }

    public long? FreedBytes { get; init; }

    public int? KeptFiles { get; init; }

    public string? Refusal { get; init; }
}

internal sealed record DisksDocument(IReadOnlyList<DiskDocument> Disks);

internal sealed record DiskDocument
{
    public required string Path { get; init; }

    public required long Size { get; init; }

    public required int SectorBytes { get; init; }

    public required int PhysicalSectorBytes { get; init; }

    public required string Model { get; init; }

    public required string Serial { get; init; }

    public required string Wwn { get; init; }

    public required string Attachment { get; init; }

    public required string OverwriteToken { get; init; }

    public string? Table { get; init; }

    public required IReadOnlyList<PartitionDocument> Partitions { get; init; }

    public required IReadOnlyList<string> BackupRefusals { get; init; }

    public required IReadOnlyList<string> RestoreRefusals { get; init; }
}

internal sealed record PartitionDocument(int Number, long Start, long Length, string Type, string Name, string FileSystem, string Label);

internal sealed record ShowDocument(Manifest Manifest, IReadOnlyList<LayoutRecord> Layouts);

internal sealed record ProgressDocument(string Stage, long Bytes, long TotalBytes, IReadOnlyDictionary<string, double> Rates, string? Bottleneck, double? SecondsLeft, int? Level = null);

internal sealed record EventDocument(string Event);

internal sealed record CompletionDocument(string Shell, string Script);

internal sealed record CheckConfigDocument(bool Valid, IReadOnlyList<string> Meaning, IReadOnlyList<string> Errors);

/// <summary>Answer of <c>setup</c>.</summary>
internal sealed record SetupDocument(string Outcome, IReadOnlyList<string> Done, FaultDocument? Fault);

/// <summary>Answer of <c>enrol</c>: where the key is now.</summary>
internal sealed record EnrolDocument(string Outcome, string Pc, string Identity);

[JsonSourceGenerationOptions(
    WriteIndented = false,
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    UseStringEnumConverter = true)]
[JsonSerializable(typeof(JobDocument))]
[JsonSerializable(typeof(ImagesDocument))]
[JsonSerializable(typeof(KeySetsDocument))]
[JsonSerializable(typeof(PruneDocument))]
[JsonSerializable(typeof(DisksDocument))]
[JsonSerializable(typeof(ShowDocument))]
[JsonSerializable(typeof(ProgressDocument))]
[JsonSerializable(typeof(EventDocument))]
[JsonSerializable(typeof(CheckConfigDocument))]
[JsonSerializable(typeof(CompletionDocument))]
[JsonSerializable(typeof(SetupDocument))]
[JsonSerializable(typeof(EnrolDocument))]
internal sealed partial class DocumentContext : JsonSerializerContext;

/// <summary>Writes documents.</summary>
internal static class Documents
{
    // Enum names as everywhere in the product: full, copy …
    internal static DocumentContext Context { get; } = new(new JsonSerializerOptions(DocumentContext.Default.Options)
    {
        Converters = { new JsonStringEnumConverter<ImageKind>(JsonNamingPolicy.CamelCase) },
    });
}
