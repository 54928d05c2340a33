// [restore]: the unattended restore. Every line is needed, nothing is guessed.
namespace BootConsole.Settings;

/// <summary>An unattended restore.</summary>
public sealed record RestoreSettings
{
    /// <summary>Name of the store.</summary>
    public required string Store { get; init; }

    /// <summary>Image id, a unique beginning of one, or <c>latest</c>.</summary>
    public required string Image { get; init; }

    /// <summary>Which disk of the image goes onto which disk of this PC; at least one, each disk of the image once.</summary>
    public required IReadOnlyList<RestoreDisk> Disks { get; init; }

    /// <summary>Serial (else WWN, else path and size) of every disk that may be overwritten; as many as <see cref="Disks"/>.</summary>
    public required IReadOnlyList<string> Overwrite { get; init; }

    /// <summary>True to write only the chunks that differ from what is on the disk.</summary>
    public required bool OnlyDifferences { get; init; }

    /// <summary>What opens the image; null for an image that is not encrypted.</summary>
    public RestoreKey? Key { get; init; }
}

/// <summary>A disk of the image and where it goes.</summary>
/// <param name="Number">Number of the disk in the image, from 0.</param>
/// <param name="Target">The disk that is overwritten.</param>
public sealed record RestoreDisk(int Number, DiskChoice Target);

/// <summary>What opens an encrypted image: <see cref="IdentityKey"/> or <see cref="PasswordKey"/>.</summary>
public abstract record RestoreKey
{
    private protected RestoreKey() { }
}

/// <summary>An age identity.</summary>
/// <param name="IdentityFile">Absolute path of the identity file.</param>
/// <param name="KeyId">
/// The key id that the image must have, 64 lower-case hexadecimal digits; empty when none is pinned, and the image then counts as not authenticated.
/// </param>
public sealed record IdentityKey(string IdentityFile, string KeyId) : RestoreKey;

/// <summary>A password.</summary>
/// <param name="PasswordFile">Absolute path of the file that holds it.</param>
public sealed record PasswordKey(string PasswordFile) : RestoreKey;
