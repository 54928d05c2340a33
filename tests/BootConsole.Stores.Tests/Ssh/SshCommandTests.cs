// The arguments and the configuration file that ssh gets.
using BootConsole.Core;
using BootConsole.Stores.Ssh;
using BootConsole.TestKit;

namespace BootConsole.Stores.Tests.Ssh;

public sealed class SshCommandTests : IDisposable
{
    private readonly RunFolder _folder = RunFolder.Create();
    private readonly TempFolder _keys = new();

    public void Dispose()
    {
        _folder.Dispose();
        _keys.Dispose();
    }

    private static SftpAddress Server => new("pc42", "server.example", 2222, "/store");

    [Fact]
    public void The_address_becomes_arguments_behind_which_nothing_is_an_option()
    {
        var arguments = new SshCommand(Server, new SshSettings { HostKeyAlias = "store", Jump = "me@relay:22,[::1]:24" }, _folder).FirstChannel();
        Assert.Equal(
            ["-F", _folder["config"], "-T", "-x", "-a", "-M", "-S", _folder["s"], "-p", "2222", "-l", "pc42", "-o", "HostKeyAlias=store", "-J", "me@relay:22,[::1]:24", "-s", "--", "server.example", "sftp"],
            arguments);
    }

    [Fact]
    public void What_the_address_leaves_out_is_left_to_ssh() =>
        Assert.Equal(
            ["-F", _folder["config"], "-T", "-x", "-a", "-M", "-S", _folder["s"], "-s", "--", "server", "sftp"],
            new SshCommand(new SftpAddress("", "server", 0, ""), new SshSettings(), _folder).FirstChannel());

    [Fact]
    public void A_further_channel_cannot_make_a_connection_of_its_own()
    {
        var arguments = new SshCommand(Server, new SshSettings { Jump = "relay" }, _folder).NextChannel();
        Assert.Contains("ProxyCommand=false", arguments);
        Assert.DoesNotContain("-J", arguments);
        Assert.DoesNotContain("-M", arguments);
    }

    [Fact]
    public void Values_of_a_settings_file_shut_out_the_users_own()
    {
        var text = Configuration(new SshSettings { OnlyTheseValues = true, KeepAliveSeconds = 7, ConnectSeconds = 9 });
        Assert.DoesNotContain("Include", text, StringComparison.Ordinal);
        Assert.Contains("IdentityAgent none\n", text, StringComparison.Ordinal);
        Assert.Contains("UserKnownHostsFile \"/dev/null\"\nGlobalKnownHostsFile /dev/null\nStrictHostKeyChecking yes\n", text, StringComparison.Ordinal);
        Assert.Contains("ServerAliveInterval 7\nServerAliveCountMax 3\nConnectTimeout 9\n", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Otherwise_the_users_own_configuration_follows_ours()
    {
        var text = Configuration(new SshSettings());
        Assert.EndsWith("Include ~/.ssh/config\nInclude /etc/ssh/ssh_config\n", text, StringComparison.Ordinal);
        Assert.DoesNotContain("KnownHosts", text, StringComparison.Ordinal);
        Assert.StartsWith("BatchMode yes\n", text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_certificate_beside_the_key_is_used()
    {
        File.WriteAllText(_keys["id"], "");
        var identity = new SshSettings { IdentityFile = _keys["id"] };
        Assert.Contains($"IdentityFile \"{_keys["id"]}\"\nIdentitiesOnly yes\n", Configuration(identity), StringComparison.Ordinal);
        Assert.DoesNotContain("CertificateFile", Configuration(identity), StringComparison.Ordinal);
        File.WriteAllText(_keys["id-cert.pub"], "");
        Assert.Contains($"CertificateFile \"{_keys["id-cert.pub"]}\"\n", Configuration(identity), StringComparison.Ordinal);
    }

    [Fact]
    public void Ciphers_with_hardware_come_first_and_sshs_own_stay_behind_them() =>
        Assert.Matches(@"(?m)^Ciphers \^(aes128-gcm@openssh\.com,aes256-gcm@openssh\.com,chacha20-poly1305@openssh\.com|chacha20-poly1305@openssh\.com,aes128-gcm@openssh\.com,aes256-gcm@openssh\.com)$", Configuration(new SshSettings()));

    [Theory]
    [InlineData("-oProxyCommand=reboot")]
    [InlineData("host;reboot")]
    [InlineData("host name")]
    [InlineData("$(reboot)")]
    [InlineData("host'")]
    [InlineData("")]
    public void A_server_name_that_could_be_anything_else_is_refused(string host) =>
        Assert.Throws<UsageFault>(() => new SshCommand(Server with { Host = host }, new SshSettings(), _folder).FirstChannel());

    [Theory]
    [InlineData("-oProxyCommand=reboot")]
    [InlineData("user;reboot@relay")]
    [InlineData("relay:0")]
    [InlineData("relay:99999")]
    [InlineData("relay:22x")]
    [InlineData("relay,,other")]
    [InlineData("relay%h")]
    [InlineData("user\\x@relay")]
    [InlineData("`reboot`")]
    [InlineData("a@b@c")]
    [InlineData("ssh://relay")]
    [InlineData("[relay")]
    [InlineData("relay\nProxyCommand reboot")]
    public void A_jump_host_that_a_shell_could_take_for_anything_else_is_refused(string jump) =>
        Assert.Throws<UsageFault>(() => new SshCommand(Server, new SshSettings { Jump = jump }, _folder).FirstChannel());

    [Theory]
    [InlineData("relay")]
    [InlineData("relay:2022")]
    [InlineData("some.user+tag@relay-1.example:22")]
    [InlineData("[fe80::1]:22")]
    [InlineData("a@b,c@d:24")]
    public void A_usual_jump_host_is_taken(string jump) => Assert.Contains(jump, new SshCommand(Server, new SshSettings { Jump = jump }, _folder).FirstChannel());

    [Theory]
    [InlineData("/keys/a\"b")]
    [InlineData("/keys/a%b")]
    [InlineData("/keys/a${HOME}")]
    [InlineData("/keys/a\nProxyCommand reboot")]
    [InlineData("/keys/a\\b")]
    public void A_path_that_means_something_to_ssh_is_refused(string path)
    {
        Assert.Throws<UsageFault>(() => Configuration(new SshSettings { IdentityFile = path }));
        Assert.Throws<UsageFault>(() => Configuration(new SshSettings { KnownHostsFile = path }));
    }

    [Fact]
    public void A_known_hosts_line_is_one_line() =>
        Assert.Throws<UsageFault>(() => new SshCommand(Server, new SshSettings { KnownHostsLines = ["host ssh-ed25519 AAAA\n* ssh-ed25519 BBBB"] }, _folder).KnownHosts());

    [Fact]
    public void The_run_folder_is_private_short_and_gone_afterwards()
    {
        string path;
        using (var folder = RunFolder.Create())
        {
            path = folder.Path;
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, new DirectoryInfo(path).UnixFileMode);
            // Room for the socket's name, ssh's random ending and the NUL in 108 bytes.
            Assert.InRange(folder["s"].Length, 1, 108 - 17 - 1);
            File.WriteAllText(folder["file"], "");
        }

        Assert.False(Directory.Exists(path));
    }

    [Fact]
    public void What_a_killed_process_left_goes_with_the_next_connection_and_what_others_use_stays()
    {
        var place = Path.GetDirectoryName(_folder.Path)!;
        // In a place that everybody can write nothing is cleaned.
        if (place == "/tmp") return;
        var left = Directory.CreateDirectory(Path.Combine(place, $"bootconsole-{Guid.NewGuid():N}")).FullName;
        var justMade = Directory.CreateDirectory(Path.Combine(place, $"bootconsole-{Guid.NewGuid():N}")).FullName;
        try
        {
            File.WriteAllText(Path.Combine(left, "alive"), "");
            File.WriteAllText(Path.Combine(left, "config"), "");
            using (RunFolder.Create())
            {
                Assert.False(Directory.Exists(left));
                Assert.True(Directory.Exists(_folder.Path));
                Assert.True(Directory.Exists(justMade));
            }
        }
        finally
        {
            Directory.Delete(justMade);
        }
    }

    [Fact]
    public void Connections_that_are_made_at_the_same_moment_leave_each_others_folders_alone() => Parallel.For(0, 400, new ParallelOptions { MaxDegreeOfParallelism = 8 }, _ =>
    {
        using var folder = RunFolder.Create();
        File.WriteAllText(folder["config"], "");
        Assert.True(File.Exists(folder["config"]) && File.Exists(folder["alive"]));
    });

    private string Configuration(SshSettings settings) => new SshCommand(Server, settings, _folder).Configuration();
}
