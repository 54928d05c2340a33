// An SMB server of one test on the host, as a PC sees it through QEMU's network: Samba with a configuration, users and state of its own.
using BootConsole.Host;
using BootConsole.TestKit;

namespace BootConsole.Appliance.VmTests.Pc;

/// <summary>smbd on a port of its own.</summary>
internal sealed class SambaServer : IAsyncDisposable
{
    /// <summary>A share that may be written.</summary>
    internal const string Open = "open";

    /// <summary>A share that may be read.</summary>
    internal const string ReadOnly = "read-only";

    private const string User = "root", Password = "two words";

    private readonly TempFolder _folder = new();
    private PipedProgram? _program;

    private SambaServer() { }

    /// <summary>The port it listens on; the same after a restart.</summary>
    internal int Port { get; private set; } = FreePort.Find();

    /// <summary>Starts it.</summary>
    internal static async Task<SambaServer> StartAsync()
    {
        var server = new SambaServer();
        try
        {
            foreach (var name in (string[])[Open, ReadOnly, "private", "state"]) Directory.CreateDirectory(server._folder[name]);
            SystemTool.Run("chmod", "700", server._folder["private"]);
            File.WriteAllText(server._folder["conf"], server.Configuration());
            SystemTool.Feed($"{Password}\n{Password}\n", "smbpasswd", "-c", server._folder["conf"], "-s", "-a", User);
            await server.StartAgainAsync();
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>The address of a share or of a folder in it.</summary>
    internal string Address(string share) => $"smb://{GuestServer.Host}:{Port}/{share}";

    /// <summary>What a share holds, as a folder of the host.</summary>
    internal string Folder(string share) => _folder[share];

    /// <summary>A credentials file that may come in.</summary>
    internal string Credentials() => CredentialsOf(Password);

    /// <summary>One that may not.</summary>
    internal string WrongCredentials() => CredentialsOf("too words");

    /// <summary>Ends it with all its sessions at once.</summary>
    internal async Task KillAsync()
    {
        if (_program is null) return;
        _program.Kill();
        await _program.DisposeAsync();
        _program = null;
    }

    /// <summary>Starts it again on the same port.</summary>
    internal async Task StartAgainAsync()
    {
        for (var attempt = 1; ; attempt++)
        {
            if (attempt > 1) Port = FreePort.Find();
            File.WriteAllText(_folder["conf"], Configuration());
            _program = PipedProgram.Start("smbd", ["-F", "-s", _folder["conf"], "-l", _folder["state"], "--no-process-group"]);
            await Eventually.BecomesTrueAsync(() => IsListening() || _program.HasEnded, "smbd listens");
            if (!_program.HasEnded) return;
            var said = _program.Errors + SystemTool.Try("cat", _folder["state/log.smbd"]).Output;
            await KillAsync();
            if (attempt == 5) throw new InvalidOperationException("smbd does not start: " + said);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        _folder.Dispose();
    }

    private string CredentialsOf(string password)
    {
        var path = _folder["credentials-" + password.Replace(' ', '-')];
        File.WriteAllText(path, $"username={User}\npassword={password}\n");
        return path;
    }

    private bool IsListening() => SystemTool.Run("ss", "-Hltn", "sport", "=", $":{Port}").Length > 0;

    private string Configuration() => $"""
        [global]
        server role = standalone server
        disable netbios = yes
        interfaces = 127.0.0.1
        bind interfaces only = yes
        smb ports = {Port}
        passdb backend = tdbsam:{_folder["private/passdb.tdb"]}
        private dir = {_folder["private"]}
        lock directory = {_folder["state"]}
        state directory = {_folder["state"]}
        cache directory = {_folder["state"]}
        pid directory = {_folder["state"]}
        ncalrpc dir = {_folder["state"]}/ncalrpc
        map to guest = never
        disable spoolss = yes
        load printers = no
        [{Open}]
        path = {Folder(Open)}
        read only = no
        [{ReadOnly}]
        path = {Folder(ReadOnly)}
        """;
}
