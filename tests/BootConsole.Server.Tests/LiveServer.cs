// A server of one test that was made by 'bootserver init', with its sshd running and PCs that come in with real keys.
using System.Globalization;
using BootConsole.Host;
using BootConsole.Server.Certificates;
using BootConsole.TestKit;

namespace BootConsole.Server.Tests;

/// <summary>A server in /srv/bootconsole of a machine of its own; PCs are added by the program's commands, boot images' keys are signed by the server's authority.</summary>
internal sealed class LiveServer : IAsyncDisposable
{
    /// <summary>Its folder, as its machine sees it.</summary>
    internal const string Root = "/srv/bootconsole";

    /// <summary>Its name in the host certificate.</summary>
    internal const string Host = "backup.example";

    private readonly TempFolder _keys = new();
    private PipedProgram? _sshd;

    private LiveServer(PrivateMachine machine) => Machine = machine;

    internal PrivateMachine Machine { get; }

    internal int Port { get; private set; }

    /// <summary>What sshd has logged of late.</summary>
    internal string Log => _sshd?.Errors ?? "";

    /// <summary>The log of refusals.</summary>
    internal string Refusals => File.ReadAllText(this["log/authorize.log"]);

    /// <summary>A path of the server, as this test sees it.</summary>
    internal string this[string path] => Machine[$"{Root}/{path}"];

    /// <summary>Makes one with two PCs, <c>office-pc</c> and <c>other-pc</c>, under the contract <c>basic</c>, which runs.</summary>
    internal static async Task<LiveServer> StartAsync()
    {
        var server = new LiveServer(PrivateMachine.Start());
        try
        {
            server.Run("init", Root, "--host", Host).Succeeds();
            server.Run("contract", "add", "basic", "--customer", "Example Ltd", "--from", Day(-100)).Succeeds();
            foreach (var pc in (string[])["office-pc", "other-pc"]) server.Run("pc", "add", pc, "--contract", "basic").Succeeds();
            await server.ListenAsync();
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>A day some days from today, in UTC, as commands write it.</summary>
    internal static string Day(int fromToday) => DateTime.UtcNow.AddDays(fromToday).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    /// <summary>Runs bootserver on it.</summary>
    internal ProgramResult Run(params string[] arguments) => Machine.Serve(arguments);

    /// <summary>Changes or reads the catalogue behind the program's back: SQLite resolves paths, so it has to run on the machine.</summary>
    /// <returns>The first value of the first row, as text.</returns>
    internal string Sql(string statement, params string[] values) => Machine.Run(
        "python3", ["-c", "import sqlite3, sys; c = sqlite3.connect('/srv/bootconsole/catalogue/catalogue.db'); r = c.execute(sys.argv[1], sys.argv[2:]).fetchone(); c.commit(); print(r[0] if r else '', end='')", statement, .. values]);

    /// <summary>Issues a boot image for a PC, as far as sshd is concerned: a key, a certificate, a row in the catalogue.</summary>
    /// <returns>The path of the private key; its certificate lies beside it.</returns>
    internal async Task<(string Key, long Serial)> IssueAsync(string pc, string? principal = null, long? serial = null, bool isOnRecord = true)
    {
        var key = _keys[Guid.NewGuid().ToString("N")];
        await SystemTool.RunAsync("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", pc, "-f", key);
        var tree = ServerTree.At(this[""].TrimEnd('/'));
        var number = serial ?? 1 + long.Parse("0" + Sql("SELECT seq FROM sqlite_sequence WHERE name = 'boot_image'"), CultureInfo.InvariantCulture);
        var certificate = await new UserAuthority(tree, new ProgramRunner(), TimeProvider.System).SignAsync(key + ".pub", principal ?? pc, number, CancellationToken.None);
        File.WriteAllText(key + "-cert.pub", certificate.Text + "\n");
        if (isOnRecord)
            Sql("INSERT INTO boot_image (id, pc, pc_name, key_id, public_key, medium, mode, issued, valid_until, sha256) VALUES (?, (SELECT id FROM pc WHERE name = ?2), ?2, ?3, ?4, 'iso', 'network', '2026-01-01T00:00:00Z', '2036-01-01T00:00:00Z', '')", number.ToString(CultureInfo.InvariantCulture), pc, certificate.KeyId, certificate.PublicKey);
        return (key, number);
    }

    /// <summary>Marks a boot image as revoked in the catalogue alone.</summary>
    internal void Revoke(long serial) => Sql("UPDATE boot_image SET revoked = '2026-02-02T00:00:00Z' WHERE id = ?", serial.ToString(CultureInfo.InvariantCulture));

    /// <summary>Has the catalogue remember an image.</summary>
    internal void Remember(string pc, string name, string state = "finished") =>
        Sql("INSERT INTO image (pc, name, state, reason, kind, parent, taken, seen, stored_bytes, disk_bytes, manifest, stamp) VALUES ((SELECT id FROM pc WHERE name = ?), ?, ?, '', 'full', '', '2026-02-02T00:00:00Z', '2026-02-02T00:00:00Z', 1, 1, '', '')", pc, name, state);

    /// <summary>Comes in with sftp and gives it commands; a command that fails ends it, unless it begins with <c>-</c>.</summary>
    internal ProgramResult Sftp(string key, string user, params string[] commands)
    {
        var batch = _keys[Guid.NewGuid().ToString("N")];
        File.WriteAllLines(batch, commands);
        return SystemTool.Try("sftp", [.. Options(key), "-P", Port.ToString(CultureInfo.InvariantCulture), "-b", batch, $"{user}@127.0.0.1"]);
    }

    /// <summary>Comes in with raw SFTP requests.</summary>
    internal Task<RawSftp> ComeInAsync(string key, string user) => RawSftp.OpenAsync(PipedProgram.Start("ssh", [.. Options(key), "-p", Port.ToString(CultureInfo.InvariantCulture), "-s", $"{user}@127.0.0.1", "sftp"]));

    /// <summary>Backs a small disk up as the PC would: by bootconsole, over the network, with the settings that a boot image has.</summary>
    /// <returns>The image's id.</returns>
    internal string Backup(string key, string pc, string name, string kind = "full")
    {
        var (disk, settings) = (_keys["disk.img"], _keys[Guid.NewGuid().ToString("N")]);
        if (!File.Exists(disk)) File.WriteAllBytes(disk, RandomBytes.Of(1, 4 << 20));
        File.WriteAllText(settings, $"""
            [pc]
            name = "{pc}"
            [server]
            url = "sftp://bc-{pc}@127.0.0.1:{Port}/"
            host_keys = ["@cert-authority {Host} {File.ReadAllText(this["etc/host_ca.pub"]).Trim()}"]
            host_key_alias = "{Host}"
            identity = "{key}"
            """);
        var program = Path.Combine(Bootserver.Folder, "bootconsole");
        var result = SystemTool.Try("env", [$"DOTNET_ROOT={Bootserver.DotnetRoot}", program, "backup", "--disk", disk, "--config", settings, "--store", "server", "--pc", pc, "--name", name, "--kind", kind, "--no-encryption", "--json"]);
        if (result.ExitCode != 0) throw new InvalidOperationException($"the backup failed: {result}");
        using var document = System.Text.Json.JsonDocument.Parse(result.Output);
        return document.RootElement.GetProperty("image").GetString()!;
    }

    /// <summary>Runs ssh with a PC's key.</summary>
    internal ProgramResult Ssh(string key, string user, params string[] arguments) => SystemTool.Try("timeout", ["20", "ssh", .. Options(key), "-p", Port.ToString(CultureInfo.InvariantCulture), $"{user}@127.0.0.1", .. arguments]);

    public async ValueTask DisposeAsync()
    {
        if (_sshd is not null)
        {
            _sshd.Kill();
            await _sshd.DisposeAsync();
        }

        Machine.Dispose();
        _keys.Dispose();
    }

    private string[] Options(string key)
    {
        var known = _keys["known_hosts"];
        File.WriteAllLines(known, File.ReadAllLines(this["etc/host_ca.pub"]).Select(line => $"@cert-authority {Host} {line}"));
        return
        [
            "-F", "none", "-i", key, "-o", "IdentitiesOnly=yes", "-o", "IdentityAgent=none", "-o", "BatchMode=yes", "-o", "StrictHostKeyChecking=yes", "-o", $"UserKnownHostsFile={known}", "-o", "GlobalKnownHostsFile=/dev/null",
            "-o", $"HostKeyAlias={Host}", "-o", "ConnectTimeout=20",
        ];
    }

    private async Task ListenAsync()
    {
        for (var attempt = 1; ; attempt++)
        {
            Port = FreePort.Find();
            _sshd = Machine.Begin(PrivateMachine.Program, "sshd", "--listen", "127.0.0.1", "--port", Port.ToString(CultureInfo.InvariantCulture));
            await Eventually.BecomesTrueAsync(() => Log.Contains("Server listening", StringComparison.Ordinal) || _sshd.HasEnded, "sshd listens");
            if (!_sshd.HasEnded) return;
            if (attempt == 5) throw new InvalidOperationException("sshd does not start: " + Log);
        }
    }
}
