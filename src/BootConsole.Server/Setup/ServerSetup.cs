// bootserver init: from an empty folder to a server. Each step leaves what is there already, so that a run that was cut is finished by running it again.
using BootConsole.Core;
using BootConsole.Host;
using BootConsole.Server.Accounts;
using BootConsole.Server.Catalogue;
using BootConsole.Server.Certificates;
using BootConsole.Server.Sshd;

namespace BootConsole.Server.Setup;

/// <summary>Makes servers.</summary>
/// <param name="services">The implementations.</param>
/// <param name="tree">Where.</param>
/// <param name="facts">What it shall be.</param>
/// <param name="program">bootserver's absolute path.</param>
internal sealed class ServerSetup(Services services, ServerTree tree, ServerFacts facts, string program)
{
    /// <summary>The system's own host key, which its sshd proves itself by.</summary>
    private const string SystemHostKey = "/etc/ssh/ssh_host_ed25519_key.pub";

    private static readonly (string Program, string Package)[] Tools = [("sshd", "openssh-server"), ("ssh-keygen", "openssh-client"), ("getent", "libc-bin")];
    private static readonly (string Program, string Package)[] SystemTools = [("useradd", "passwd"), ("groupadd", "passwd")];

    private readonly SshKeygen _keygen = new(services.Programs);

    /// <summary>The programs that a server needs and this machine lacks, each with the package that has it.</summary>
    internal static IReadOnlyList<(string Program, string Package)> MissingTools(bool isSystem) => [.. (isSystem ? Tools.Concat(SystemTools) : Tools).Where(tool => ProgramRunner.Locate(tool.Program) is null)];

    /// <summary>Refuses what cannot become a server. Nothing is made.</summary>
    /// <exception cref="HostFault">A program is missing.</exception>
    /// <exception cref="RefusedFault">There is a server or something else there, or others could change a folder on the way.</exception>
    internal void Check()
    {
        PathRules.CheckWords(tree.Root, "the folder's path");
        PathRules.CheckWords(program, "the path of bootserver");
        if (File.Exists(tree.Facts)) throw new RefusedFault("there is a server already") { Which = tree.Root, Remedy = "'bootserver doctor' checks it; 'bootserver pc add' adds a PC." };
        if (MissingTools(facts.IsSystem) is { Count: > 0 } missing)
            throw new HostFault("programs are missing") { Which = string.Join(", ", missing.Select(tool => tool.Program)), Remedy = $"Install them: apt-get install {string.Join(' ', missing.Select(tool => tool.Package).Distinct())}" };
        string[] ours = [.. Folders().Select(folder => folder.Path)];
        if (File.Exists(tree.Root)) throw new RefusedFault("the server's folder would be a file") { Which = tree.Root, Remedy = "Name another folder." };
        if (Directory.Exists(tree.Root) && Directory.EnumerateFileSystemEntries(tree.Root).FirstOrDefault(path => !ours.Contains(path) && Path.GetFileName(path) != "lost+found") is { } other)
            throw new RefusedFault("the folder holds something else") { Which = PlainText.Of(other), Remedy = "Name an empty folder, or a new one." };
        if (!facts.IsSystem) return;
        foreach (var path in (string[])[tree.Root, program])
            if (PathRules.Objection(path) is var (where, what))
                throw new RefusedFault("sshd does not trust a path that others can change") { Which = where, Found = what, Remedy = path == program ? "Install bootserver where root alone can write, such as /usr/local/bin, and run it from there." : $"'chown root:root {where} && chmod go-w {where}', or name another folder." };
    }

    /// <summary>Makes the server. May be called again after a cut.</summary>
    internal async Task MakeAsync(CancellationToken cancel)
    {
        var account = await AccountAsync(cancel);
        MakeFolders(account);
        await MakeAuthoritiesAsync(cancel);
        await MakeHostKeyAsync(cancel);
        using (var catalogue = File.Exists(tree.Catalogue) ? tree.OpenCatalogue(services) : CatalogueFile.Create(tree.Catalogue, services.Author, services.Clock))
        {
            await new RevocationList(tree, services.Programs).WriteAsync(catalogue, cancel);
            if (catalogue.Read(rows => rows.Events(1)).Count == 0) catalogue.Change("server made", facts.Host, _ => { });
        }

        GiveFiles(account);
        WriteConfigurations();
        if (await new SshdProgram(services.Programs).ObjectionAsync(tree.SshdConfiguration, cancel) is { Length: > 0 } objection)
            throw new HostFault("sshd does not take its configuration") { Which = tree.SshdConfiguration, Found = objection, Remedy = "BootConsole needs OpenSSH 9.0 or newer. Run 'bootserver init' again when that is mended." };
        facts.Write(tree);
    }

    /// <summary>Makes the server's user again where it is missing, and gives folders and files to whom they belong.</summary>
    internal async Task OwnAsync(CancellationToken cancel)
    {
        var account = await AccountAsync(cancel);
        MakeFolders(account);
        GiveFiles(account);
    }

    /// <summary>Writes what sshd reads, from what the server is.</summary>
    internal void WriteConfigurations()
    {
        var configuration = new SshdConfiguration(tree, facts, program);
        WholeFile.Write(tree.SshdConfiguration, configuration.Own(), WholeFile.ReadableByAll);
        if (facts.IsSystem) WholeFile.Write(tree.SshdSnippet, configuration.Part(), WholeFile.ReadableByAll);
    }

    /// <summary>Signs the host keys anew: the server's own, and the system's where there is one.</summary>
    internal async Task SignHostKeysAsync(CancellationToken cancel)
    {
        var authority = new HostAuthority(tree, services.Programs);
        string[] names = [facts.Host, .. facts.Addresses.Except([facts.Host])];
        await authority.SignAsync(tree.HostKey + ".pub", tree.HostCertificate, names, cancel);
        if (facts.IsSystem && File.Exists(SystemHostKey)) await authority.SignAsync(SystemHostKey, tree.SystemHostCertificate, names, cancel);
    }

    /// <summary>The folders of a server, with who may enter them and whether they are the account's (else root's, or the owner's of a private server).</summary>
    internal IEnumerable<(string Path, UnixFileMode Mode, bool IsAccounts)> Folders() =>
    [
        (tree.Configuration, WholeFile.OpenFolder, false),
        (tree.Authorities, WholeFile.PrivateFolder, false),
        (tree.CatalogueFolder, WholeFile.GroupFolder, true),
        (tree.Stores, WholeFile.OpenFolder, false),
        (tree.Bases, WholeFile.OpenFolder, false),
        (tree.Copies, WholeFile.PrivateFolder, false),
        (tree.Log, WholeFile.GroupFolder, true),
    ];

    private async Task<AccountNumbers> AccountAsync(CancellationToken cancel) =>
        facts.IsSystem ? await new ServerAccount(services.Programs).MakeAsync(cancel) : new AccountNumbers(facts.Account, FileOwnership.Self, FileOwnership.SelfGroup);

    private void GiveFiles(AccountNumbers account)
    {
        if (!File.Exists(tree.OracleLog)) WholeFile.Write(tree.OracleLog, "", WholeFile.Private);
        foreach (var path in Directory.EnumerateFiles(tree.CatalogueFolder).Append(tree.OracleLog))
        {
            LinuxNames.SetMode(path, WholeFile.Private);
            if (facts.IsSystem) FileOwnership.Give(path, account.User, account.Group);
        }
    }

    private void MakeFolders(AccountNumbers account)
    {
        // A private server has one user: nobody else has to get in.
        foreach (var (path, mode, isAccounts) in Folders().Prepend((tree.Root, facts.IsSystem ? WholeFile.OpenFolder : WholeFile.PrivateFolder, false)))
        {
            Directory.CreateDirectory(path);
            LinuxNames.SetMode(path, mode);
            if (facts.IsSystem) FileOwnership.Give(path, isAccounts ? account.User : FileOwnership.Root, isAccounts ? account.Group : FileOwnership.Root);
        }
    }

    private async Task MakeAuthoritiesAsync(CancellationToken cancel)
    {
        foreach (var (path, lines, purpose) in new[] { (tree.UserAuthorityKey, tree.UserAuthorities, "PCs"), (tree.HostAuthorityKey, tree.HostAuthorities, "host") })
        {
            var key = new AuthorityKey(path);
            await key.MakeAsync(_keygen, $"bootserver {facts.Host} {purpose}", cancel);
            AuthorityLines.Write(lines, [await key.PublicAsync(_keygen, cancel)]);
        }
    }

    private async Task MakeHostKeyAsync(CancellationToken cancel)
    {
        var key = new AuthorityKey(tree.HostKey);
        await key.MakeAsync(_keygen, $"host key of {facts.Host}", cancel);
        WholeFile.Write(tree.HostKey + ".pub", await key.PublicAsync(_keygen, cancel) + "\n", WholeFile.ReadableByAll);
        await SignHostKeysAsync(cancel);
    }
}
