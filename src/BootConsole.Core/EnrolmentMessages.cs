// What a PC and its server say to each other when it enrols: JSON over HTTP, each message with a proof that its sender knows the code.
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Serialization;

namespace BootConsole.Core;

/// <summary>What the PC sends.</summary>
/// <param name="Pc">Its name.</param>
/// <param name="PublicKey">Its new public key: <c>ssh-ed25519 AAAA…</c>, without a comment.</param>
/// <param name="Proof"><see cref="EnrolmentProof.OfRequest"/>.</param>
public sealed record EnrolmentRequest(string Pc, string PublicKey, string Proof);

/// <summary>What the server answers when it agrees.</summary>
/// <param name="Certificate">The certificate for the key, as a line.</param>
/// <param name="HostAuthorities">The lines by which the PC knows the server (known_hosts).</param>
/// <param name="Proof"><see cref="EnrolmentProof.OfAnswer"/>.</param>
public sealed record EnrolmentAnswer(string Certificate, IReadOnlyList<string> HostAuthorities, string Proof);

/// <summary>Proofs: HMAC-SHA-256 by the code's key, in hexadecimal. Each says what it is for, so that none can stand for another.</summary>
public static class EnrolmentProof
{
    /// <summary>The PC's: whoever made the key knows the code.</summary>
    public static string OfRequest(ReadOnlySpan<byte> key, string pc, string publicKey) => Hash(key, ["bootconsole enrolment request 1", pc, publicKey]);

    /// <summary>The server's: whoever signed it knows the code, and answers this very request.</summary>
    public static string OfAnswer(ReadOnlySpan<byte> key, string requestProof, string certificate, IReadOnlyList<string> hostAuthorities) =>
        Hash(key, ["bootconsole enrolment answer 1", requestProof, certificate, .. hostAuthorities]);

    /// <summary>Compares in a time that does not depend on where they differ.</summary>
    public static bool AreSame(string one, string other) => CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(one), Encoding.UTF8.GetBytes(other));

    // Each part with its length before it: no two lists of parts make the same bytes.
    private static string Hash(ReadOnlySpan<byte> key, IEnumerable<string> parts) =>
        Convert.ToHexStringLower(HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(string.Concat(parts.Select(part => $"{Encoding.UTF8.GetByteCount(part)}:{part}\n")))));
}

/// <summary>Reads and writes the messages.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, MaxDepth = 4, RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(EnrolmentRequest))]
[JsonSerializable(typeof(EnrolmentAnswer))]
public sealed partial class EnrolmentMessages : JsonSerializerContext;
