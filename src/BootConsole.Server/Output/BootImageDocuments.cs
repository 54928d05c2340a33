// The JSON documents of bases and boot images: stable names (docs/json.md).
using System.Text.Json.Serialization;

namespace BootConsole.Server.Output;

/// <summary>An imported base.</summary>
/// <param name="Base">Its name, which <c>bootimage build --base</c> takes.</param>
/// <param name="Version">BootConsole's version in it.</param>
/// <param name="Kernel">Its kernel's release.</param>
/// <param name="Made">When it was made.</param>
/// <param name="Imported">When it was imported.</param>
/// <param name="Sha256">SHA-256 of its base.json.</param>
internal sealed record BaseDocument(string Base, string Version, string Kernel, DateTimeOffset Made, DateTimeOffset Imported, string Sha256)
{
    /// <summary>Of an import: <c>imported</c>, <c>there</c> or <c>repaired</c>; not in lists.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Outcome { get; init; }
}

internal sealed record BasesDocument(IReadOnlyList<BaseDocument> Bases);

/// <summary>A boot image that was issued.</summary>
/// <param name="Serial">Its number, and its certificate's serial number.</param>
/// <param name="Pc">The PC it is for.</param>
/// <param name="Medium"><c>iso</c>, <c>usb</c>, <c>pxe</c> or <c>uki</c>.</param>
/// <param name="Mode"><c>network</c> or <c>local</c>.</param>
/// <param name="State"><c>valid</c>, <c>revoked</c>, <c>expired</c>; <c>no-key</c> for one that opens nothing.</param>
/// <param name="Base">The base it is made from; null when that is unknown.</param>
/// <param name="Issued">When it was issued.</param>
/// <param name="ValidUntil">Until when its certificate is valid; null without one.</param>
/// <param name="Revoked">When it was revoked; null when it was not.</param>
/// <param name="KeyId">The certificate's key id, which sshd logs.</param>
/// <param name="PublicKey">The key, as a line of OpenSSH; empty without one.</param>
/// <param name="Sha256">SHA-256 of the medium; empty for a tree.</param>
internal sealed record BootImageDocument(
    long Serial, string Pc, string Medium, string Mode, string State, string? Base, DateTimeOffset Issued, DateTimeOffset? ValidUntil, DateTimeOffset? Revoked, string KeyId, string PublicKey, string Sha256);

internal sealed record BootImagesDocument(IReadOnlyList<BootImageDocument> BootImages);

/// <summary>What <c>bootimage build</c> made.</summary>
/// <param name="Outcome">Always <c>done</c>.</param>
/// <param name="Path">The file or folder.</param>
/// <param name="Bytes">Its length, or that of its files.</param>
/// <param name="BootImage">What the catalogue says of it.</param>
/// <param name="Files">What it carries for the PC besides the settings.</param>
/// <param name="Device">The device it was written to; null when to none.</param>
internal sealed record BuiltDocument(string Outcome, string Path, long Bytes, BootImageDocument BootImage, IReadOnlyList<MediaFileDocument> Files, string? Device);

[JsonSourceGenerationOptions(WriteIndented = false, PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(BaseDocument))]
[JsonSerializable(typeof(BasesDocument))]
[JsonSerializable(typeof(BootImageDocument))]
[JsonSerializable(typeof(BootImagesDocument))]
[JsonSerializable(typeof(BuiltDocument))]
internal sealed partial class BootImageDocuments : JsonSerializerContext;
