// bootconsole setup on a PC with a network of its own: real cards, cables and DHCP servers in network namespaces.
using System.Text.Json;

namespace BootConsole.Appliance.Tests.Setups;

public sealed class NetworkSetupTests : IDisposable
{
    private readonly NetworkRoom _room = new();

    [SkippableFact]
    public void Another_root_in_the_network_of_a_running_system_is_refused()
    {
        Skip.IfNot(Directory.EnumerateDirectories("/sys/class/net").Any(card => Directory.Exists(card + "/device")), "this machine has no network card");
        File.WriteAllText(_room.Root["bootconsole.toml"], "[pc]\nname = \"office-pc\"\naddress = \"none\"\n");
        // It sees this machine's cards, and could harm only a network of its own.
        Bootconsole.RunUnder(["unshare", "--net"], ["setup", "--config", _room.Root["bootconsole.toml"], "--root", _room.Root.Path]).Reports(3, "nothing is set up in the network of a running system");
    }

    [Fact]
    public void A_fixed_address_is_there_afterwards_with_its_gateway_and_name_servers()
    {
        _room.AddCard("eth0");
        _room.Address("port-eth0", "192.0.2.1/24");
        var run = _room.Setup("address = \"192.0.2.17/24\"\ngateway = \"192.0.2.1\"\ndns = [\"192.0.2.53\"]").Succeeds();
        Assert.Contains("eth0 has the address 192.0.2.17/24 and the gateway 192.0.2.1; names are resolved by 192.0.2.53.", run.Output, StringComparison.Ordinal);
        Assert.Contains("inet 192.0.2.17/24 brd 192.0.2.255", _room.Ip("address", "show", "eth0"), StringComparison.Ordinal);
        Assert.Contains("default via 192.0.2.1 dev eth0", _room.Ip("route"), StringComparison.Ordinal);
        Assert.Equal("nameserver 192.0.2.53\n", File.ReadAllText(_room.Root["etc/resolv.conf"]));
        using var status = JsonDocument.Parse(File.ReadAllBytes(_room.Root["run/bootconsole/network.json"]));
        Assert.Empty(status.RootElement.GetProperty("troubles").EnumerateArray());
    }

    [Fact]
    public void An_IPv6_address_is_taken_too()
    {
        _room.AddCard("eth0");
        _room.Setup("address = \"2001:db8::17/64\"\ngateway = \"2001:db8::1\"").Succeeds();
        Assert.Contains("inet6 2001:db8::17/64", _room.Ip("address", "show", "eth0"), StringComparison.Ordinal);
        Assert.Contains("default via 2001:db8::1 dev eth0", _room.Ip("-6", "route"), StringComparison.Ordinal);
    }

    [Fact]
    public void DHCP_gives_the_address_to_the_card_that_has_a_server_and_a_second_run_changes_it_to_a_fixed_one()
    {
        _room.AddCard("eth0");
        _room.AddCard("eth1");
        _room.Address("port-eth1", "192.0.2.1/24");
        _room.ServeAddresses("port-eth1", "192.0.2.100", "192.0.2.100", "192.0.2.1");
        var run = _room.Setup("").Succeeds();
        Assert.Contains("eth1 has the address 192.0.2.100/24 by DHCP, the gateway 192.0.2.1; names are resolved by 192.0.2.1.", run.Output, StringComparison.Ordinal);
        Assert.Contains("No DHCP server answers on eth0; it is asked again in the background.", run.Output, StringComparison.Ordinal);
        Assert.Contains("inet 192.0.2.100/24", _room.Ip("address", "show", "eth1"), StringComparison.Ordinal);
        Assert.Contains("default via 192.0.2.1 dev eth1", _room.Ip("route"), StringComparison.Ordinal);
        Assert.Equal("nameserver 192.0.2.1\n", File.ReadAllText(_room.Root["etc/resolv.conf"]));
        Assert.Equal(2, _room.Processes().Length);

        _room.Setup("address = \"192.0.2.17/24\"\ngateway = \"192.0.2.1\"").Succeeds();
        Assert.Empty(_room.Processes());
        // Both cables have a link; the gateway is at the other end of the second.
        var addresses = _room.Ip("address");
        Assert.Contains("inet 192.0.2.17/24 brd 192.0.2.255 scope global eth1", addresses, StringComparison.Ordinal);
        Assert.DoesNotContain("192.0.2.100", addresses, StringComparison.Ordinal);
    }

    [Fact]
    public void No_answer_no_link_and_no_card_are_each_said_with_what_to_do()
    {
        _room.Setup("").Reports(1, "no network card", "local media", "No disk was touched");
        _room.AddCard("eth0", hasLink: false);
        _room.Setup("").Reports(1, "No cable with a link: eth0", "Plug the cable in");
        _room.AddCard("eth1");
        _room.Setup("").Reports(1, "No DHCP server answers on eth1.", "fixed address");
        using var status = JsonDocument.Parse(File.ReadAllBytes(_room.Root["run/bootconsole/network.json"]));
        Assert.Equal("No DHCP server answers on eth1.", status.RootElement.GetProperty("troubles")[0].GetProperty("what").GetString());
    }

    [Fact]
    public void An_address_that_another_PC_has_is_not_taken()
    {
        _room.AddCard("eth0");
        _room.Address("port-eth0", "192.0.2.17/24");
        _room.Setup("address = \"192.0.2.17/24\"", "--json").ReportsJson(1, "failed", "192.0.2.17 is in use", "another address");
        Assert.DoesNotContain("192.0.2.17", _room.Ip("address", "show", "eth0"), StringComparison.Ordinal);
    }

    [Fact]
    public void Nothing_is_brought_up_where_the_settings_say_none()
    {
        _room.AddCard("eth0");
        var run = _room.Setup("address = \"none\"", "--json").Succeeds();
        DocumentedJson.Section("setup").Check(run.Document);
        Assert.Contains("No network is brought up", run.Output, StringComparison.Ordinal);
        Assert.Contains("state DOWN", _room.Ip("link", "show", "eth0"), StringComparison.Ordinal);
    }

    [Fact]
    public void A_VLAN_is_made_where_the_kernel_knows_them_else_it_is_said()
    {
        _room.AddCard("eth0");
        var run = _room.Setup("address = \"192.0.2.17/24\"\nvlan = 5");
        if (run.ExitCode == 0) Assert.Contains("192.0.2.17/24", _room.Ip("-d", "address", "show", "eth0.5"), StringComparison.Ordinal);
        else run.Reports(1, "VLAN 5 cannot be made on eth0", "8021q");
    }

    [Fact]
    public void A_PC_that_was_not_started_from_a_medium_is_left_alone()
    {
        _room.AddCard("eth0");
        File.Delete(_room.Root["etc/bootconsole-base"]);
        _room.Setup("address = \"192.0.2.17/24\"").Reports(3, "not started from a BootConsole medium");
        Assert.Contains("state DOWN", _room.Ip("link", "show", "eth0"), StringComparison.Ordinal);
        Assert.False(File.Exists(_room.Root["etc/resolv.conf"]));
    }

    [Fact]
    public async Task The_console_tests_the_way_to_the_server_step_by_step()
    {
        const string Settings = """
            [pc]
            name = "office-pc"
            [server]
            url = "sftp://office-pc@192.0.2.1:2222/"
            host_keys = ["192.0.2.1 ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"]
            identity = "/etc/bootconsole/id_ed25519"
            """;
        string[] test = ["4", "1", "T", "<", "<", "8"];
        _room.AddCard("eth0");
        Assert.Contains("NO  link", _room.Answer(Settings, test).Succeeds().Output, StringComparison.Ordinal);
        _room.Address("port-eth0", "192.0.2.1/24");
        _room.Setup("address = \"192.0.2.17/24\"\ngateway = \"192.0.2.1\"").Succeeds();
        var refused = _room.Answer(Settings, test).Succeeds().Output;
        Assert.Contains("ok  address  192.0.2.17/24", refused, StringComparison.Ordinal);
        Assert.Contains("ok  gateway  192.0.2.1 answers on eth0.", refused, StringComparison.Ordinal);
        Assert.Contains("NO  server   192.0.2.1 refuses port 2222", refused, StringComparison.Ordinal);
        _room.Listen(2222);
        await BootConsole.TestKit.Eventually.BecomesTrueAsync(() => _room.Listens(2222), "somebody listens");
        Assert.Contains("ok  server   192.0.2.1 answers on port 2222.", _room.Answer(Settings, test).Succeeds().Output, StringComparison.Ordinal);
    }

    public void Dispose() => _room.Dispose();
}
