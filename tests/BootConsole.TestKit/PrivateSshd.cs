// An OpenSSH server of one test: its own keys, its own port, gone when the test is.
using BootConsole.Core;
using BootConsole.Host;

namespace BootConsole.TestKit;

/// <summary>
/// A real sshd on the loopback address. Its folder holds keys and configuration, and <c>store</c>, the folder it serves. As root it wants <c>/run/sshd</c>, which
/// is made when it is missing.
/// </summary>
public sealed class PrivateSshd : IAsyncDisposable
{
    /// <summary>The name in the host certificate.</summary>
    public const string CertifiedName = "store.bootconsole.test";

    private readonly SshdOptions _options;
    private PipedProgram? _program;

    private PrivateSshd(SshdOptions options, string folder) => (_options, Folder) = (options, folder);

    /// <summary>Keys and configuration.</summary>
    public string Folder { get; }

    /// <summary>The folder that is served, as a path of this machine.</summary>
    public string StoreFolder => Path.Combine(Folder, "root", "store");

    /// <summary>The port it listens on; the same after a restart.</summary>
    public int Port { get; private set; }

    /// <summary>The account that tests log in to.</summary>
    public string User => _options.Chroot ? "nobody" : Environment.UserName;

    /// <summary>What the server has logged of late.</summary>
    public string Log => _program?.Errors ?? "";

    /// <summary>The line by which a client knows this server.</summary>
    public string KnownHostsLine => _options.HostCertificate
        ? "@cert-authority " + CertifiedName + " " + PublicKey("ca_host")
        : $"[127.0.0.1]:{Port} " + PublicKey("hostkey");

    /// <summary>Settings for a client that may come in.</summary>
    public SshSettings Settings => new()
    {
        IdentityFile = Path.Combine(Folder, "id"),
        KnownHostsLines = [KnownHostsLine],
        HostKeyAlias = _options.HostCertificate ? CertifiedName : "",
        OnlyTheseValues = true,
        ConnectSeconds = 20,
    };

    /// <summary>Makes keys and starts the server.</summary>
    public static async Task<PrivateSshd> StartAsync(SshdOptions? options = null)
    {
        options ??= new SshdOptions();
        // sshd shuts nobody into a folder that others could have changed: /tmp will not do.
        var folder = options.Chroot ? Path.Combine("/srv", "bootconsole-test-" + Guid.NewGuid().ToString("N")[..12]) : Directory.CreateTempSubdirectory("bootconsole-test-").FullName;
        var server = new PrivateSshd(options, folder);
        try
        {
            await server.PrepareAsync();
            await server.StartAgainAsync();
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>The address of a folder on this server, or of the store folder itself.</summary>
    public SftpAddress Address(string? path = null) => new(User, "127.0.0.1", Port, path ?? (_options.Chroot ? "/store" : StoreFolder));

    /// <summary>The same through another port, such as that of a <see cref="TcpFaultProxy"/>.</summary>
    public SftpAddress AddressThrough(int port) => Address() with { Port = port };

    /// <summary>Settings for a client that comes through another port.</summary>
    public SshSettings SettingsThrough(int port) => Settings with { KnownHostsLines = [KnownHostsLine.Replace($":{Port} ", $":{port} ", StringComparison.Ordinal)] };

    /// <summary>Ends the server and all its sessions at once, as a power cut of the server would look from here (connections are reset).</summary>
    public async Task KillAsync()
    {
        if (_program is null) return;
        _program.Kill();
        await _program.DisposeAsync();
        _program = null;
    }

    /// <summary>Starts the server again on the same port.</summary>
    public async Task StartAgainAsync()
    {
        for (var attempt = 1; ; attempt++)
        {
            if (Port == 0 || attempt > 1) Port = FreePort.Find();
            await File.WriteAllLinesAsync(Path.Combine(Folder, "sshd_config"), Configuration());
            _program = PipedProgram.Start("sshd", ["-D", "-e", "-f", Path.Combine(Folder, "sshd_config")]);
            await Eventually.BecomesTrueAsync(() => Log.Contains("Server listening", StringComparison.Ordinal) || _program.HasEnded, "sshd listens");
            if (!_program.HasEnded) return;
            var log = Log;
            await KillAsync();
            if (attempt == 5) throw new InvalidOperationException("sshd does not start: " + log);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        if (Directory.Exists(Folder)) Directory.Delete(Folder, recursive: true);
    }

    /// <summary>Makes one more Ed25519 key pair in the server's folder and gives the path of the private one.</summary>
    public async Task<string> MakeKeyAsync(string name)
    {
        await SystemTool.RunAsync("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", name, "-f", Path.Combine(Folder, name));
        return Path.Combine(Folder, name);
    }

    /// <summary>The public key of a pair, without its comment.</summary>
    public string PublicKey(string name) => string.Join(' ', File.ReadAllText(Path.Combine(Folder, name + ".pub")).Split(' ')[..2]);

    private async Task PrepareAsync()
    {
        Directory.CreateDirectory("/run/sshd");
        Directory.CreateDirectory(StoreFolder);
        foreach (var key in new[] { "hostkey", "id", "ca_host", "ca_user" }) await MakeKeyAsync(key);
        await SystemTool.RunAsync("ssh-keygen", "-q", "-s", Path.Combine(Folder, "ca_host"), "-I", "host", "-h", "-n", CertifiedName, "-V", "always:forever", Path.Combine(Folder, "hostkey.pub"));
        if (_options.UserCertificate)
            await SystemTool.RunAsync("ssh-keygen", "-q", "-s", Path.Combine(Folder, "ca_user"), "-I", "user", "-n", User, "-V", "always:forever", Path.Combine(Folder, "id.pub"));
        File.WriteAllText(Path.Combine(Folder, "authorized_keys"), _options.UserCertificate ? "" : File.ReadAllText(Path.Combine(Folder, "id.pub")));
        if (!_options.Chroot) return;
        // sshd reads the keys as the user.
        await SystemTool.RunAsync("chmod", "755", Folder, Path.Combine(Folder, "root"));
        await SystemTool.RunAsync("chown", User, StoreFolder);
    }

    private IEnumerable<string> Configuration()
    {
        yield return $"Port {Port}";
        yield return "ListenAddress 127.0.0.1";
        yield return $"HostKey {Folder}/hostkey";
        if (_options.HostCertificate) yield return $"HostCertificate {Folder}/hostkey-cert.pub";
        yield return $"AuthorizedKeysFile {Folder}/authorized_keys";
        if (_options.UserCertificate) yield return $"TrustedUserCAKeys {Folder}/ca_user.pub";
        yield return "StrictModes no";
        yield return "UsePAM no";
        yield return "PidFile none";
        // sftp-server is started by the account's shell, which would read whatever its home has for it: slow, and left half done when a test kills the server.
        if (!_options.Chroot) yield return $"SetEnv HOME={Folder}";
        yield return "PasswordAuthentication no";
        yield return "KbdInteractiveAuthentication no";
        yield return $"MaxSessions {_options.MaxSessions}";
        yield return $"MaxStartups {_options.MaxStartups}";
        var subsystem = _options.Subsystem ?? (_options.Chroot ? "internal-sftp" : "/usr/lib/openssh/sftp-server");
        if (subsystem.Length > 0) yield return "Subsystem sftp " + subsystem;
        if (_options.Chroot) yield return $"ChrootDirectory {Folder}/root";
        foreach (var line in _options.ConfigurationLines) yield return line;
    }
}
