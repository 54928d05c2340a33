// Servers that are set up in other ways.
using BootConsole.Core;
using BootConsole.Stores.Sftp;
using BootConsole.Stores.Tests.Contract;
using BootConsole.TestKit;

namespace BootConsole.Stores.Tests.Ssh;

public sealed class SshServerKindsTests
{
    private static readonly CancellationToken None = CancellationToken.None;

    private static Task<SftpStore> OpenAsync(PrivateSshd server, StoreAccess access = StoreAccess.Write) =>
        Eventually.EndsAsync(SftpStore.OpenAsync(server.Address(), server.Settings, access, IfMissing.Refuse, None));

    [Fact]
    public async Task A_server_without_sftp_is_told_what_it_lacks()
    {
        await using var server = await PrivateSshd.StartAsync(new SshdOptions { Subsystem = "" });
        var fault = await Assert.ThrowsAsync<TransportFault>(() => OpenAsync(server));
        Assert.Equal("the server has no SFTP", fault.Message);
        Assert.False(fault.MayPass);
    }

    [Fact]
    public async Task A_missing_sftp_program_is_named()
    {
        await using var server = await PrivateSshd.StartAsync(new SshdOptions { Subsystem = "/nowhere/sftp-server" });
        var fault = await Assert.ThrowsAsync<TransportFault>(() => OpenAsync(server));
        Assert.True(fault.Message == "the server cannot start its SFTP program", $"{fault.Message}: {fault.Found}; {server.Log}");
    }

    [Fact]
    public async Task A_shell_that_talks_is_recognised()
    {
        await using var server = await PrivateSshd.StartAsync(new SshdOptions { Subsystem = "echo 'Have a nice day'; exec /usr/lib/openssh/sftp-server" });
        var fault = await Assert.ThrowsAsync<TransportFault>(() => OpenAsync(server));
        Assert.Equal("the server's shell prints text where SFTP should start", fault.Message);
        Assert.StartsWith("Have a nice day", fault.Found, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_banner_before_the_login_disturbs_nothing()
    {
        await using var server = await PrivateSshd.StartAsync();
        File.WriteAllText(server.Folder + "/banner", "Authorised use only.\nsftp-server timed out\n");
        await using var banner = await PrivateSshd.StartAsync(new SshdOptions { ConfigurationLines = [$"Banner {server.Folder}/banner"] });
        await using var store = await OpenAsync(banner);
        await StoreBytes.WriteAsync(store, StorePath.Of("file"), [1]);
    }

    [Fact]
    public async Task A_read_only_account_can_read_and_is_refused_to_write_at_once()
    {
        await using var server = await PrivateSshd.StartAsync(new SshdOptions { Chroot = true, Subsystem = "internal-sftp -R" });
        File.WriteAllBytes(server.StoreFolder + "/file", [1, 2, 3]);
        var fault = await Assert.ThrowsAsync<StoreFault>(() => OpenAsync(server));
        Assert.Equal(StoreProblem.Denied, fault.Problem);
        Assert.Equal("the server lets this account only read", fault.Message);
        await using var store = await OpenAsync(server, StoreAccess.Read);
        Assert.Equal([1, 2, 3], await StoreBytes.ReadAllAsync(store, StorePath.Of("file")));
        Assert.Equal(StoreProblem.Denied, (await Assert.ThrowsAsync<StoreFault>(() => store.RemoveAsync(StorePath.Of("file"), None))).Problem);
    }

    [Fact]
    public async Task In_a_folder_of_somebody_else_a_write_is_denied()
    {
        await using var server = await PrivateSshd.StartAsync(new SshdOptions { Chroot = true });
        Directory.CreateDirectory(server.StoreFolder + "/roots");
        await using var store = await OpenAsync(server);
        var fault = await Assert.ThrowsAsync<StoreFault>(() => store.CreateAsync(StorePath.Of("roots/file"), None));
        Assert.Equal(StoreProblem.Denied, fault.Problem);
        Assert.EndsWith("/store/roots/file", fault.Which, StringComparison.Ordinal);
        Assert.Equal(StoreProblem.Denied, (await Assert.ThrowsAsync<StoreFault>(() => store.CreateFolderAsync(StorePath.Of("roots/below"), None))).Problem);
    }

    [Fact]
    public async Task A_write_once_account_can_publish_and_never_change()
    {
        // The recipe of docs/stores.md: new files are read-only, and only what is needed is allowed.
        await using var server = await PrivateSshd.StartAsync(new SshdOptions
        {
            Chroot = true,
            Subsystem = "internal-sftp -u 0222 -p open,close,read,write,lstat,fstat,stat,opendir,readdir,realpath,hardlink,fsync,limits,statvfs",
        });
        await using var store = await OpenAsync(server);
        Assert.True(store.ConfirmsDurability);
        var bytes = RandomBytes.Of(1, 12_000_000);
        await StoreBytes.WriteAsync(store, StorePath.Of("x.part"), bytes);
        await store.PublishAsync(StorePath.Of("x.part"), StorePath.Of("x"), bytes.Length, None);
        Assert.Equal(bytes, await StoreBytes.ReadAllAsync(store, StorePath.Of("x")));
        await StoreBytes.WriteAsync(store, StorePath.Of("y.part"), [1]);
        Assert.Equal(StoreProblem.Exists, (await Assert.ThrowsAsync<StoreFault>(() => store.PublishAsync(StorePath.Of("y.part"), StorePath.Of("x"), 1, None))).Problem);
        foreach (var change in new Func<Task>[]
        {
            () => store.RemoveAsync(StorePath.Of("x"), None), () => store.RewriteAsync(StorePath.Of("x"), new byte[1], None),
            () => store.ReplaceAsync(StorePath.Of("x"), new byte[1], None),
        })
            Assert.Equal(StoreProblem.Denied, (await Assert.ThrowsAsync<StoreFault>(change)).Problem);
        Assert.Equal(bytes, File.ReadAllBytes(server.StoreFolder + "/x"));
    }

    [Fact]
    public async Task A_write_once_file_stays_on_its_channel_when_there_are_several()
    {
        await using var server = await PrivateSshd.StartAsync(new SshdOptions
        {
            Chroot = true,
            Subsystem = "internal-sftp -u 0222 -p open,close,read,write,lstat,fstat,stat,opendir,readdir,realpath,hardlink,fsync,limits,statvfs",
        });
        await using var store = await OpenAsync(server);
        await Task.WhenAll(Enumerable.Range(0, 4).Select(index => StoreBytes.WriteAsync(store, StorePath.Of($"{index}"), RandomBytes.Of(index, 9_000_000))));
        Assert.True(store.Channels > 1);
        for (var index = 0; index < 4; index++) Assert.Equal(RandomBytes.Of(index, 9_000_000), await StoreBytes.ReadAllAsync(store, StorePath.Of($"{index}")));
    }

    [Fact]
    public async Task A_server_without_openssh_extensions_still_serves()
    {
        await using var server = await PrivateSshd.StartAsync(new SshdOptions { Subsystem = "/usr/lib/openssh/sftp-server -P fsync,limits,hardlink,posix-rename,statvfs,fstatvfs" });
        await using var store = await OpenAsync(server);
        Assert.False(store.ConfirmsDurability);
        Assert.Null(await store.FindSpaceAsync(None));
        var bytes = RandomBytes.Of(4, 3_000_000);
        await StoreBytes.WriteAsync(store, StorePath.Of("x.part"), bytes);
        await store.PublishAsync(StorePath.Of("x.part"), StorePath.Of("x"), bytes.Length, None);
        Assert.Equal(bytes, await StoreBytes.ReadAllAsync(store, StorePath.Of("x")));
        await StoreBytes.WriteAsync(store, StorePath.Of("y.part"), [1]);
        Assert.Equal(StoreProblem.Exists, (await Assert.ThrowsAsync<StoreFault>(() => store.PublishAsync(StorePath.Of("y.part"), StorePath.Of("x"), 1, None))).Problem);
        await store.ReplaceAsync(StorePath.Of("state.json"), "one"u8.ToArray(), None);
        var fault = await Assert.ThrowsAsync<StoreFault>(() => store.ReplaceAsync(StorePath.Of("state.json"), "two"u8.ToArray(), None));
        Assert.Equal("the server cannot replace a file in one step", fault.Message);
        Assert.Equal("one"u8.ToArray(), await StoreBytes.ReadAllAsync(store, StorePath.Of("state.json")));
        Assert.Equal(["state.json", "x", "y.part"], (await store.ListAsync(StorePath.Top, None)).Select(entry => entry.Name).Order());
    }

    [Fact]
    public async Task A_server_that_grants_one_session_gets_another_connection_instead()
    {
        await using var server = await PrivateSshd.StartAsync(new SshdOptions { MaxSessions = 1 });
        await using var proxy = new TcpFaultProxy(server.Port);
        await using var store = await SftpStore.OpenAsync(server.AddressThrough(proxy.Port), server.SettingsThrough(proxy.Port), StoreAccess.Write, IfMissing.Refuse, None);
        // A flush wants a second channel for whatever comes meanwhile.
        await StoreBytes.WriteAsync(store, StorePath.Of("first"), RandomBytes.Of(5, 3_000_000));
        await Eventually.BecomesTrueAsync(() => store.Channels == 2, "a second channel");
        Assert.Equal(2, proxy.Connections);
        await StoreBytes.WriteAsync(store, StorePath.Of("second"), RandomBytes.Of(6, 9_000_000));
        Assert.Equal(RandomBytes.Of(5, 3_000_000), await StoreBytes.ReadAllAsync(store, StorePath.Of("first")));
        Assert.Equal(RandomBytes.Of(6, 9_000_000), await StoreBytes.ReadAllAsync(store, StorePath.Of("second")));
    }

    [Fact]
    public async Task A_user_certificate_opens_the_door_that_a_bare_key_does_not()
    {
        await using var server = await PrivateSshd.StartAsync(new SshdOptions { UserCertificate = true, HostCertificate = true });
        await using (var store = await OpenAsync(server)) Assert.True(store.ConfirmsDurability);
        Assert.Contains("Accepted publickey", server.Log, StringComparison.Ordinal);
        File.Delete(server.Folder + "/id-cert.pub");
        Assert.Equal("the server refuses the login", (await Assert.ThrowsAsync<TransportFault>(() => OpenAsync(server))).Message);
    }

    [Fact]
    public async Task A_host_certificate_for_another_name_proves_nothing()
    {
        await using var server = await PrivateSshd.StartAsync(new SshdOptions { HostCertificate = true });
        var settings = server.Settings with { HostKeyAlias = "another.name", KnownHostsLines = ["@cert-authority * " + server.PublicKey("ca_host")] };
        await Assert.ThrowsAsync<TransportFault>(() => SftpStore.OpenAsync(server.Address(), settings, StoreAccess.Read, IfMissing.Refuse, None));
    }
}
