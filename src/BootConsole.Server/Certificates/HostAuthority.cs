// The authority that proves the server to PCs: it signs host keys, for always, since a PC's clock may be wrong.
using BootConsole.Core;
using BootConsole.Host;

namespace BootConsole.Server.Certificates;

/// <summary>Signs host keys.</summary>
internal sealed class HostAuthority(ServerTree tree, IProgramRunner programs)
{
    /// <summary>The certificate's key id: what sshd and clients log.</summary>
    internal const string KeyId = "bootserver";

    private readonly AuthorityKey _key = new(tree.HostAuthorityKey);
    private readonly SshKeygen _keygen = new(programs);

    /// <summary>The lines by which clients know this server: <c>@cert-authority</c>, one for each authority that is trusted now.</summary>
    /// <param name="tree">The server.</param>
    /// <param name="host">The name that clients give it (<c>HostKeyAlias</c>).</param>
    internal static IReadOnlyList<string> KnownHostsLines(ServerTree tree, string host) => [.. AuthorityLines.Read(tree.HostAuthorities).Select(line => $"@cert-authority {host} {line}")];

    /// <summary>Signs a host key and writes its certificate.</summary>
    /// <param name="publicKeyFile">The host's public key.</param>
    /// <param name="certificate">Where the certificate goes, instead of what is there.</param>
    /// <param name="names">The names and addresses that it proves.</param>
    /// <param name="cancel">Ends the attempt.</param>
    /// <exception cref="RefusedFault">The authority's key belongs to another user, or others can read it.</exception>
    internal async Task SignAsync(string publicKeyFile, string certificate, IReadOnlyList<string> names, CancellationToken cancel)
    {
        _key.Check();
        var publicKey = await File.ReadAllTextAsync(publicKeyFile, cancel);
        var text = await _keygen.SignAsync(publicKey, ["-s", tree.HostAuthorityKey, "-I", KeyId, "-h", "-n", string.Join(',', names), "-V", "always:forever"], cancel);
        WholeFile.Write(certificate, text + "\n", WholeFile.ReadableByAll);
    }
}
