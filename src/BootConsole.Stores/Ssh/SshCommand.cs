// ssh's arguments and its configuration file for one connection.
using System.Globalization;
using System.Runtime.Intrinsics.X86;
using System.Text;
using BootConsole.Core;
using ArmAes = System.Runtime.Intrinsics.Arm.Aes;

namespace BootConsole.Stores.Ssh;

/// <summary>
/// Makes argument lists. What both the server and a jump host need stands in a generated configuration file, because ssh passes only its <c>-F</c> on to the ssh
/// that it starts for a jump; what is the server's alone stands in the arguments. That second ssh is started through a shell, so whatever could get there is held
/// to plain characters.
/// </summary>
/// <param name="address">The server.</param>
/// <param name="settings">How to reach it.</param>
/// <param name="folder">Where configuration, known hosts and socket are.</param>
internal sealed class SshCommand(SftpAddress address, SshSettings settings, RunFolder folder)
{
    /// <summary>The configuration file.</summary>
    internal string ConfigurationFile => folder["config"];

    /// <summary>The known_hosts file, when the settings bring lines for one.</summary>
    internal string KnownHostsFile => folder["known_hosts"];

    /// <summary>
    /// The first channel, which makes the connection and lets others use it. It is the master itself and not a client of one started with <c>-N</c>: such a
    /// master does not notice when this program is killed, and would stay; this one ends with its standard input.
    /// </summary>
    internal IReadOnlyList<string> FirstChannel() => ["-F", ConfigurationFile, "-T", "-x", "-a", "-M", "-S", Socket, .. Target(), "-s", "--", address.Host, "sftp"];

    /// <summary>A further channel on the connection. When the socket is stale ssh would quietly make a connection of its own; the proxy command that fails keeps it from that.</summary>
    internal IReadOnlyList<string> NextChannel() =>
        ["-F", ConfigurationFile, "-T", "-x", "-a", "-S", Socket, "-o", "ControlMaster=no", "-o", "ProxyCommand=false", "-s", "--", address.Host, "sftp"];

    /// <summary>A channel on a connection of its own.</summary>
    internal IReadOnlyList<string> SeparateChannel() => ["-F", ConfigurationFile, "-T", "-x", "-a", "-S", "none", .. Target(), "-s", "--", address.Host, "sftp"];

    /// <summary>The text of the configuration file. ssh takes the first value it meets for each option.</summary>
    internal string Configuration()
    {
        var text = new StringBuilder();
        void Set(string option, string value) => text.Append(option).Append(' ').Append(value).Append('\n');
        foreach (var (option, value) in Fixed) Set(option, value);
        Set("Ciphers", Ciphers);
        Set("ServerAliveInterval", settings.KeepAliveSeconds.ToString(CultureInfo.InvariantCulture));
        Set("ServerAliveCountMax", "3");
        Set("ConnectTimeout", settings.ConnectSeconds.ToString(CultureInfo.InvariantCulture));
        if (settings.IdentityFile.Length > 0)
        {
            var identity = SshText.RequireFile(Path.GetFullPath(settings.IdentityFile));
            Set("IdentityFile", $"\"{identity}\"");
            Set("IdentitiesOnly", "yes");
            if (File.Exists(identity + "-cert.pub")) Set("CertificateFile", $"\"{identity}-cert.pub\"");
        }

        SetKnownHosts(Set);
        foreach (var (option, value) in settings.OnlyTheseValues ? NothingElse : TheUsersOwn) Set(option, value);
        return text.ToString();
    }

    /// <summary>The lines of the known_hosts file.</summary>
    internal string KnownHosts() => string.Concat(settings.KnownHostsLines.Select(line => SshText.RequireLine(line) + "\n"));

    private string Socket => folder["s"];

    // AES in hardware is a third cheaper than ChaCha20, which wins where there is none. The caret keeps ssh's other ciphers behind these.
    private static string Ciphers => Aes.IsSupported || ArmAes.IsSupported
        ? "^aes128-gcm@openssh.com,aes256-gcm@openssh.com,chacha20-poly1305@openssh.com"
        : "^chacha20-poly1305@openssh.com,aes128-gcm@openssh.com,aes256-gcm@openssh.com";

    private static readonly (string, string)[] Fixed =
    [
        // Never a question: there may be nobody to answer.
        ("BatchMode", "yes"), ("LogLevel", "INFO"),
        // The images are compressed already.
        ("Compression", "no"),
        // Nothing of a person's daily settings that would change what the connection carries.
        ("RequestTTY", "no"), ("RemoteCommand", "none"), ("PermitLocalCommand", "no"), ("ClearAllForwardings", "yes"), ("ForwardAgent", "no"), ("ForwardX11", "no"),
        ("EscapeChar", "none"), ("AddKeysToAgent", "no"), ("UpdateHostKeys", "no"), ("ControlPath", "none"), ("ControlPersist", "no"), ("ConnectionAttempts", "1"),
    ];

    private static readonly (string, string)[] NothingElse =
        [("IdentityAgent", "none"), ("PreferredAuthentications", "publickey"), ("GSSAPIAuthentication", "no"), ("CanonicalizeHostname", "no"), ("VerifyHostKeyDNS", "no")];

    private static readonly (string, string)[] TheUsersOwn = [("Include", "~/.ssh/config"), ("Include", "/etc/ssh/ssh_config")];

    private IEnumerable<string> Target()
    {
        SshText.RequireHost(address.Host, "the server's name");
        if (address.Port > 0) yield return "-p";
        if (address.Port > 0) yield return address.Port.ToString(CultureInfo.InvariantCulture);
        if (address.User.Length > 0) yield return "-l";
        if (address.User.Length > 0) yield return SshText.RequireHost(address.User, "the login name");
        if (settings.HostKeyAlias.Length > 0) yield return "-o";
        if (settings.HostKeyAlias.Length > 0) yield return "HostKeyAlias=" + SshText.RequireHost(settings.HostKeyAlias, "the server's name in its key");
        if (settings.Jump.Length > 0) yield return "-J";
        if (settings.Jump.Length > 0) yield return SshText.RequireJump(settings.Jump);
    }

    private void SetKnownHosts(Action<string, string> set)
    {
        var file = settings.KnownHostsLines.Count > 0 ? KnownHostsFile
            : settings.KnownHostsFile.Length > 0 ? SshText.RequireFile(Path.GetFullPath(settings.KnownHostsFile))
            : settings.OnlyTheseValues ? "/dev/null"
            : "";
        // Otherwise the user's own files, and the user's own decision how strictly they are kept.
        if (file.Length == 0) return;
        set("UserKnownHostsFile", $"\"{file}\"");
        set("GlobalKnownHostsFile", "/dev/null");
        set("StrictHostKeyChecking", "yes");
    }
}
