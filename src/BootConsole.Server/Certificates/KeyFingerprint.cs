// The fingerprint of a public key, as sshd shows it.
using System.Security.Cryptography;

namespace BootConsole.Server.Certificates;

/// <summary>Fingerprints of OpenSSH (ssh-keygen(1), -E sha256): SHA-256 of the key's blob, in base64 without padding. That of a certificate is that of its key.</summary>
internal static class KeyFingerprint
{
    /// <summary>The fingerprint of a key.</summary>
    /// <param name="publicKey">A line of OpenSSH: kind, base64, and perhaps a comment.</param>
    /// <returns><c>SHA256:…</c>; empty for what is no key.</returns>
    internal static string Of(string publicKey)
    {
        var words = publicKey.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (words.Length < 2) return "";
        var blob = new byte[words[1].Length];
        return Convert.TryFromBase64String(words[1], blob, out var length) ? "SHA256:" + Convert.ToBase64String(SHA256.HashData(blob.AsSpan(0, length))).TrimEnd('=') : "";
    }
}
