// JSON of the store's records: written for people, read as hostile.
using System.Text.Json;
using System.Text.Json.Serialization;
using BootConsole.Core;

namespace BootConsole.Images;

/// <summary>Serializers generated at build time, so that the trimmed program needs no reflection.</summary>
[JsonSourceGenerationOptions(
    WriteIndented = true,
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    UseStringEnumConverter = true,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true,
    AllowDuplicateProperties = false,
    MaxDepth = 16)]
[JsonSerializable(typeof(Manifest))]
[JsonSerializable(typeof(StateRecord))]
[JsonSerializable(typeof(LayoutRecord))]
[JsonSerializable(typeof(LeaseRecord))]
[JsonSerializable(typeof(BadSegmentRecord))]
[JsonSerializable(typeof(FormatHeader))]
[JsonSerializable(typeof(ContractRecord))]
internal sealed partial class ImageJsonContext : JsonSerializerContext;

/// <summary>What every record tells before anything else is believed.</summary>
internal sealed record FormatHeader(string? Format, int? Version);

/// <summary>Reads and writes the store's JSON records.</summary>
public static class ImageJson
{
    /// <summary>Longest manifest that is read: about 100,000 segments, far beyond any disk.</summary>
    public const int MaxManifestBytes = 32 << 20;

    /// <summary>Longest other record that is read.</summary>
    public const int MaxRecordBytes = 1 << 20;

    /// <summary>Longest layout that is read: both ends of the disk in base64, 1 MiB each, with partitions and tables between them.</summary>
    public const int MaxLayoutBytes = 8 << 20;

    // A property that the JSON leaves out is set to null by the generated code, its initializer notwithstanding: the optional ones turn that into nothing themselves.
    // Enum names as the documents show them: full, copy, running …
    private static readonly ImageJsonContext Context = new(new JsonSerializerOptions(ImageJsonContext.Default.Options)
    {
        Converters =
        {
            new JsonStringEnumConverter<ImageKind>(JsonNamingPolicy.CamelCase, allowIntegerValues: false),
            new JsonStringEnumConverter<JobState>(JsonNamingPolicy.CamelCase, allowIntegerValues: false),
        },
    });

    private static readonly ImageJsonContext ContractContext = new(new JsonSerializerOptions(ImageJsonContext.Default.Options) { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower });

    /// <summary>The bytes of a manifest, ending with a newline.</summary>
    public static byte[] Write(Manifest manifest) => WithNewline(JsonSerializer.SerializeToUtf8Bytes(manifest, Context.Manifest));

    /// <summary>The bytes of a state record.</summary>
    public static byte[] Write(StateRecord state) => WithNewline(JsonSerializer.SerializeToUtf8Bytes(state, Context.StateRecord));

    /// <summary>The bytes of a layout.</summary>
    public static byte[] Write(LayoutRecord layout) => WithNewline(JsonSerializer.SerializeToUtf8Bytes(layout, Context.LayoutRecord));

    /// <summary>Reads a manifest and checks everything that can be checked without other files.</summary>
    /// <exception cref="CorruptFault">Not a manifest, of another version, or with values that cannot be.</exception>
    public static Manifest ReadManifest(ReadOnlySpan<byte> bytes, ImageId id)
    {
        var which = StoreNames.Manifest(id).Text;
        CheckHeader(bytes, Manifest.FormatName, Manifest.CurrentVersion, which);
        var manifest = Read(bytes, Context.Manifest, which);
        ManifestRules.Check(manifest, id);
        return manifest;
    }

    /// <summary>Reads a state record.</summary>
    /// <exception cref="CorruptFault">Not a state record of this image, or of another version.</exception>
    public static StateRecord ReadState(ReadOnlySpan<byte> bytes, ImageId id)
    {
        var which = StoreNames.State(id).Text;
        CheckHeader(bytes, StateRecord.FormatName, 1, which);
        var state = Read(bytes, Context.StateRecord, which);
        if (state.Id != id.Text) throw new CorruptFault("the state record names another image") { Which = which, Expected = id.Text, Found = state.Id };
        // A name that cannot be read is a need that nobody knows.
        if (HasHoles(state.RefersTo) || !state.RefersTo.All(image => ImageId.TryParse(image, out _))) throw new CorruptFault("the state record refers to what is no image") { Which = which };
        if (state.Parent is not null && !ImageId.TryParse(state.Parent, out _)) throw new CorruptFault("the state record names a parent that is no image") { Which = which };
        if (HasHoles(state.Disks) || state.Pad is < 0 or > 255 || (state.KeyId is not null && !ChunkHash.TryParse(state.KeyId, out _))) throw new CorruptFault("the state record is damaged") { Which = which };
        return state;
    }

    /// <summary>Reads a layout.</summary>
    /// <exception cref="CorruptFault">Not a layout.</exception>
    public static LayoutRecord ReadLayout(ReadOnlySpan<byte> bytes, string which)
    {
        var layout = Read(bytes, Context.LayoutRecord, which);
        return HasHoles(layout.Partitions) || HasHoles(layout.OtherSectors) ? throw new CorruptFault("the layout is damaged") { Which = which, Found = "an empty entry in a list" } : layout;
    }

    /// <summary>True when a list has an empty entry: the serializer holds properties against null, not the elements of lists.</summary>
    internal static bool HasHoles<T>(IReadOnlyList<T> list)
        where T : class => list.Any(element => element is null);

    internal static byte[] Write(LeaseRecord lease) => WithNewline(JsonSerializer.SerializeToUtf8Bytes(lease, Context.LeaseRecord));

    internal static byte[] Write(BadSegmentRecord bad) => WithNewline(JsonSerializer.SerializeToUtf8Bytes(bad, Context.BadSegmentRecord));

    /// <summary>The bytes of a contract, as servers write it: with names in snake case.</summary>
    public static byte[] Write(ContractRecord contract) => WithNewline(JsonSerializer.SerializeToUtf8Bytes(contract, ContractContext.ContractRecord));

    /// <summary>Reads a contract.</summary>
    /// <exception cref="CorruptFault">Not a contract, or of another version.</exception>
    internal static ContractRecord ReadContract(ReadOnlySpan<byte> bytes)
    {
        var contract = Read(bytes, ContractContext.ContractRecord, StoreNames.Contract.Text);
        return contract.Version == 1 ? contract : throw new CorruptFault("the contract is of another version") { Which = StoreNames.Contract.Text, Expected = "version 1", Found = $"version {contract.Version}" };
    }

    internal static BadSegmentRecord? TryReadBad(ReadOnlySpan<byte> bytes)
    {
        try
        {
            return JsonSerializer.Deserialize(bytes, Context.BadSegmentRecord);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    internal static LeaseRecord? TryReadLease(ReadOnlySpan<byte> bytes)
    {
        try
        {
            return JsonSerializer.Deserialize(bytes, Context.LeaseRecord);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static void CheckHeader(ReadOnlySpan<byte> bytes, string format, int version, string which)
    {
        var header = Read(bytes, Context.FormatHeader, which);
        if (header.Format != format) throw new CorruptFault("the file is not what its name says") { Which = which, Expected = format, Found = header.Format ?? "nothing" };
        if (header.Version == version) return;
        throw new CorruptFault("the file is of another version of the format")
        {
            Which = which,
            Expected = $"version {version}",
            Found = $"version {header.Version}",
            Remedy = "Use the version of BootConsole that made the image, or a newer one.",
        };
    }

    private static T Read<T>(ReadOnlySpan<byte> bytes, System.Text.Json.Serialization.Metadata.JsonTypeInfo<T> type, string which)
        where T : class
    {
        try
        {
            return JsonSerializer.Deserialize(bytes, type) ?? throw new CorruptFault("the file holds nothing") { Which = which };
        }
        catch (JsonException cause)
        {
            throw new CorruptFault("the file is damaged", cause) { Which = which, Found = $"bad JSON at line {cause.LineNumber + 1}" };
        }
    }

    private static byte[] WithNewline(byte[] json) => [.. json, (byte)'\n'];
}
