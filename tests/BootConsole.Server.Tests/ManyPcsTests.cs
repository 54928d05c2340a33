// Fifty PCs whose backups begin at the same moment: a real sshd, one user, key and certificate for each, real backups over sftp, and an administrator who works meanwhile.
using System.Globalization;
using System.Text.Json;
using BootConsole.Host;
using BootConsole.TestKit;

namespace BootConsole.Server.Tests;

public sealed class ManyPcsTests : IDisposable
{
    private const int Count = 50;

    // Doing all of it in one process: fifty times 'pc add' would be the longest part of this test.
    private const string AddScript = """
        import sqlite3, sys
        catalogue = sqlite3.connect('/srv/bootconsole/catalogue/catalogue.db')
        for pc in sys.argv[1:]:
            contract = 'vault' if int(pc[3:]) % 2 else 'basic'
            catalogue.execute("INSERT INTO pc (name, account, contract, address, settings, added) VALUES (?, ?, (SELECT id FROM contract WHERE name = ?), 'dhcp', '', '2026-01-01T00:00:00Z')", (pc, 'bc-' + pc, contract))
        catalogue.commit()
        """;

    private static readonly string Bootconsole = Path.Combine(Bootserver.Folder, "bootconsole");
    private static readonly string[] Names = [.. Enumerable.Range(1, Count).Select(number => $"pc-{number:00}")];

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Fifty_PCs_back_up_at_once_while_the_server_seals_and_looks_and_none_fails()
    {
        await using var server = await LiveServer.StartAsync();
        // One PC in two is under a contract whose images are sealed while their sessions are still open.
        server.Run("contract", "add", "vault", "--customer", "Example Ltd", "--deletion", "forbidden").Succeeds();
        server.Machine.Run("python3", ["-c", AddScript, .. Names]);
        server.Run("doctor", "--rebuild").Succeeds();
        List<(string Pc, string[] Arguments)> backups = [];
        foreach (var (pc, number) in Names.Select((pc, number) => (pc, number))) backups.Add((pc, await PrepareAsync(server, pc, number)));

        await using var service = server.Machine.Begin(PrivateMachine.Program, "seal");
        // They would be other machines: all of them share one processor of this one, and the server has the others.
        var jobs = backups.Select(backup => new ProgramRunner().RunAsync(new ProgramCall("taskset", ["-c", "0", "nice", "-n", "10", Bootconsole, .. backup.Arguments]) { Limit = Eventually.Limit * 2 }, CancellationToken.None)).ToList();
        var ended = Task.WhenAll(jobs);
        var looks = 0;
        do
        {
            // Whoever asks is answered meanwhile, and finds nothing damaged.
            Assert.DoesNotContain("damaged", server.Run("images", "scan").Succeeds().Output.Replace("; 0 damaged", "", StringComparison.Ordinal), StringComparison.Ordinal);
            var pc = Names[looks++ * 7 % Count];
            var serial = server.Sql("SELECT id FROM boot_image WHERE pc_name = ?", pc);
            Assert.Contains($"\"internal-sftp\" {pc}", server.Run("authorize", "bc-" + pc, $"{pc}/{serial}", serial).Succeeds().Output, StringComparison.Ordinal);
        }
        while (!ended.IsCompleted);

        foreach (var ((pc, _), result) in backups.Zip(await ended)) Assert.True(result.ExitCode == 0, $"{pc}: {result}\n{server.Log}\n{server.Refusals}");
        await Eventually.BecomesTrueAsync(() => server.Sql("SELECT count(*) FROM image WHERE sealed IS NOT NULL") == $"{Count / 2}", "the images of the append-only contract are sealed");
        service.Kill();

        var listed = server.Run("images", "list", "--all", "--json").Succeeds().Document().GetProperty("images").EnumerateArray().ToDictionary(image => image.GetProperty("pc").GetString()!);
        Assert.Equal(Names, listed.Keys.Order(StringComparer.Ordinal));
        foreach (var ((pc, _), result) in backups.Zip(await ended)) Assert.Equal((Id(result), "finished"), (listed[pc].GetProperty("id").GetString(), listed[pc].GetProperty("state").GetString()));
        var verified = server.Run("images", "verify", "--json").Succeeds().Document();
        Assert.Equal(Count, verified.GetProperty("images").EnumerateArray().Count(image => image.GetProperty("outcome").GetString() == "done"));
        Assert.Equal("ok", server.Sql("PRAGMA integrity_check"));
        Assert.DoesNotMatch("(?m)^fault ", server.Run("doctor").Succeeds().Output);
        Assert.Equal("", server.Refusals.Split('\n').FirstOrDefault(line => line.Length > 0 && !line.Contains("user=doctor", StringComparison.Ordinal)) ?? "");
    }

    // A disk of its own, of which a part is used, and the settings that its boot image would have.
    private async Task<string[]> PrepareAsync(LiveServer server, string pc, int number)
    {
        var (key, _) = await server.IssueAsync(pc, serial: number + 1);
        var disk = _folder[pc + ".img"];
        using (var file = File.Create(disk))
        {
            var used = new byte[1 << 20];
            new Random(number).NextBytes(used);
            file.Write(used);
            file.SetLength(4 << 20);
        }

        var hostKeys = File.ReadAllLines(server["etc/host_ca.pub"]).Select(line => $"\"@cert-authority {LiveServer.Host} {line}\"");
        var settings = _folder[pc + ".toml"];
        await File.WriteAllTextAsync(settings, string.Create(CultureInfo.InvariantCulture, $"""
            [pc]
            name = "{pc}"
            [server]
            url = "sftp://bc-{pc}@127.0.0.1:{server.Port}/"
            host_keys = [{string.Join(", ", hostKeys)}]
            host_key_alias = "{LiveServer.Host}"
            identity = "{key}"
            [backup]
            name = "daily"
            encryption = "none"
            """));
        return ["backup", "--disk", disk, "--config", settings, "--store", "server", "--json"];
    }

    private static string Id(ProgramResult result)
    {
        using var document = JsonDocument.Parse(result.Output);
        return document.RootElement.GetProperty("image").GetString()!;
    }
}
