// Stores behind a real sshd: what works, every way a connection can be refused, and a server that dies in the middle.
using BootConsole.TestKit;

namespace BootConsole.Appliance.Tests;

public sealed class SftpStoreTests(SampleStore sample) : IClassFixture<SampleStore>, IAsyncLifetime
{
    private readonly TempFolder _folder = new();
    private PrivateSshd _server = null!;

    public async Task InitializeAsync()
    {
        _server = await PrivateSshd.StartAsync();
        File.WriteAllText(KnownHosts, _server.KnownHostsLine + "\n");
    }

    public async Task DisposeAsync()
    {
        await _server.DisposeAsync();
        _folder.Dispose();
    }

    private string KnownHosts => _folder["known_hosts"];

    private string Identity => Path.Combine(_server.Folder, "id");

    [Fact]
    public void A_backup_over_sftp_is_listed_verified_and_restored()
    {
        var image = Backup(Store()).Succeeds().Document.GetProperty("image").GetString()!;
        Assert.Equal([image], Directory.GetDirectories(Path.Combine(_server.StoreFolder, "images")).Select(Path.GetFileName));
        Run("verify", Store(), "latest").Succeeds();
        var target = sample.NewPath(".img");
        Run("restore", Store(), "latest", "--disk", target).Succeeds();
        Assert.Equal(Content.Read(sample.Source, SampleStore.LinuxStart, 40 << 20), Content.Read(target, SampleStore.LinuxStart, 40 << 20));
        Run("delete", Store(), image).Succeeds();
        Assert.Empty(Directory.GetDirectories(Path.Combine(_server.StoreFolder, "images")));
    }

    [Fact]
    public async Task Every_refused_connection_is_told_apart()
    {
        // Another key under the server's name.
        await _server.MakeKeyAsync("other");
        File.WriteAllText(KnownHosts, $"[127.0.0.1]:{_server.Port} {_server.PublicKey("other")}\n");
        Backup(Store()).ReportsJson(1, "failed", "The server's host key has changed", "fingerprint");
        File.WriteAllText(KnownHosts, "");
        Backup(Store()).Reports(1, "The server is unknown", "known hosts");
        File.WriteAllText(KnownHosts, _server.KnownHostsLine + "\n");
        RunAs(Path.Combine(_server.Folder, "other"), "images", Store()).Reports(1, "The server refuses the login", "key");
        RunAs(_folder["no-such-key"], "images", Store()).Reports(1, "private key file is not there", "no-such-key");
        Run("images", $"sftp://{_server.User}@127.0.0.1:{FreePort.Find()}/store").Reports(1, "Nothing answers on the server's port", "port");
        Run("images", Store() + "/not-there").Reports(1, "The store's folder is not there", "not-there");
        Run("images", $"sftp://{_server.User}@no-such-host.invalid/store").Reports(1, "name");
        Assert.Empty(Directory.GetFileSystemEntries(_server.StoreFolder));
    }

    [Theory]
    [InlineData(200_000)]
    [InlineData(3_000_000)]
    [InlineData(9_000_000)]
    public async Task A_server_that_dies_during_a_backup_is_named_and_the_rest_can_be_cleared(long bytes)
    {
        var kept = Run("backup", Store(), "--disk", sample.NewDisk(1 << 20), "--no-encryption", "--name", "kept", "--json").Succeeds().Document.GetProperty("image").GetString()!;
        var before = Content.Hash(sample.Source);
        await using (var proxy = new TcpFaultProxy(_server.Port) { CutAfterBytesToServer = bytes })
        {
            File.AppendAllText(KnownHosts, _server.KnownHostsLine.Replace($":{_server.Port} ", $":{proxy.Port} ", StringComparison.Ordinal) + "\n");
            Run("backup", Store(proxy.Port), "--disk", sample.Source, "--no-encryption", "--retry-for", "0", "--json").ReportsJson(1, "failed", "connection", "The disks were only read", "Earlier images");
        }

        Assert.Equal(before, Content.Hash(sample.Source));
        var images = Run("images", Store(), "--json").Succeeds().Document.GetProperty("images").EnumerateArray().ToDictionary(image => image.GetProperty("id").GetString()!, image => image.GetProperty("state").GetString()!);
        Assert.Equal("done", images[kept]);
        Run("verify", Store(), kept).Succeeds();
        Assert.Equal("unfinished", Assert.Single(images, image => image.Key != kept).Value);
        // The job is dead, and this machine knows it: its lease holds nobody up.
        Run("delete", Store(), images.Keys.Single(image => image != kept)).Succeeds();
        Assert.Equal([kept], Directory.GetDirectories(Path.Combine(_server.StoreFolder, "images")).Select(Path.GetFileName));
        Backup(Store()).Succeeds();
    }

    [Fact]
    public async Task A_server_that_dies_during_a_restore_leaves_a_target_without_tables()
    {
        Backup(Store()).Succeeds();
        var target = sample.NewPath(".img");
        File.Copy(sample.Source, target);
        await using var proxy = new TcpFaultProxy(_server.Port) { CutAfterBytesToClient = 6_000_000 };
        File.AppendAllText(KnownHosts, _server.KnownHostsLine.Replace($":{_server.Port} ", $":{proxy.Port} ", StringComparison.Ordinal) + "\n");
        Run("restore", Store(proxy.Port), "latest", "--disk", target, "--yes-overwrite", target, "--retry-for", "0", "--json").ReportsJson(1, "failed", "connection", "no partition table");
        Assert.True(Content.HasNoTables(target, SampleStore.DiskBytes));
        Run("restore", Store(), "latest", "--disk", target, "--yes-overwrite", target).Succeeds();
        Assert.Equal(Content.Read(sample.Source, SampleStore.LinuxStart, 40 << 20), Content.Read(target, SampleStore.LinuxStart, 40 << 20));
    }

    private Run Backup(string store) => Run("backup", store, "--disk", sample.Source, "--no-encryption", "--json");

    private Run Run(string command, string store, params string[] more) => RunAs(Identity, command, store, more);

    private Run RunAs(string identity, string command, string store, params string[] more) =>
        Bootconsole.Run([command, "--store", store, "--identity", identity, "--known-hosts", KnownHosts, .. more]);

    private string Store(int? port = null) => (port is { } other ? _server.AddressThrough(other) : _server.Address()).ToString();
}
