// The authority that lets PCs in: it signs the keys of boot images.
using System.Globalization;
using BootConsole.Core;
using BootConsole.Host;

namespace BootConsole.Server.Certificates;

/// <summary>A certificate for the key of a boot image.</summary>
/// <param name="Text">The certificate, as a line of OpenSSH without its end.</param>
/// <param name="KeyId">Its key id: <c>NAME/SERIAL</c>.</param>
/// <param name="PublicKey">The public key that was signed, as a line.</param>
/// <param name="ValidUntil">Until when sshd takes it at the most.</param>
internal sealed record PcCertificate(string Text, string KeyId, string PublicKey, DateTimeOffset ValidUntil);

/// <summary>Signs keys of boot images.</summary>
internal sealed class UserAuthority(ServerTree tree, IProgramRunner programs, TimeProvider clock)
{
    /// <summary>How long a certificate is valid. Contracts are held by the oracle, which sshd asks only for a certificate that is valid.</summary>
    internal const int HorizonYears = 10;

    // A server whose clock is set back a little must not refuse what was just made.
    private static readonly TimeSpan Skew = TimeSpan.FromHours(1);

    private readonly AuthorityKey _key = new(tree.UserAuthorityKey);
    private readonly SshKeygen _keygen = new(programs);

    /// <summary>The key id of a boot image's certificate.</summary>
    internal static string KeyId(string pcName, long serial) => string.Create(CultureInfo.InvariantCulture, $"{pcName}/{serial}");

    /// <summary>Signs the public key of a boot image. Nothing is written beside the key, and nothing to the catalogue.</summary>
    /// <param name="publicKeyFile">A file with the public key, as a line of OpenSSH.</param>
    /// <param name="pcName">The PC: the certificate's only principal.</param>
    /// <param name="serial">The boot image's number, from 1 on.</param>
    /// <param name="cancel">Ends the attempt.</param>
    /// <exception cref="RefusedFault">The authority's key belongs to another user, or others can read it.</exception>
    /// <exception cref="HostFault">ssh-keygen or the key is missing, or it does not sign.</exception>
    internal async Task<PcCertificate> SignAsync(string publicKeyFile, string pcName, long serial, CancellationToken cancel)
    {
        _key.Check();
        var publicKey = (await File.ReadAllTextAsync(publicKeyFile, cancel)).TrimEnd('\n');
        var now = clock.GetUtcNow();
        var until = now.AddYears(HorizonYears);
        until = until.AddTicks(-(until.Ticks % TimeSpan.TicksPerSecond));
        var id = KeyId(pcName, serial);
        var text = await _keygen.SignAsync(
            publicKey,
            ["-s", tree.UserAuthorityKey, "-I", id, "-n", pcName, "-z", serial.ToString(CultureInfo.InvariantCulture), "-V", $"{Time(now - Skew)}:{Time(until)}", "-O", "clear"],
            cancel);
        return new PcCertificate(text, id, publicKey, until);
    }

    private static string Time(DateTimeOffset time) => time.UtcDateTime.ToString("yyyyMMddHHmmss", CultureInfo.InvariantCulture);
}
