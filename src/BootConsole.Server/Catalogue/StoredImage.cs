// What is remembered of an image. Its manifest stays the truth.
namespace BootConsole.Server.Catalogue;

/// <summary>An image of a PC, as the catalogue remembers it.</summary>
internal sealed record StoredImage
{
    /// <summary>The PC's name.</summary>
    internal required string Pc { get; init; }

    /// <summary>The image's id, which is its folder's name.</summary>
    internal required string Name { get; init; }

    /// <summary><c>unfinished</c>, <c>finished</c>, <c>damaged</c>, or <c>deleted</c>: what other images need of it is still there.</summary>
    internal required string State { get; init; }

    /// <summary>Why it is damaged; else empty.</summary>
    internal string Reason { get; init; } = "";

    /// <summary><c>full</c>, <c>copy</c>, <c>differential</c> or <c>incremental</c>; empty when unknown.</summary>
    internal required string Kind { get; init; }

    /// <summary>The image it builds on; empty for none.</summary>
    internal required string Parent { get; init; }

    /// <summary>When it was taken, as the PC says.</summary>
    internal required DateTimeOffset Taken { get; init; }

    /// <summary>When the server first saw it finished (an unfinished one: first saw it). Retention orders by this.</summary>
    internal required DateTimeOffset Seen { get; init; }

    /// <summary>Bytes of its files.</summary>
    internal required long StoredBytes { get; init; }

    /// <summary>Bytes of the disks in it.</summary>
    internal required long DiskBytes { get; init; }

    /// <summary>SHA-256 of its manifest; empty without one.</summary>
    internal required string Manifest { get; init; }

    /// <summary>Equal as long as neither its manifest nor its folder changed; empty when it has to be looked at again.</summary>
    internal string Stamp { get; init; } = "";

    /// <summary>When it was sealed; null when it was not.</summary>
    internal DateTimeOffset? Sealed { get; init; }

    /// <summary>When all its files were last found as their checksums say; null for never.</summary>
    internal DateTimeOffset? Verified { get; init; }
}
