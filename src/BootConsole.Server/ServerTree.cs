// Where things lie below a server's root folder (docs/bootserver.md, "The server's folder").
using BootConsole.Core;
using BootConsole.Server.Catalogue;

namespace BootConsole.Server;

/// <summary>The folder of a server.</summary>
internal sealed class ServerTree
{
    private ServerTree(string root) => Root = root;

    /// <summary>Its absolute path, without a slash at its end.</summary>
    internal string Root { get; }

    /// <summary>The catalogue.</summary>
    internal string Catalogue => Path.Combine(CatalogueFolder, "catalogue.db");

    /// <summary>The folder of the catalogue: SQLite keeps files beside it.</summary>
    internal string CatalogueFolder => Path.Combine(Root, "catalogue");

    /// <summary>What sshd reads, and the server's facts.</summary>
    internal string Configuration => Path.Combine(Root, "etc");

    /// <summary>The private keys of the two certificate authorities: for root (or the server's owner) alone.</summary>
    internal string Authorities => Path.Combine(Root, "ca");

    /// <summary>What the server is (<see cref="ServerFacts"/>). Written last by <c>init</c>: a server that has it is finished.</summary>
    internal string Facts => Path.Combine(Configuration, "server.json");

    /// <summary>The private key by which the server proves itself.</summary>
    internal string HostKey => Path.Combine(Configuration, "host_key");

    /// <summary>Its certificate.</summary>
    internal string HostCertificate => HostKey + "-cert.pub";

    /// <summary>The certificate of the system's own host key, for a server that the system's sshd serves.</summary>
    internal string SystemHostCertificate => Path.Combine(Configuration, "system_host_key-cert.pub");

    /// <summary>The public keys of the authorities whose certificates let PCs in: one a line, the current one first.</summary>
    internal string UserAuthorities => Path.Combine(Configuration, "user_ca.pub");

    /// <summary>The public keys of the authorities that PCs shall know this server by: one a line, the current one first.</summary>
    internal string HostAuthorities => Path.Combine(Configuration, "host_ca.pub");

    /// <summary>The private key of the authority that signs for boot images.</summary>
    internal string UserAuthorityKey => Path.Combine(Authorities, "user");

    /// <summary>The private key of the authority that signs for this server.</summary>
    internal string HostAuthorityKey => Path.Combine(Authorities, "host");

    /// <summary>Revoked certificates, for sshd, which refuses everybody when this is missing.</summary>
    internal string Revocations => Path.Combine(Configuration, "krl");

    /// <summary>The configuration of a sshd for this server alone.</summary>
    internal string SshdConfiguration => Path.Combine(Configuration, "sshd_config");

    /// <summary>The same as a part for the system's sshd.</summary>
    internal string SshdSnippet => Path.Combine(Configuration, "sshd_snippet.conf");

    /// <summary>The stores: one folder for each PC.</summary>
    internal string Stores => Path.Combine(Root, "pcs");

    /// <summary>The imported bases.</summary>
    internal string Bases => Path.Combine(Root, "bases");

    /// <summary>Copies of the catalogue and of the authorities' keys.</summary>
    internal string Copies => Path.Combine(Root, "backup");

    /// <summary>What the oracle answered.</summary>
    internal string Log => Path.Combine(Root, "log");

    /// <summary>Whom the oracle refused, and why.</summary>
    internal string OracleLog => Path.Combine(Log, "authorize.log");

    /// <summary>The store of a PC, which is its root folder when it comes in.</summary>
    internal string Store(string pc) => Path.Combine(Stores, pc);

    /// <summary>A folder that is to become a server, or is one.</summary>
    internal static ServerTree At(string root) => new(Path.GetFullPath(root).TrimEnd('/') is { Length: > 0 } path ? path : throw new UsageFault("the root of the file system cannot be a server's folder"));

    /// <summary>The folder of a server that <c>init</c> has made.</summary>
    /// <exception cref="UsageFault">There is none.</exception>
    internal static ServerTree Of(string root)
    {
        var tree = At(root);
        if (!File.Exists(tree.Catalogue) && File.Exists(tree.Facts))
            throw new HostFault("the server's catalogue is missing, or this user may not see it") { Which = tree.Catalogue, Remedy = "Run this as root (or as the owner of a private server); 'bootserver doctor' says more." };
        if (!File.Exists(tree.Catalogue))
            throw new UsageFault("there is no server here") { Which = tree.Root, Remedy = "Name its folder with --root or in the variable BOOTSERVER_ROOT, or make one with 'bootserver init FOLDER --host NAME'." };
        return tree;
    }

    /// <summary>Reads what kind of server it is.</summary>
    internal ServerFacts ReadFacts() => ServerFacts.Read(this);

    /// <summary>Opens the catalogue.</summary>
    internal CatalogueFile OpenCatalogue(Services services) => CatalogueFile.Open(Catalogue, services.Author, services.Clock);
}
