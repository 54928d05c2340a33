// Commands on a catalogue that cannot be used: each says so with what to do, and changes nothing.
using BootConsole.TestKit;

namespace BootConsole.Server.Tests;

public sealed class BadCatalogueTests : IDisposable
{
    private const string Catalogue = $"{SampleServer.Root}/catalogue";
    private readonly SampleServer _server = SampleServer.Start();

    public BadCatalogueTests()
    {
        _server.Run("contract", "add", "basic").Succeeds();
        _server.Run("pc", "add", "office", "--contract", "basic").Succeeds();
    }

    public void Dispose() => _server.Dispose();

    [Theory]
    [InlineData(1, "damaged", "rm -f catalogue.db-* && dd if=/dev/urandom of=catalogue.db bs=4096 count=2 conv=notrunc status=none")]
    [InlineData(3, "newer bootserver", "sqlite3 catalogue.db 'PRAGMA user_version = 999' && sqlite3 catalogue.db 'PRAGMA wal_checkpoint(TRUNCATE)'")]
    [InlineData(1, "is missing", "mv catalogue.db elsewhere")]
    [InlineData(1, "cannot be", "sqlite3 catalogue.db 'PRAGMA wal_checkpoint(TRUNCATE)' && mount -o remount,ro /srv")]
    public void Nothing_is_changed_and_it_is_said_what_to_do(int code, string words, string damage)
    {
        _server.Machine.Run("sh", "-c", $"cd {Catalogue} && {damage} >&2");
        AllFail(code, words);
    }

    [Fact]
    public async Task While_another_program_has_it_commands_say_so_and_afterwards_they_work()
    {
        const string hold = "import sqlite3, sys; c = sqlite3.connect('/srv/bootconsole/catalogue/catalogue.db', isolation_level=None); c.execute('PRAGMA locking_mode=EXCLUSIVE'); c.execute('BEGIN EXCLUSIVE'); c.execute('DELETE FROM event'); print('held', flush=True); sys.stdin.read()";
        await using (var holder = _server.Machine.Begin("python3", "-c", hold))
        {
            await Eventually.EndsAsync(holder.Output.ReadExactlyAsync(new byte[5]).AsTask());
            AllFail(1, "locked");
        }

        _server.Run("contract", "add", "second").Succeeds();
    }

    private void AllFail(int code, string words)
    {
        var before = State();
        foreach (var command in (string[][])
                 [
                     ["contract", "add", "second"], ["contract", "change", "basic", "--images", "3"], ["contract", "end", "basic"], ["pc", "add", "other", "--contract", "basic"], ["pc", "change", "office", "--mac", "52:54:00:12:34:56"],
                     ["pc", "remove", "office"], ["images", "prune"],
                 ])
            _server.Run(command).Reports(code, words);
        Assert.Equal(before, State());
    }

    // What the catalogue holds but its journals, the PCs' users, and all stores.
    private string State() => _server.Machine.Run("sh", "-c", $"sha256sum {Catalogue}/catalogue.db {Catalogue}/elsewhere 2> /dev/null; grep ^bc- /etc/passwd; find {SampleServer.Root}/pcs | sort");
}
