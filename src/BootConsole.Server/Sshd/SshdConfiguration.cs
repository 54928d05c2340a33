// The configuration of sshd: one generator for a sshd of the server's own and for a part of the system's.
using BootConsole.Server.Accounts;

namespace BootConsole.Server.Sshd;

/// <summary>Writes configurations of sshd (sshd_config(5)).</summary>
/// <param name="tree">The server.</param>
/// <param name="facts">What it is.</param>
/// <param name="program">bootserver's absolute path.</param>
internal sealed class SshdConfiguration(ServerTree tree, ServerFacts facts, string program)
{
    // A PC opens up to eight channels on one connection, and one more to look at the clock.
    private const int SessionsOfOneConnection = 16;

    // Fifty PCs whose backups begin at the same minute; from here on a part of the connections that are not logged in yet is dropped, and PCs try again.
    private const string Startups = "MaxStartups 100:30:300";

    /// <summary>The configuration of a sshd that serves this server alone.</summary>
    internal string Own() => Text(
    [
        "# sshd for a BootConsole server. Written by 'bootserver init' and 'bootserver doctor --rebuild': changes are lost.",
        $"Port {facts.Port}",
        $"HostKey {tree.HostKey}",
        $"HostCertificate {tree.HostCertificate}",
        "PidFile none",
        "UsePAM no",
        "PrintMotd no",
        "LoginGraceTime 60",
        Startups,
        "AuthenticationMethods publickey",
        .. facts.IsSystem ? (string[])["PermitRootLogin no", $"AllowGroups {SystemAccounts.Group}"] : [$"AllowUsers {facts.Account}"],
        "Subsystem sftp internal-sftp",
        .. Rules(),
    ]);

    /// <summary>The part for the system's sshd, which goes on serving people as before. For system servers.</summary>
    internal string Part() => Text(
    [
        "# The PCs of a BootConsole server, for the system's sshd. Written by 'bootserver init' and 'bootserver doctor --rebuild': changes are lost.",
        $"# ln -s {tree.SshdSnippet} /etc/ssh/sshd_config.d/bootserver.conf && sshd -t && systemctl reload ssh",
        $"HostCertificate {tree.SystemHostCertificate}",
        Startups,
        $"Match Group {SystemAccounts.Group}",
        .. Rules().Select(line => "    " + line),
    ]);

    /// <summary>What holds for the sessions of PCs. There is no ForceCommand: it would override what the oracle says.</summary>
    private IEnumerable<string> Rules() =>
    [
        $"TrustedUserCAKeys {tree.UserAuthorities}",
        $"RevokedKeys {tree.Revocations}",
        // Of the command sshd wants the first word alone to be root's: an ordinary user's program comes behind one that is.
        $"AuthorizedPrincipalsCommand {(facts.IsSystem ? "" : "/usr/bin/env ")}{program} authorize --root {tree.Root} %u %i %s %f",
        $"AuthorizedPrincipalsCommandUser {facts.Account}",
        "AuthorizedKeysFile none",
        "PasswordAuthentication no",
        "KbdInteractiveAuthentication no",
        "PermitTTY no",
        "PermitUserRC no",
        "DisableForwarding yes",
        $"MaxSessions {SessionsOfOneConnection}",
        "ClientAliveInterval 30",
        "ClientAliveCountMax 4",
        .. facts.IsSystem ? (string[])["ChrootDirectory %h"] : [],
    ];

    private static string Text(IEnumerable<string> lines) => string.Join('\n', lines) + "\n";
}
