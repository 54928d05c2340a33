// bootserver storage: further stores and relays.
namespace BootConsole.Server.Tests;

public sealed class StorageTests : IDisposable
{
    private const string Key = "relay.example ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIDummyDummyDummyDummyDummyDummyDummyDummyDum";

    private readonly SampleServer _server = SampleServer.Start();

    [Fact]
    public void Stores_and_relays_are_added_listed_and_removed()
    {
        _server.Run("storage", "add", "nas", "nfs://nas.example/backup").Succeeds();
        _server.Run("storage", "add", "branch", "relay@relay.example:22", "--relay", "--host-key", Key).Succeeds();
        var list = _server.Ask("storage", "list").GetProperty("storages").EnumerateArray().Select(storage => (storage.GetProperty("name").GetString(), storage.GetProperty("kind").GetString())).ToList();
        Assert.Equal([("branch", "relay"), ("nas", "storage")], list);
        _server.Run("storage", "remove", "nas").Succeeds();
        _server.Run("storage", "remove", "nas").Reports(2, "no storage", "branch");
        _server.Run("storage", "add", "branch", "label:BACKUP").Reports(3, "already");
    }

    [Theory]
    [InlineData("ftp://nas.example/")]
    [InlineData("/srv/backup")]
    [InlineData("sftp://user@nas.example/store")]
    [InlineData("sftp://user:password@nas.example/store", "--host-key", Key)]
    [InlineData("nfs://nas.example/backup", "--host-key", Key)]
    [InlineData("relay@relay.example:22/path", "--relay", "--host-key", Key)]
    [InlineData("relay@relay.example:0", "--relay", "--host-key", Key)]
    [InlineData("relay@relay.example", "--relay", "--host-key", "nonsense")]
    public void What_is_no_address_is_refused(params string[] arguments)
    {
        _server.Run(["storage", "add", "nas", .. arguments]).Reports(2);
        Assert.Empty(_server.Ask("storage", "list").GetProperty("storages").EnumerateArray());
    }

    public void Dispose() => _server.Dispose();
}
