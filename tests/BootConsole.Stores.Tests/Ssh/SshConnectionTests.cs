// Real ssh against a real sshd: who may come in, and what is said to those who may not.
using BootConsole.Core;
using BootConsole.Stores.Sftp;
using BootConsole.Stores.Tests.Contract;
using BootConsole.TestKit;

namespace BootConsole.Stores.Tests.Ssh;

public sealed class SshConnectionTests(PlainSshd sshd) : IClassFixture<PlainSshd>
{
    private readonly PrivateSshd _server = sshd.Server;

    private static Task<SftpStore> OpenAsync(SftpAddress address, SshSettings settings, StoreAccess access = StoreAccess.Read, IfMissing ifMissing = IfMissing.Refuse) =>
        Eventually.EndsAsync(SftpStore.OpenAsync(address, settings, access, ifMissing, CancellationToken.None));

    private static async Task<TransportFault> FailsAsync(SftpAddress address, SshSettings settings, string what, bool mayPass)
    {
        var fault = await Assert.ThrowsAsync<TransportFault>(() => OpenAsync(address, settings));
        Assert.Equal(what, fault.Message);
        Assert.Equal(mayPass, fault.MayPass);
        Assert.Equal(address.ToString(), fault.Which);
        Assert.NotEmpty(fault.Remedy);
        return fault;
    }

    [Fact]
    public async Task An_unknown_host_key_is_refused()
    {
        var fault = await FailsAsync(_server.Address(), _server.Settings with { KnownHostsLines = ["other ssh-ed25519 " + _server.PublicKey("hostkey").Split(' ')[1]] },
            "the server is unknown: its host key is not among the known ones", mayPass: false);
        Assert.Contains("No ED25519 host key is known", fault.Found, StringComparison.Ordinal);
    }

    [Fact]
    public async Task With_no_known_hosts_at_all_nobody_is_trusted() =>
        await FailsAsync(_server.Address(), _server.Settings with { KnownHostsLines = [] }, "the server is unknown: its host key is not among the known ones", mayPass: false);

    [Fact]
    public async Task A_changed_host_key_is_refused_with_its_fingerprint()
    {
        var fault = await FailsAsync(_server.Address(), _server.Settings with { KnownHostsLines = [$"[127.0.0.1]:{_server.Port} " + _server.PublicKey("id")] },
            "the server's host key has changed", mayPass: false);
        Assert.Contains("SHA256:", fault.Found, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_key_that_the_server_does_not_know_is_refused() =>
        await FailsAsync(_server.Address(), _server.Settings with { IdentityFile = await _server.MakeKeyAsync("stranger") }, "the server refuses the login", mayPass: false);

    [Fact]
    public async Task A_key_that_others_can_read_is_named()
    {
        var key = _server.Folder + "/open";
        File.Copy(_server.Folder + "/id", key);
        await SystemTool.RunAsync("chmod", "644", key);
        await FailsAsync(_server.Address(), _server.Settings with { IdentityFile = key }, "ssh refuses the private key because others can read its file", mayPass: false);
    }

    [Fact]
    public async Task A_missing_key_file_is_named_before_anything_starts()
    {
        var fault = await Assert.ThrowsAsync<KeyFault>(() => OpenAsync(_server.Address(), _server.Settings with { IdentityFile = "/nowhere/id" }));
        Assert.Equal("/nowhere/id", fault.Which);
    }

    [Fact]
    public async Task A_port_that_nobody_listens_on_may_be_tried_again() =>
        await FailsAsync(_server.AddressThrough(FreePort.Find()), _server.Settings, "nothing answers on the server's port", mayPass: true);

    [Fact]
    public async Task A_name_that_does_not_exist_is_said_to_be_unknown() =>
        await FailsAsync(_server.Address() with { Host = "no-such-host.invalid" }, _server.Settings, "the server's name is unknown", mayPass: true);

    [Fact]
    public async Task A_server_that_takes_the_connection_and_says_nothing_is_given_up()
    {
        await using var proxy = new TcpFaultProxy(_server.Port) { IsBlackHole = true };
        await FailsAsync(_server.AddressThrough(proxy.Port), _server.SettingsThrough(proxy.Port) with { ConnectSeconds = 1 }, "the server does not answer", mayPass: true);
    }

    [Fact]
    public async Task A_missing_folder_is_refused_or_made_inside_one_that_is_there()
    {
        var deep = _server.Address(_server.StoreFolder + "/no-such/store");
        Assert.Equal(StoreProblem.Missing, (await Assert.ThrowsAsync<StoreFault>(() => OpenAsync(deep, _server.Settings, StoreAccess.Write, IfMissing.Create))).Problem);
        var address = _server.Address(_server.StoreFolder + "/new-store");
        var fault = await Assert.ThrowsAsync<StoreFault>(() => OpenAsync(address, _server.Settings));
        Assert.Equal(StoreProblem.Missing, fault.Problem);
        Assert.Equal(address.ToString(), fault.Which);
        await (await OpenAsync(address, _server.Settings, StoreAccess.Write, IfMissing.Create)).DisposeAsync();
        Assert.True(Directory.Exists(address.Path));
        await (await OpenAsync(address, _server.Settings)).DisposeAsync();
    }

    [Fact]
    public async Task A_file_is_no_store()
    {
        File.WriteAllText(_server.StoreFolder + "/just-a-file", "");
        var fault = await Assert.ThrowsAsync<StoreFault>(() => OpenAsync(_server.Address(_server.StoreFolder + "/just-a-file"), _server.Settings, StoreAccess.Write, IfMissing.Create));
        Assert.Equal("the store's path is not a folder", fault.Message);
    }

    [Theory]
    [InlineData("/~/store", "store/a/b")]
    [InlineData("/~", "a/b")]
    [InlineData("", "a/b")]
    public async Task A_path_below_the_login_folder_is_relative_to_it(string path, string expected)
    {
        await using var home = await PrivateSshd.StartAsync(new SshdOptions { Subsystem = "/usr/lib/openssh/sftp-server -d " + Home() });
        await using (var store = await OpenAsync(home.Address(path), home.Settings, StoreAccess.Write, IfMissing.Create))
        {
            await store.CreateFolderAsync(StorePath.Of("a"), CancellationToken.None);
            await StoreBytes.WriteAsync(store, StorePath.Of("a/b"), [1]);
            Assert.Equal(["b"], (await store.ListAsync(StorePath.Of("a"), CancellationToken.None)).Select(entry => entry.Name));
            Assert.True((await store.FindAsync(StorePath.Top, CancellationToken.None))!.IsFolder);
        }

        Assert.True(File.Exists(System.IO.Path.Combine(Home(), expected)));
        Directory.Delete(Home(), recursive: true);
    }

    [Fact]
    public async Task Nothing_is_left_of_a_closed_store()
    {
        await using var proxy = new TcpFaultProxy(_server.Port);
        var store = await OpenAsync(_server.AddressThrough(proxy.Port), _server.SettingsThrough(proxy.Port), StoreAccess.Write);
        // Two flushes at once open a second channel.
        await Task.WhenAll(Enumerable.Range(0, 4).Select(index => StoreBytes.WriteAsync(store, StorePath.Of($"closed-{index}"), new byte[3_000_000])));
        await Eventually.BecomesTrueAsync(() => store.Channels > 1, "a second channel");
        var folder = SshProcesses.RunFolderOf(proxy.Port);
        Assert.True(Directory.Exists(folder));
        Assert.Equal(1, proxy.Connections);
        await store.DisposeAsync();
        Assert.Empty(SshProcesses.With(folder!));
        Assert.False(Directory.Exists(folder));
        await store.DisposeAsync();
    }

    [Fact]
    public async Task A_cancelled_connection_leaves_no_process_behind()
    {
        await using var proxy = new TcpFaultProxy(_server.Port) { IsBlackHole = true };
        using var cancel = new CancellationTokenSource();
        var opening = SftpStore.OpenAsync(_server.AddressThrough(proxy.Port), _server.SettingsThrough(proxy.Port), StoreAccess.Read, IfMissing.Refuse, cancel.Token);
        await Eventually.BecomesTrueAsync(() => proxy.Connections == 1, "ssh connects");
        var folder = SshProcesses.RunFolderOf(proxy.Port);
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Eventually.EndsAsync(opening));
        Assert.Empty(SshProcesses.With(folder!));
        Assert.False(Directory.Exists(folder));
    }

    [Fact]
    public async Task The_connection_ends_with_this_programs_end_of_the_pipe()
    {
        // As when this program is killed: nobody disposes anything, the kernel closes the pipes.
        await using var proxy = new TcpFaultProxy(_server.Port);
        await using var link = new Stores.Ssh.SshLink(_server.AddressThrough(proxy.Port), _server.SettingsThrough(proxy.Port));
        var pipe = link.OpenPipe(SftpWay.Shared);
        pipe.Input.Write([0, 0, 0, 5, 1, 0, 0, 0, 3]);
        Assert.Equal(9, pipe.Output.ReadAtLeast(new byte[9], 9));
        var folder = SshProcesses.RunFolderOf(proxy.Port);
        Assert.NotEmpty(SshProcesses.With(folder!));
        pipe.Input.Dispose();
        await Eventually.BecomesTrueAsync(() => SshProcesses.With(folder!).Count == 0, "ssh ends by itself");
    }

    [Fact]
    public async Task The_way_may_lead_through_a_jump_host()
    {
        // The jump host has keys of its own: both must be known, by lines of one connection.
        await using var jump = await PrivateSshd.StartAsync();
        File.AppendAllText(jump.Folder + "/authorized_keys", File.ReadAllText(_server.Folder + "/id.pub"));
        var settings = _server.Settings with { Jump = $"{jump.User}@127.0.0.1:{jump.Port}", KnownHostsLines = [_server.KnownHostsLine, jump.KnownHostsLine] };
        await using (var store = await OpenAsync(_server.Address(), settings, StoreAccess.Write)) await StoreBytes.WriteAsync(store, StorePath.Of("jumped"), [1, 2]);
        Assert.Equal(2, new FileInfo(_server.StoreFolder + "/jumped").Length);
        Assert.Contains("Accepted publickey", jump.Log, StringComparison.Ordinal);

        await FailsAsync(_server.Address(), settings with { KnownHostsLines = [_server.KnownHostsLine] }, "the server is unknown: its host key is not among the known ones", mayPass: false);
    }

    private string Home()
    {
        var home = _server.Folder + "/home";
        Directory.CreateDirectory(home);
        return home;
    }
}
