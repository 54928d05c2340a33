// Who may come in, and what for: the rules alone, without catalogue or clock.
using System.Globalization;
using BootConsole.Server.Catalogue;
using BootConsole.Server.Certificates;

namespace BootConsole.Server.Access;

/// <summary>What sshd says of whoever knocks, after it has checked signature and validity of the certificate.</summary>
/// <param name="User">The user that the PC wants to come in as.</param>
/// <param name="KeyId">The certificate's key id.</param>
/// <param name="Serial">The certificate's serial number.</param>
/// <param name="Fingerprint">The fingerprint of the certificate's key, <c>SHA256:…</c>; null where nobody asks by a key.</param>
internal sealed record AccessRequest(string User, string KeyId, string Serial, string? Fingerprint = null);

/// <summary>What the server knows that bears on a request.</summary>
internal sealed record AccessFacts
{
    /// <summary>The boot image of the certificate's serial number; null when none was issued under it.</summary>
    internal BootImage? Image { get; init; }

    /// <summary>The PC that the boot image was issued to and that is still known; null when it was removed, also when another has its name now.</summary>
    internal Pc? Pc { get; init; }

    /// <summary>That PC's contract.</summary>
    internal Contract? Contract { get; init; }

    /// <summary>The PC's finished images.</summary>
    internal long Finished { get; init; }

    /// <summary>The PC's unfinished images.</summary>
    internal long Unfinished { get; init; }

    /// <summary>The user that all PCs of a private server come in as; null for a system server, where each has its own.</summary>
    internal string? SharedAccount { get; init; }
}

/// <summary>What a session may do.</summary>
internal enum AccessLevel
{
    /// <summary>There is no session.</summary>
    Refused,

    /// <summary>Read.</summary>
    ReadOnly,

    /// <summary>All but begin new images: folders cannot be made, and each image is one.</summary>
    NoNewImages,

    /// <summary>All that the PC's user may.</summary>
    Full,
}

/// <summary>The answer, and why it is not <see cref="AccessLevel.Full"/>.</summary>
internal sealed record AccessAnswer(AccessLevel Level, string Reason)
{
    internal static AccessAnswer Refused(string reason) => new(AccessLevel.Refused, reason);
}

/// <summary>Decides.</summary>
internal static class AccessRules
{
    /// <summary>What a request is answered at a moment.</summary>
    internal static AccessAnswer Decide(AccessRequest request, AccessFacts facts, DateTimeOffset now)
    {
        if (facts.Image is not { } image) return AccessAnswer.Refused("no boot image was issued under this serial number");
        if (request.Serial != image.Serial.ToString(CultureInfo.InvariantCulture)) return AccessAnswer.Refused("the serial number is not written as it was issued");
        if (request.KeyId != image.KeyId || request.KeyId != UserAuthority.KeyId(image.Pc, image.Serial)) return AccessAnswer.Refused("the key id is not that of the boot image");
        // A catalogue that was restored from a copy gives numbers out again: what was issued under one before is another key.
        if (request.Fingerprint is { } asked && (asked.Length == 0 || asked != KeyFingerprint.Of(image.PublicKey))) return AccessAnswer.Refused("the key is not that of the boot image");
        if (image.Revoked is not null) return AccessAnswer.Refused("the boot image is revoked");
        if (facts.Pc is not { } pc || pc.Name != image.Pc) return AccessAnswer.Refused("the PC of the boot image was removed");
        if (request.User != (facts.SharedAccount ?? pc.Account)) return AccessAnswer.Refused("the user is not that of the PC");
        return facts.Contract is { } contract ? UnderContract(contract, facts, now) : AccessAnswer.Refused("the PC has no contract");
    }

    private static AccessAnswer UnderContract(Contract contract, AccessFacts facts, DateTimeOffset now) => contract.StandingAt(now) switch
    {
        ContractStanding.NotYet => AccessAnswer.Refused("the contract has not begun"),
        ContractStanding.Over => AccessAnswer.Refused("the contract has ended, and its days of grace too"),
        ContractStanding.Grace => new(AccessLevel.ReadOnly, "the contract has ended"),
        _ when contract.ImageLimit is not { } limit || facts.Finished < limit => new(AccessLevel.Full, ""),
        _ when !contract.AllowsDeletion => new(AccessLevel.ReadOnly, "the contract's number of images is reached, and nothing can be deleted"),
        // An unfinished image counts already: it may be gone on with, and needs folders for the disks that it has not reached.
        _ when facts.Unfinished > 0 => new(AccessLevel.Full, ""),
        _ => new(AccessLevel.NoNewImages, "the contract's number of images is reached"),
    };
}
