// base.json: what the maker of a base wrote down about it (buildroot/build writes it).
using System.Text.Json.Serialization;

namespace BootConsole.Media.Bases;

/// <summary>The record of a base. Only what boot media need is read; the bill of materials in it is for people.</summary>
internal sealed record BaseRecord
{
    /// <summary>Version of BootConsole in the base.</summary>
    public string? Version { get; init; }

    /// <summary>Release of the kernel, as <c>uname -r</c> says it.</summary>
    public string? Kernel { get; init; }

    /// <summary>The date of the base; boot media have the same.</summary>
    public DateTimeOffset? Built { get; init; }

    /// <summary>The files of the base by name.</summary>
    public IReadOnlyDictionary<string, BaseFileRecord>? Files { get; init; }
}

/// <summary>A file of the base.</summary>
/// <param name="Sha256">SHA-256 in hexadecimal.</param>
internal sealed record BaseFileRecord(string? Sha256);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, MaxDepth = 16)]
[JsonSerializable(typeof(BaseRecord))]
internal sealed partial class BaseRecordContext : JsonSerializerContext;
