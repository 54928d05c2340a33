// contract.json as it stands at the top of a store (docs/format.md, "Contract"). What is missing is not limited.
namespace BootConsole.Images;

/// <summary>How much of something there may be, and how much there is.</summary>
internal sealed record ContractCount(long? Limit, long? Used);

/// <summary>The file. Fields that nobody knows are skipped: a server may be newer than the PC.</summary>
internal sealed record ContractRecord
{
    public int? Version { get; init; }

    public string? Customer { get; init; }

    public string? Pc { get; init; }

    public DateTimeOffset? From { get; init; }

    public DateTimeOffset? Until { get; init; }

    public DateTimeOffset? GraceUntil { get; init; }

    public string? State { get; init; }

    public ContractCount? Images { get; init; }

    public ContractCount? Bytes { get; init; }

    public string? Deletion { get; init; }
}
