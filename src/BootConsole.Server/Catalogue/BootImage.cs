// A boot image that was issued: its certificate's serial number is its number.
namespace BootConsole.Server.Catalogue;

/// <summary>An issued boot image, as the catalogue has it.</summary>
internal sealed record BootImage
{
    /// <summary>Its number, and the serial number of its certificate.</summary>
    internal long Serial { get; init; }

    /// <summary>The PC it is for.</summary>
    internal required string Pc { get; init; }

    /// <summary>The certificate's key id, such as <c>office-pc/17</c>.</summary>
    internal required string KeyId { get; init; }

    /// <summary>The public key, as a line of OpenSSH.</summary>
    internal required string PublicKey { get; init; }

    /// <summary>The number of the base it is made from; null when that is gone.</summary>
    internal long? Base { get; init; }

    /// <summary><c>iso</c>, <c>usb</c>, <c>pxe</c> or <c>uki</c>.</summary>
    internal required string Medium { get; init; }

    /// <summary><c>network</c> or <c>local</c>.</summary>
    internal required string Mode { get; init; }

    /// <summary>When it was issued.</summary>
    internal required DateTimeOffset Issued { get; init; }

    /// <summary>Until when its certificate is valid.</summary>
    internal required DateTimeOffset ValidUntil { get; init; }

    /// <summary>SHA-256 of the medium, in hexadecimal digits; empty for a tree.</summary>
    internal string Sha256 { get; init; } = "";

    /// <summary>When it was revoked; null when it was not.</summary>
    internal DateTimeOffset? Revoked { get; init; }
}
