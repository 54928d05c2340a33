// What kind of SSH server a test wants.
namespace BootConsole.TestKit;

/// <summary>Options of a <see cref="PrivateSshd"/>.</summary>
public sealed record SshdOptions
{
    /// <summary>True: the account is "nobody", shut into a root-owned folder, with internal-sftp. Needs root.</summary>
    public bool Chroot { get; init; }

    /// <summary>True: the server proves itself by a certificate of its own authority, under the name <see cref="PrivateSshd.CertifiedName"/>.</summary>
    public bool HostCertificate { get; init; }

    /// <summary>True: the user comes in by a certificate and not by a listed key.</summary>
    public bool UserCertificate { get; init; }

    /// <summary>sshd's MaxSessions: channels on one connection.</summary>
    public int MaxSessions { get; init; } = 10;

    /// <summary>sshd's MaxStartups: connections that are not logged in yet.</summary>
    public string MaxStartups { get; init; } = "100";

    /// <summary>The sftp subsystem; null for the usual one of the kind, empty for none.</summary>
    public string? Subsystem { get; init; }

    /// <summary>More lines for sshd_config.</summary>
    public IReadOnlyList<string> ConfigurationLines { get; init; } = [];
}
