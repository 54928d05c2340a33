// Files with the public keys of authorities that are trusted: one a line, the current one first.
using System.Security.Cryptography;

namespace BootConsole.Server.Certificates;

/// <summary>Reads and writes such files.</summary>
internal static class AuthorityLines
{
    /// <summary>The lines: type, key and comment of each. Empty when the file is missing.</summary>
    internal static IReadOnlyList<string> Read(string path) => File.Exists(path) ? [.. File.ReadLines(path).Select(line => line.Trim()).Where(line => line.Length > 0 && line[0] != '#')] : [];

    /// <summary>Writes them, instead of what is there.</summary>
    internal static void Write(string path, IReadOnlyList<string> lines) => WholeFile.Write(path, string.Join('\n', lines) + "\n", WholeFile.ReadableByAll);

    /// <summary>True when two lines are the same key, whatever their comments say.</summary>
    internal static bool AreSame(string one, string other) => Bare(one) == Bare(other);

    /// <summary>The fingerprint of a public key, as ssh-keygen writes it: <c>SHA256:…</c>.</summary>
    internal static string Fingerprint(string line) => "SHA256:" + Convert.ToBase64String(SHA256.HashData(Convert.FromBase64String(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1]))).TrimEnd('=');

    /// <summary>Type and key without the comment.</summary>
    internal static string Bare(string line) => string.Join(' ', line.Split(' ', StringSplitOptions.RemoveEmptyEntries).Take(2));
}
