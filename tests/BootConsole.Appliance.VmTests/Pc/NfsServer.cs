// An NFS server of one test on the host, as a PC sees it through QEMU's network: nfs-ganesha, which needs neither the kernel's server nor rpcbind.
using System.Globalization;
using BootConsole.Host;
using BootConsole.TestKit;

namespace BootConsole.Appliance.VmTests.Pc;

/// <summary>NFS 4 alone, on a port of its own.</summary>
internal sealed class NfsServer : IAsyncDisposable
{
    /// <summary>An export that may be written.</summary>
    internal const string Open = "open";

    /// <summary>An export that may be read.</summary>
    internal const string ReadOnly = "read-only";

    /// <summary>An export where root is nobody, in a folder that belongs to root: what most NFS servers make of an export unless they are told otherwise.</summary>
    internal const string Squashed = "squashed";

    private readonly TempFolder _folder = new();
    private PipedProgram? _program;

    private NfsServer() { }

    /// <summary>The port it listens on; the same after a restart.</summary>
    internal int Port { get; private set; } = FreePort.Find();

    /// <summary>Starts it.</summary>
    internal static async Task<NfsServer> StartAsync()
    {
        var server = new NfsServer();
        try
        {
            foreach (var name in (string[])[Open, ReadOnly, Squashed, "recovery"]) Directory.CreateDirectory(server._folder[name]);
            await server.StartAgainAsync();
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>The address of an export.</summary>
    internal string Address(string export) => $"nfs://{GuestServer.Host}:{Port}/{export}";

    /// <summary>What an export holds, as a folder of the host.</summary>
    internal string Folder(string export) => _folder[export];

    /// <summary>Ends it at once.</summary>
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
            var (configuration, log) = (_folder["conf"], _folder[$"log-{attempt}"]);
            File.Delete(log);
            File.WriteAllText(configuration, Configuration());
            _program = PipedProgram.Start("ganesha.nfsd", ["-F", "-f", configuration, "-L", log, "-p", _folder["pid"]]);
            string Said() => File.Exists(log) ? File.ReadAllText(log) : "";
            await Eventually.BecomesTrueAsync(() => Said().Contains("NFS SERVER INITIALIZED", StringComparison.Ordinal) || _program.HasEnded, "ganesha.nfsd listens");
            if (!_program.HasEnded) return;
            var said = _program.Errors + Said();
            await KillAsync();
            if (attempt == 5) throw new InvalidOperationException("ganesha.nfsd does not start: " + said);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        _folder.Dispose();
    }

    // No grace: it would keep a client waiting for a minute and a half after each start.
    private string Configuration() => $$"""
        NFS_CORE_PARAM { NFS_Port = {{Port.ToString(CultureInfo.InvariantCulture)}}; Protocols = 4; Bind_addr = 127.0.0.1; Enable_NLM = false; Enable_RQUOTA = false; Enable_UDP = false; }
        NFSV4 { RecoveryBackend = fs; RecoveryRoot = "{{_folder["recovery"]}}"; Graceless = true; }
        {{Export(1, Open, "RW", "No_Root_Squash")}}
        {{Export(2, ReadOnly, "RO", "No_Root_Squash")}}
        {{Export(3, Squashed, "RW", "Root_Squash")}}
        """;

    private string Export(int number, string name, string access, string squash) =>
        $"EXPORT {{ Export_Id = {number}; Path = \"{Folder(name)}\"; Pseudo = /{name}; Access_Type = {access}; Squash = {squash}; SecType = sys; Protocols = 4; Transports = TCP; FSAL {{ Name = VFS; }} }}";
}
