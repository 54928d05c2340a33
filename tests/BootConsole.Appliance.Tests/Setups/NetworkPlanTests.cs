// From settings and cards to steps.
using System.Net;
using BootConsole.Appliance.Setup;
using BootConsole.Settings;

namespace BootConsole.Appliance.Tests.Setups;

public sealed class NetworkPlanTests
{
    private static readonly PcSettings Pc = new() { Name = "office-pc" };
    private static readonly StaticAddress Address = new(IPAddress.Parse("192.0.2.17"), 24, IPAddress.Parse("192.0.2.1"));
    private static readonly NetworkCard[] Cards = [new("eth0", false), new("enx0123456789ab", true)];

    [Fact]
    public void A_fixed_address_is_looked_for_before_it_is_taken() => Assert.Equal(
        ["is 192.0.2.17 unused on eth0?", "ip address add 192.0.2.17/24 broadcast + dev eth0", "ip route replace default via 192.0.2.1 dev eth0"],
        Steps(Pc with { Address = Address }, Cards[0]));

    [Fact]
    public void A_VLAN_carries_the_address_of_its_card() => Assert.Equal(
        ["ip link add link eth0 name eth0.12 type vlan id 12", "ip link set dev eth0.12 up", "is 192.0.2.17 unused on eth0.12?", "ip address add 192.0.2.17/24 broadcast + dev eth0.12", "ip route replace default via 192.0.2.1 dev eth0.12"],
        Steps(Pc with { Address = Address, Vlan = 12 }, Cards[0]));

    [Fact]
    public void DHCP_is_asked_on_every_card_and_waited_for_where_there_is_a_link() => Assert.Equal(["ask for an address on eth0, later", "ask for an address on enx0123456789ab"], Steps(Pc, null));

    [Fact]
    public void The_VLAN_of_a_card_with_a_long_name_has_a_short_one() => Assert.Equal(
        ["ip link add link eth0 name eth0.4094 type vlan id 4094", "ip link set dev eth0.4094 up", "ask for an address on eth0.4094, later", "ip link add link enx0123456789ab name vlan1.4094 type vlan id 4094", "ip link set dev vlan1.4094 up", "ask for an address on vlan1.4094"],
        Steps(Pc with { Vlan = 4094 }, null));

    [Fact]
    public void A_network_of_two_has_no_broadcast_and_IPv6_neither() => Assert.Equal(
        ["ip address add 2001:db8::17/64 dev eth0", "ip -6 route replace default via fe80::1 dev eth0"],
        Steps(Pc with { Address = new StaticAddress(IPAddress.Parse("2001:db8::17"), 64, IPAddress.Parse("fe80::1")) }, Cards[0]));

    [Fact]
    public void Without_a_network_there_is_nothing_to_do() => Assert.Empty(Steps(Pc with { Address = new NoAddress() }, Cards[0]));

    private static IEnumerable<string> Steps(PcSettings pc, NetworkCard? chosen) => NetworkPlan.Make(pc, Cards, chosen).Select(step => step.ToString()!);
}
