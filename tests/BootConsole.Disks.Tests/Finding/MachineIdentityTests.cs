// How a PC is known again after a power cut, and which PCs cannot be told apart.
using BootConsole.Core;
using BootConsole.Host;
using BootConsole.TestKit;

namespace BootConsole.Disks.Tests.Finding;

public sealed class MachineIdentityTests : IDisposable
{
    private const string Uuid = "4c4c4544-0042-3510-8052-b4c04f4a4d32";
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void The_same_firmware_and_card_are_the_same_machine_and_others_are_not()
    {
        var one = Pc(Uuid, ("pci0/net/eth0", "0", "52:54:00:00:00:01"));
        Assert.Matches("^[0-9a-f]{32}$", one);
        // Letters in capitals, a second card on USB, a bridge with an address that was drawn.
        Assert.Equal(one, Pc(Uuid.ToUpperInvariant() + "\n", ("pci0/net/eth1", "0", "52:54:00:00:00:01"), ("pci0/usb1/1-1/net/eth2", "0", "52:54:00:00:00:02"), ("pci0/net/br0", "1", "52:54:00:00:00:03")));
        Assert.NotEqual(one, Pc(Uuid, ("pci0/net/eth0", "0", "52:54:00:00:00:04")));
        Assert.NotEqual(one, Pc("4c4c4544-0042-3510-8052-b4c04f4a4d33", ("pci0/net/eth0", "0", "52:54:00:00:00:01")));
    }

    [Theory]
    [InlineData("")]
    [InlineData("00000000-0000-0000-0000-000000000000")]
    [InlineData("ffffffff-ffff-ffff-ffff-ffffffffffff")]
    [InlineData("Not Settable")]
    public void A_machine_whose_firmware_says_nothing_of_use_has_no_identity(string uuid) => Assert.Equal("", Pc(uuid, ("pci0/net/eth0", "0", "52:54:00:00:00:01")));

    [Fact]
    public void A_machine_without_a_network_card_has_no_identity() => Assert.Equal("", Pc(Uuid));

    [Fact]
    public void A_job_of_an_earlier_boot_of_this_machine_is_gone_and_one_of_another_machine_is_not()
    {
        var processes = new ProcessTable("this-machine");
        var self = processes.Self;
        Assert.False(processes.IsGone(self));
        Assert.True(processes.IsGone(self with { StartTicks = self.StartTicks + 1 }));
        Assert.True(processes.IsGone(self with { BootId = "an earlier one" }));
        Assert.False(processes.IsGone(self with { BootId = "an earlier one", Machine = "another" }));
        Assert.False(processes.IsGone(self with { BootId = "" }));
        // Where nothing tells machines apart, only the age of a lease does.
        Assert.False(new ProcessTable("").IsGone(self with { BootId = "an earlier one", Machine = "" }));
    }

    private string Pc(string uuid, params (string Device, string AddressType, string Address)[] cards)
    {
        var sysfs = _folder[Guid.NewGuid().ToString("N")];
        Write(Path.Combine(sysfs, "class/dmi/id/product_uuid"), uuid);
        foreach (var (device, type, address) in cards)
        {
            var card = Path.Combine(sysfs, "class/net", Path.GetFileName(device));
            Write(Path.Combine(card, "addr_assign_type"), type + "\n");
            Write(Path.Combine(card, "address"), address + "\n");
            var hardware = Path.GetFullPath(Path.Combine(sysfs, "devices", device, "../.."));
            Directory.CreateDirectory(hardware);
            File.CreateSymbolicLink(Path.Combine(card, "device"), hardware);
        }

        return MachineIdentity.Read(sysfs);
    }

    private static void Write(string path, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
    }
}
