// bootserver serve: what it hands out by TFTP and HTTP, what it does not, and that it follows the catalogue.
using BootConsole.TestKit;

namespace BootConsole.Server.Tests;

public sealed class ServeTests : IAsyncLifetime
{
    private const string Card = "52:54:00:12:34:56", Url = "http://192.0.2.1:8080";

    private readonly ServeRoom _room = new();

    public Task InitializeAsync() => Task.CompletedTask;

    public Task DisposeAsync() => _room.DisposeAsync().AsTask();

    [Fact]
    public async Task It_serves_what_the_catalogue_has_follows_changes_and_ends_when_it_is_told_to()
    {
        _room.Run("pc", "add", "office", "--contract", "basic", "--mac", Card).Succeeds();
        await _room.ServeAsync();
        Assert.Contains("BootConsole for office", Tftp($"grub/pcs/{Card}.cfg"), StringComparison.Ordinal);
        Assert.Contains($"\"$net_default_mac\" = \"{Card}\"", _room.Curl($"{Url}/grub/grub.cfg"), StringComparison.Ordinal);
        foreach (var loader in (string[])["bootx64.efi", "grubx64.efi", "mmx64.efi", "grubpxe.0", "grubnet.efi", "grubhttp.efi"]) Assert.True(new FileInfo(_room.Served(loader)).Length > 50_000, loader);
        foreach (var list in (string[])["command", "crypto", "fs", "terminal"]) Assert.Equal("200 0", _room.Curl("--output", "/dev/null", "--write-out", "%{http_code} %header{content-length}", $"{Url}/grub/x86_64-efi/{list}.lst"));
        var archive = File.ReadAllText(_room.Served("pcs/office/pc.img"));
        Assert.Contains("enrol = \"http://192.0.2.1:8080/enrol\"", archive, StringComparison.Ordinal);
        Assert.DoesNotContain("PRIVATE KEY", archive, StringComparison.Ordinal);

        _room.Run("pc", "change", "office", "--mac", "52:54:00:aa:bb:cc").Succeeds();
        await Eventually.BecomesTrueAsync(() => File.Exists(_room.Served("grub/pcs/52:54:00:aa:bb:cc.cfg")), "the new card's menu");
        Assert.False(File.Exists(_room.Served($"grub/pcs/{Card}.cfg")));
        _room.Run("contract", "change", "basic", "--media", "iso,usb").Succeeds();
        await Eventually.BecomesTrueAsync(() => !Directory.Exists(_room.Served("pcs")), "no PC's archive, for none may boot");
        Assert.Contains("the contract does not allow such a medium", Tftp("grub/pcs/52:54:00:aa:bb:cc.cfg"), StringComparison.Ordinal);
        Assert.Empty(Directory.GetDirectories(_room.Root, ".pxe-*"));
        Assert.Equal(0, await _room.EndAsync());
        Assert.Equal("", _room.Network.Try("ss", "-lunH").Output);
    }

    [Fact]
    public async Task Nothing_outside_of_the_folder_is_handed_out_and_nothing_is_taken()
    {
        await _room.ServeAsync();
        Assert.Contains("OPENSSH", File.ReadAllText(Path.Combine(_room.Root, "ca/user")), StringComparison.Ordinal);
        foreach (var path in (string[])["../ca/user", "../../../../../../etc/shadow", "/etc/passwd", "bases/../../ca/user", "..\\ca\\user", "../etc/server.json"])
        {
            Assert.Equal("", Tftp(path));
            var encoded = path.Replace("..", "%2e%2e", StringComparison.Ordinal);
            foreach (var asked in (string[])[path, encoded, encoded.Replace("/", "%2f", StringComparison.Ordinal)])
                Assert.Equal("404", _room.Curl("--path-as-is", "--output", "/dev/null", "--write-out", "%{http_code}", $"{Url}/{asked}"));
        }

        Assert.Equal("405", _room.Curl("--output", "/dev/null", "--write-out", "%{http_code}", "-X", "PUT", "--data", "x", $"{Url}/grub/grub.cfg"));
        Assert.Equal("404", _room.Curl("--output", "/dev/null", "--write-out", "%{http_code}", $"{Url}/"));
        SystemTool.Try("ip", _room.Network.Inside("curl", "--silent", "--max-time", "5", "-T", "/etc/hostname", "tftp://192.0.2.1/written"));
        Assert.False(File.Exists(_room.Served("written")));
    }

    [Fact]
    public async Task Http_serves_whole_files_heads_and_ranges()
    {
        await _room.ServeAsync();
        var name = Path.GetFileName(Directory.GetDirectories(_room.Served("bases")).Single());
        var whole = File.ReadAllBytes(_room.Served($"bases/{name}/base.img"));
        _room.Curl("--output", _room["whole"], $"{Url}/bases/{name}/base.img");
        Assert.Equal(whole, File.ReadAllBytes(_room["whole"]));
        _room.Curl("--output", _room["part"], "--range", "1000-1999", $"{Url}/bases/{name}/base.img");
        Assert.Equal(whole[1000..2000], File.ReadAllBytes(_room["part"]));
        _room.Curl("--output", _room["end"], "--range", "-5", $"{Url}/bases/{name}/base.img");
        Assert.Equal(whole[^5..], File.ReadAllBytes(_room["end"]));
        Assert.Contains($"Content-Length: {whole.Length}", _room.Curl("--head", $"{Url}/bases/{name}/base.img"), StringComparison.OrdinalIgnoreCase);
        Assert.Equal("416", _room.Curl("--output", "/dev/null", "--write-out", "%{http_code}", "--range", $"{whole.Length}-", $"{Url}/bases/{name}/base.img"));
    }

    [Fact]
    public async Task UEFI_that_boots_over_HTTP_is_told_of_a_program_that_HTTP_hands_out_as_one()
    {
        const string Loader = Url + "/grubhttp.efi";
        await _room.ServeAsync();
        var head = _room.Curl("--head", Loader);
        Assert.Contains("Content-Type: application/efi", head, StringComparison.OrdinalIgnoreCase);
        Assert.Contains($"Content-Length: {new FileInfo(_room.Served("grubhttp.efi")).Length}", head, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("Content-Type: application/octet-stream", _room.Curl("--head", $"{Url}/grub/grub.cfg"), StringComparison.OrdinalIgnoreCase);
        Assert.Contains($"dhcp-boot=tag:http,{Loader}\n", Configuration("--dhcp", "full", "--range", "192.0.2.100,192.0.2.150"), StringComparison.Ordinal);
        Assert.Contains($"dhcp-boot=tag:http,{Loader}\n", Configuration(), StringComparison.Ordinal);
        Assert.Contains("http://192.0.2.1:81/grubhttp.efi", Configuration("--http-port", "81"), StringComparison.Ordinal);
        Assert.DoesNotContain("HTTPClient", Configuration("--tftp-only"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(67)]
    [InlineData(69)]
    public async Task A_port_that_is_taken_is_named_also_where_its_holder_would_share_it(int port)
    {
        using var holder = new System.Diagnostics.Process { StartInfo = new("ip", _room.Network.Inside("python3", "-c", $"import socket,sys; s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM); s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1); s.bind(('0.0.0.0', {port})); print('held', flush=True); sys.stdin.read()")) { RedirectStandardInput = true, RedirectStandardOutput = true } };
        holder.Start();
        await holder.StandardOutput.ReadLineAsync();
        _room.Run("serve", "--interface", PrivateNetwork.Interface, "--dhcp", "full", "--range", "192.0.2.100,192.0.2.150").Reports(1, $"UDP port {port}", "ss -lunp");
        holder.StandardInput.Close();
        await holder.WaitForExitAsync();
    }

    [Fact]
    public void A_folder_that_others_may_not_enter_is_named_for_dnsmasq_is_nobody()
    {
        SystemTool.Run("chmod", "700", _room.Root);
        _room.Run("serve", "--interface", PrivateNetwork.Interface, "--dhcp", "full", "--range", "192.0.2.100,192.0.2.150").Reports(1, $"TFTP directory {_room.Served("").TrimEnd('/')} inaccessible: Permission denied");
    }

    [Fact]
    public void What_cannot_be_served_is_refused_with_what_to_do()
    {
        _room.Run("serve", "--interface", "eth99").Reports(2, "eth99", "one of br0");
        _room.Run("serve", "--interface", "br*").Reports(2, "br*");
        _room.Run("serve", "--interface", "lo").Reports(2, "no such network interface");
        SystemTool.Run("ip", "-n", _room.Network.Name, "link", "add", "bare0", "type", "bridge");
        _room.Run("serve", "--interface", "bare0").Reports(1, "no IPv4 address", "ip address add");
        _room.Run("serve", "--interface", "br0", "--range", "192.0.2.3,192.0.2.4").Reports(2, "--dhcp full");
        foreach (var range in (string[])["192.0.2.100", "192.0.2.150,192.0.2.100", "192.0.3.1,192.0.3.9", "192.0.2.1,192.0.2.9", "192.0.2.5,x"]) _room.Run("serve", "--interface", "br0", "--dhcp", "full", "--range", range).Reports(2, "--range");
        _room.Run("serve", "--interface", "br0", "--dhcp", "maybe").Reports(2, "proxy or full");
        _room.Run("serve", "--interface", "br0", "--http-port", "70000").Reports(2, "--http-port");
        SystemTool.Run("ln", "-s", _room.Root, _room["a, b#c"]);
        _room.RunAt(_room["a, b#c"], "serve", "--interface", "br0", "--print").Reports(2, "--root", "without blanks");
    }

    [Fact]
    public void The_plan_is_shown_without_being_served_and_a_PC_with_secrets_in_its_settings_does_not_keep_others_from_booting()
    {
        File.WriteAllText(_room["secret.toml"], """
            [backup]
            store = "server"
            encryption = "password"
            password_file = "/etc/bootconsole/password"
            """);
        _room.Run("pc", "add", "office", "--contract", "basic", "--mac", Card).Succeeds();
        _room.Run("pc", "add", "vault", "--contract", "basic", "--mac", "52:54:00:00:00:02", "--settings", _room["secret.toml"]).Succeeds();
        var plan = _room.Run("serve", "--interface", "br0", "--print", "--json").Succeeds().Document();
        Assert.Equal("office", plan.GetProperty("pcs")[0].GetString());
        Assert.Equal("vault", plan.GetProperty("refused")[0].GetProperty("pc").GetString());
        Assert.Contains("dhcp-range=192.0.2.0,proxy,255.255.255.0", plan.GetProperty("dnsmasq").GetString(), StringComparison.Ordinal);
        Assert.Contains("tftp-root=" + _room.Served("").TrimEnd('/'), plan.GetProperty("dnsmasq").GetString(), StringComparison.Ordinal);
        Assert.Contains($"dhcp-leasefile={_room.Root}/log/", plan.GetProperty("dnsmasq").GetString(), StringComparison.Ordinal);
        Assert.False(Directory.Exists(_room.Served("")));
    }

    private string Configuration(params string[] more) => _room.Run(["serve", "--interface", PrivateNetwork.Interface, "--print", "--json", .. more]).Succeeds().Document().GetProperty("dnsmasq").GetString()!;

    private string Tftp(string path) => _room.Network.Try("curl", "--silent", "--max-time", "5", "--path-as-is", $"tftp://192.0.2.1/{path}").Output;
}
