// Checks of what sshd needs: authorities, host certificate, revoked certificates, configuration, and the oracle as sshd asks it.
using System.Text.RegularExpressions;
using BootConsole.Core;
using BootConsole.Host;
using BootConsole.Server.Accounts;
using BootConsole.Server.Catalogue;
using BootConsole.Server.Certificates;
using BootConsole.Server.Sshd;

namespace BootConsole.Server.Health;

/// <summary>Checks that ask ssh-keygen, sshd and the oracle.</summary>
internal sealed partial class SshdChecks(Services services, ServerTree tree, ServerFacts facts, string program)
{
    private const string Rebuild = "'bootserver doctor --rebuild' writes it again.";

    private readonly SshKeygen _keygen = new(services.Programs);

    /// <summary>The private keys of the authorities and of the host: out of reach of others.</summary>
    internal IEnumerable<Finding> AuthorityKeys()
    {
        List<Finding> faults = [];
        foreach (var path in (string[])[tree.UserAuthorityKey, tree.HostAuthorityKey, tree.HostKey])
            try
            {
                new AuthorityKey(path).Check();
            }
            catch (Fault fault)
            {
                faults.Add(Finding.Of("keys", fault));
            }

        return faults.Count > 0 ? faults : [Finding.Ok("keys", "The private keys are this user's alone.")];
    }

    /// <summary>The host certificate against the host's key, the trusted authorities and the server's name.</summary>
    internal async Task<Finding> HostCertificateAsync(CancellationToken cancel)
    {
        const string check = "host certificate";
        const string remedy = "'bootserver doctor --rebuild' signs it again.";
        if (!File.Exists(tree.HostCertificate)) return Finding.Fault(check, "The host certificate is missing: PCs refuse the server.", remedy);
        var text = await _keygen.RunAsync("the host certificate cannot be read", ["-L", "-f", tree.HostCertificate], cancel);
        var key = AuthorityLines.Fingerprint(await _keygen.PublicKeyAsync(tree.HostKey, cancel));
        if (Subject().Match(text).Groups["print"].Value != key) return Finding.Fault(check, "The host certificate is not of the host's key.", remedy);
        var trusted = AuthorityLines.Read(tree.HostAuthorities).Select(AuthorityLines.Fingerprint);
        if (!trusted.Contains(Signer().Match(text).Groups["print"].Value)) return Finding.Fault(check, "The host certificate is not signed by an authority that PCs trust.", remedy);
        return text.Split('\n').Any(line => line.Trim() == facts.Host) ? Finding.Ok(check, $"The host certificate proves {facts.Host}.") : Finding.Fault(check, $"The host certificate does not prove {facts.Host}.", remedy);
    }

    /// <summary>The list of revoked certificates against the catalogue.</summary>
    internal async Task<Finding> RevocationsAsync(CatalogueFile catalogue, CancellationToken cancel)
    {
        const string check = "revoked certificates";
        if (!File.Exists(tree.Revocations)) return Finding.Fault(check, "The list of revoked certificates is missing: sshd refuses everybody.", Rebuild);
        var (listed, revoked) = (await new RevocationList(tree, services.Programs).ReadAsync(cancel), RevocationList.Revoked(catalogue));
        return listed.SequenceEqual(revoked)
            ? Finding.Ok(check, $"The list of revoked certificates is in step with the catalogue: {revoked.Count}.")
            : Finding.Fault(check, $"The list of revoked certificates is not in step with the catalogue: it has {listed.Count}, the catalogue {revoked.Count}.", Rebuild);
    }

    /// <summary>The configurations against what this program would write, and sshd's word on them.</summary>
    internal async Task<Finding> ConfigurationAsync(CancellationToken cancel)
    {
        var configuration = new SshdConfiguration(tree, facts, program);
        var files = facts.IsSystem ? new[] { (tree.SshdConfiguration, configuration.Own()), (tree.SshdSnippet, configuration.Part()) } : [(tree.SshdConfiguration, configuration.Own())];
        foreach (var (path, text) in files)
            if (!File.Exists(path) || await File.ReadAllTextAsync(path, cancel) != text) return Finding.Fault("sshd", $"{path} is not what this bootserver would write.", Rebuild);
        return await new SshdProgram(services.Programs).ObjectionAsync(tree.SshdConfiguration, cancel) is { Length: > 0 } objection
            ? Finding.Fault("sshd", $"sshd does not take its configuration: {objection}.", "Mend what it names. BootConsole needs OpenSSH 9.0 or newer.")
            : Finding.Ok("sshd", "sshd takes its configuration.");
    }

    /// <summary>The oracle, asked as sshd asks it, by its own user. The question is one that must be refused, and the refusal must be in the log.</summary>
    internal async Task<Finding> OracleAsync(CancellationToken cancel)
    {
        string[] question = [program, "authorize", "--root", tree.Root, "doctor", "doctor/0", "0", "--json"];
        string[] call = question;
        if (facts.IsSystem)
        {
            if (await new ServerAccount(services.Programs).FindAsync(facts.Account, cancel) is not { } account) return Finding.Fault("oracle", $"The user {facts.Account} is missing: sshd cannot ask anybody.", "'bootserver doctor --rebuild' makes it.");
            call = ["setpriv", $"--reuid={account.User}", $"--regid={account.Group}", "--clear-groups", "--", .. question];
        }

        var before = Length(tree.OracleLog);
        var result = await services.Programs.RunAsync(new ProgramCall(call[0], call[1..]) { Limit = TimeSpan.FromSeconds(20), Folder = "/" }, cancel);
        if (!result.Output.Contains("no boot image was issued", StringComparison.Ordinal))
            return Finding.Fault("oracle", $"The oracle does not answer as {facts.Account}: {PlainText.Of((result.Error + result.Output).Trim().Split('\n')[0])}", "Mend what it names; until then nobody comes in.");
        return Length(tree.OracleLog) > before ? Finding.Ok("oracle", $"The oracle answers as {facts.Account}.") : Finding.Fault("oracle", $"The oracle cannot write its log {tree.OracleLog} as {facts.Account}.", "'bootserver doctor --rebuild' mends its owner; see also whether the file system is full.");
    }

    private static long Length(string path) => File.Exists(path) ? new FileInfo(path).Length : 0;

    [GeneratedRegex(@"Public key: \S+ (?<print>SHA256:\S+)", RegexOptions.ExplicitCapture)]
    private static partial Regex Subject();

    [GeneratedRegex(@"Signing CA: \S+ (?<print>SHA256:\S+)", RegexOptions.ExplicitCapture)]
    private static partial Regex Signer();
}
