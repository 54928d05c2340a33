// contract.json as it stands at the top of a store (docs/format.md, "Contract"). What is missing is not limited.
namespace BootConsole.Images;

/// <summary>How much of something there may be, and how much there is.</summary>
/// <param name="Limit">The most; null for any number.</param>
/// <param name="Used">What there is.</param>
public sealed record ContractCount(long? Limit, long? Used);

/// <summary>The file. Fields that nobody knows are skipped: a server may be newer than the PC. A PC reads it by <see cref="StoreContract"/>.</summary>
public sealed record ContractRecord
{
    /// <summary>Always 1.</summary>
    public int? Version { get; init; }

    /// <summary>Whose contract it is.</summary>
    public string? Customer { get; init; }

    /// <summary>The PC it is written for.</summary>
    public string? Pc { get; init; }

    /// <summary>Its first moment.</summary>
    public DateTimeOffset? From { get; init; }

    /// <summary>Its end.</summary>
    public DateTimeOffset? Until { get; init; }

    /// <summary>Until when images can be read after its end.</summary>
    public DateTimeOffset? GraceUntil { get; init; }

    /// <summary><c>full</c> or <c>readonly</c>.</summary>
    public string? State { get; init; }

    /// <summary>Finished images.</summary>
    public ContractCount? Images { get; init; }

    /// <summary>Stored bytes.</summary>
    public ContractCount? Bytes { get; init; }

    /// <summary><c>allowed</c> or <c>forbidden</c>.</summary>
    public string? Deletion { get; init; }
}
