// A network as it is typed: the rules of a settings file, and nothing typed is more than a value.
using System.Net;
using BootConsole.Appliance.Setup;
using BootConsole.Settings;

namespace BootConsole.Appliance.Tests.Setups;

public sealed class TypedNetworkTests
{
    private static readonly PcSettings Pc = new() { Name = "office-pc", Keyboard = "de-latin1", Vlan = 7 };

    [Fact]
    public void What_is_typed_replaces_the_network_and_nothing_else()
    {
        var (settings, _) = new TypedNetwork(" 192.0.2.17/24 ", "192.0.2.1", "192.0.2.53, 192.0.2.54", "12").ApplyTo(Pc);
        Assert.Equal(new StaticAddress(IPAddress.Parse("192.0.2.17"), 24, IPAddress.Parse("192.0.2.1")), settings!.Address);
        Assert.Equal([IPAddress.Parse("192.0.2.53"), IPAddress.Parse("192.0.2.54")], settings.Dns);
        Assert.Equal(("office-pc", "de-latin1", 12), (settings.Name, settings.Keyboard, settings.Vlan));
        Assert.Equal(new TypedNetwork("192.0.2.17/24", "192.0.2.1", "192.0.2.53, 192.0.2.54", "12"), TypedNetwork.Of(settings));
    }

    [Fact]
    public void An_empty_field_takes_what_was_there_away() => Assert.Null(new TypedNetwork("dhcp", "", "", "").ApplyTo(Pc).Settings!.Vlan);

    [Theory]
    [InlineData("", "", "", "", "address")]
    [InlineData("dhcp", "192.0.2.1", "", "", "gateway")]
    [InlineData("192.0.2.17/24", "192.0.3.1", "", "", "outside of the network")]
    [InlineData("none", "", "192.0.2.53", "", "dns")]
    [InlineData("dhcp", "", "", "4095", "vlan")]
    [InlineData("dhcp", "", "", "x", "VLAN")]
    [InlineData("dhcp\"\nkeyboard = \"fr", "", "", "", "address")]
    [InlineData("dhcp\\", "", "", "", "address")]
    public void What_cannot_be_is_said(string address, string gateway, string dns, string vlan, string words)
    {
        var (settings, complaint) = new TypedNetwork(address, gateway, dns, vlan).ApplyTo(Pc);
        Assert.Null(settings);
        Assert.Contains(words, complaint, StringComparison.Ordinal);
    }
}
