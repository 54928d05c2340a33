// How to reach an SFTP server: the values that become ssh's arguments.
namespace BootConsole.Core;

/// <summary>Values for one SSH connection. What is left empty follows the user's own ssh configuration, unless <see cref="OnlyTheseValues"/> is set.</summary>
public sealed record SshSettings
{
    /// <summary>Path of the private key; a certificate lies beside it as <c>…-cert.pub</c>. Empty: ssh's own choice.</summary>
    public string IdentityFile { get; init; } = "";

    /// <summary>Path of a known_hosts file; empty for ssh's own.</summary>
    public string KnownHostsFile { get; init; } = "";

    /// <summary>Lines in known_hosts form (<c>@cert-authority * ssh-ed25519 AAAA…</c>), used instead of any file when there are some.</summary>
    public IReadOnlyList<string> KnownHostsLines { get; init; } = [];

    /// <summary>The name by which the server's host key or certificate is known, when it is not the one it is reached by; empty for that one.</summary>
    public string HostKeyAlias { get; init; } = "";

    /// <summary>Jump host as ssh's <c>-J</c> takes it (<c>user@relay:22</c>); empty for none.</summary>
    public string Jump { get; init; } = "";

    /// <summary>True when the values come from a settings file: the user's ssh configuration, agent and known hosts are then not consulted.</summary>
    public bool OnlyTheseValues { get; init; }

    /// <summary>Seconds after which a silent server is asked for a sign of life; three silent answers end the connection.</summary>
    public int KeepAliveSeconds { get; init; } = 15;

    /// <summary>Seconds a connection attempt may take.</summary>
    public int ConnectSeconds { get; init; } = 30;
}
