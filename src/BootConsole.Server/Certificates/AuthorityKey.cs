// The private key of a certificate authority: who has it can let anybody in, so it must be out of everybody's reach.
using BootConsole.Core;
using BootConsole.Host;

namespace BootConsole.Server.Certificates;

/// <summary>The file of an authority's private key.</summary>
/// <param name="path">The private key; the public one is not read from beside it.</param>
internal sealed class AuthorityKey(string path)
{
    /// <summary>The file.</summary>
    internal string Path => path;

    /// <summary>Makes it; one that is there stays.</summary>
    /// <param name="keygen">ssh-keygen.</param>
    /// <param name="comment">What people see behind its public key.</param>
    /// <param name="cancel">Ends the attempt.</param>
    internal async Task MakeAsync(SshKeygen keygen, string comment, CancellationToken cancel)
    {
        if (File.Exists(path)) return;
        // ssh-keygen writes the private key first: a pair that was cut has no public part, and is made again under a passing name.
        var part = path + ".part";
        foreach (var file in (string[])[part, part + ".pub"]) File.Delete(file);
        await keygen.MakeKeyAsync(part, comment, cancel);
        File.Delete(part + ".pub");
        WholeFile.Replace(part, path);
    }

    /// <summary>Its public key, as a line.</summary>
    /// <exception cref="RefusedFault">The private key is not this user's, or others can read it.</exception>
    internal async Task<string> PublicAsync(SshKeygen keygen, CancellationToken cancel)
    {
        Check();
        return await keygen.PublicKeyAsync(path, cancel);
    }

    /// <summary>Checks who can read it.</summary>
    /// <exception cref="HostFault">It is missing.</exception>
    /// <exception cref="RefusedFault">It is not this user's, or others can read it.</exception>
    internal void Check()
    {
        if (FileOwnership.Of(path) is not { } found) throw new HostFault("the key of a certificate authority is missing") { Which = path, Remedy = "Take it from a copy in the server's folder backup/ (docs/bootserver.md, \"Copies\")." };
        if (found.Kind != FileKind.Regular) throw new RefusedFault("the key of a certificate authority is not a file") { Which = path, Remedy = "Take it from a copy in the server's folder backup/ (docs/bootserver.md, \"Copies\")." };
        if (found.User != FileOwnership.Self)
            throw new RefusedFault("the key of a certificate authority belongs to another user") { Which = path, Expected = $"user {FileOwnership.Self}", Found = $"user {found.User}", Remedy = $"Run this as that user; or 'chown {FileOwnership.Self} {path}' if it may not have it, and then 'bootserver ca rotate'." };
        if (found.IsOpenToOthers)
            throw new RefusedFault("the key of a certificate authority is open to others") { Which = path, Expected = "mode 0600", Found = $"mode {found.Octal}", Remedy = $"'chmod 600 {path}'; and if somebody can have read it, 'bootserver ca rotate'." };
    }
}
