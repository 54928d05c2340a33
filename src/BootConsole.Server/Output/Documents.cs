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
/// <param name="Device">The device it was written to; null when to none.</param>
internal sealed record MediaDocument(string Outcome, string Medium, string Path, long Bytes, MediaBaseDocument Base, IReadOnlyList<MediaFileDocument> Files, string? Device);

internal sealed record WrittenDocument(string Outcome, string Path, string Device, long Bytes);

internal sealed record MediaBaseDocument(string Version, string Kernel, DateTimeOffset Made);

internal sealed record MediaFileDocument(string Path, bool Secret);

internal sealed record ScriptDocument(string Shell, string Script);

/// <summary>The manual pages that were written.</summary>
internal sealed record ManualDocument(string Outcome, string Folder, IReadOnlyList<string> Pages);

internal sealed record FailureDocument(string Outcome, FaultDocument Fault);

internal sealed record FaultDocument(string What, string Safe, string Remedy);

/// <summary>A contract; <c>state</c> is <c>not-begun</c>, <c>running</c>, <c>grace</c> (ended, restores only) or <c>over</c>.</summary>
internal sealed record ContractDocument(
    string Name, string Customer, string State, string From, string? Until, int GraceDays, long? SpaceBytes, long? Images, string Deletion, IReadOnlyList<string> Media, string Keep, int MinimumAgeDays, int? OverdueDays, int Pcs);

internal sealed record ContractsDocument(IReadOnlyList<ContractDocument> Contracts);

/// <summary>A PC; <c>lastImage</c> is when the server first saw its newest finished image, null for never.</summary>
internal sealed record PcDocument(
    string Name, string Contract, string Customer, string State, IReadOnlyList<string> Cards, string Address, string? Gateway, DateTimeOffset? LastImage, long Images, long StoredBytes, bool Overdue);

internal sealed record PcsDocument(IReadOnlyList<PcDocument> Pcs);

/// <summary>A PC that is gone; its store was <c>kept</c> or <c>deleted</c>.</summary>
internal sealed record PcRemovedDocument(string Outcome, string Name, int Images, string Store);

/// <summary>A storage; its kind is <c>storage</c> or <c>relay</c>.</summary>
internal sealed record StorageDocument(string Name, string Kind, string Address, IReadOnlyList<string> HostKeys);

internal sealed record StoragesDocument(IReadOnlyList<StorageDocument> Storages);

[JsonSourceGenerationOptions(WriteIndented = false, PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(MediaDocument))]
[JsonSerializable(typeof(WrittenDocument))]
[JsonSerializable(typeof(ContractDocument))]
[JsonSerializable(typeof(ContractsDocument))]
[JsonSerializable(typeof(PcDocument))]
[JsonSerializable(typeof(PcsDocument))]
[JsonSerializable(typeof(PcRemovedDocument))]
[JsonSerializable(typeof(StorageDocument))]
[JsonSerializable(typeof(StoragesDocument))]
[JsonSerializable(typeof(ScriptDocument))]
[JsonSerializable(typeof(ManualDocument))]
[JsonSerializable(typeof(FailureDocument))]
internal sealed partial class Documents : JsonSerializerContext;
