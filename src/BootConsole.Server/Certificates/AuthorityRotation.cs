// A new authority in place of the current one. The former stays trusted until it is forgotten, so that boot images can be made again one by one.
using BootConsole.Core;
using BootConsole.Host;
using BootConsole.Server.Catalogue;

namespace BootConsole.Server.Certificates;

/// <summary>The kinds of authority.</summary>
internal enum AuthorityKind
{
    /// <summary>Signs for boot images: lets PCs in.</summary>
    User,

    /// <summary>Signs for the server: proves it to PCs.</summary>
    Host,
}

/// <summary>Rotates authorities. Both files of trusted keys have the current one first.</summary>
internal sealed class AuthorityRotation(ServerTree tree, IProgramRunner programs)
{
    private readonly SshKeygen _keygen = new(programs);

    /// <summary>What an event of a rotation is called.</summary>
    internal static string Rotated(AuthorityKind kind) => kind == AuthorityKind.User ? "user authority rotated" : "host authority rotated";

    /// <summary>What an event of forgetting is called.</summary>
    internal static string Forgotten(AuthorityKind kind) => kind == AuthorityKind.User ? "former user authorities forgotten" : "former host authorities forgotten";

    /// <summary>The file of an authority's private key.</summary>
    internal string KeyOf(AuthorityKind kind) => kind == AuthorityKind.User ? tree.UserAuthorityKey : tree.HostAuthorityKey;

    /// <summary>The file of the trusted public keys of a kind.</summary>
    internal string LinesOf(AuthorityKind kind) => kind == AuthorityKind.User ? tree.UserAuthorities : tree.HostAuthorities;

    /// <summary>Makes a new authority. What the former signed stays valid. The former's private key is gone with this; copies of the server have it.</summary>
    /// <remarks>A cut between the two renames leaves a trusted key more than there is use for; the same command goes on.</remarks>
    /// <exception cref="RefusedFault">The current key belongs to somebody else, or others can read it, or a former one is trusted still.</exception>
    internal async Task RotateAsync(AuthorityKind kind, string host, CancellationToken cancel)
    {
        var current = await new AuthorityKey(KeyOf(kind)).PublicAsync(_keygen, cancel);
        var next = new AuthorityKey(KeyOf(kind) + ".next");
        await next.MakeAsync(_keygen, $"bootserver {host} {(kind == AuthorityKind.User ? "PCs" : "host")}", cancel);
        var publicKey = await next.PublicAsync(_keygen, cancel);
        // Trusted before it signs: whatever is cut, nobody who has a certificate is shut out.
        AuthorityLines.Write(LinesOf(kind), [publicKey, .. AuthorityLines.Read(LinesOf(kind)).Where(line => !AuthorityLines.AreSame(line, publicKey)).DefaultIfEmpty(current)]);
        WholeFile.Replace(next.Path, KeyOf(kind));
    }

    /// <summary>Trusts the current authority alone from now on.</summary>
    internal async Task ForgetAsync(AuthorityKind kind, CancellationToken cancel) => AuthorityLines.Write(LinesOf(kind), [await new AuthorityKey(KeyOf(kind)).PublicAsync(_keygen, cancel)]);

    /// <summary>Boot images that are not revoked and were issued before the last rotation: forgetting the former authority shuts them out.</summary>
    /// <remarks>The subject of a rotation's event is a number between those of the boot images before and behind it.</remarks>
    internal static IReadOnlyList<BootImage> Former(CatalogueSession rows, AuthorityKind kind)
    {
        var first = rows.Number("SELECT CAST(subject AS INTEGER) FROM event WHERE what = $what ORDER BY id DESC LIMIT 1", ("what", Rotated(kind)));
        return [.. rows.BootImages().Where(image => image.Revoked is null && image.Serial < first)];
    }
}
