// Where the booted PC keeps what its set-up reads and writes.
using BootConsole.Core;

namespace BootConsole.Appliance.Setup;

/// <summary>The files of the set-up. Below another folder than <c>/</c> for tests alone.</summary>
/// <param name="Root">What stands for <c>/</c>; empty for that itself.</param>
internal sealed record SetupPlaces(string Root = "")
{
    /// <summary>What only the boot image has.</summary>
    internal string Marker => Root + PcPower.BootEnvironment;

    /// <summary>The name servers (resolv.conf(5)).</summary>
    internal string Resolver => Root + "/etc/resolv.conf";

    /// <summary>The time zone (localtime(5)).</summary>
    internal string LocalTime => Root + "/etc/localtime";

    /// <summary>What udhcpc runs when a lease comes or goes; it writes <see cref="Lease"/>.</summary>
    internal string DhcpScript => Root + "/etc/udhcpc/default.script";

    /// <summary>Keyboard layouts: <c>.bmap</c> for busybox, else those of kbd.</summary>
    internal string Keymaps => Root + "/usr/share/keymaps";

    /// <summary>The PC's own screen and keyboard; not there where only a serial line is.</summary>
    internal string Screen => Root + "/dev/tty0";

    /// <summary>What lasts until the PC is switched off.</summary>
    internal string Run => Root + "/run/bootconsole";

    /// <summary>How the network was brought up, for the console.</summary>
    internal string Status => Run + "/network.json";

    /// <summary>Where it stands, the settings name the name servers, and no lease does.</summary>
    internal string FixedResolver => Run + "/resolver-is-fixed";

    /// <summary>What a DHCP server said on a card: lines <c>key=value</c>, as udhcpc names them.</summary>
    internal string Lease(string card) => $"{Run}/lease.{card}";

    /// <summary>The process that keeps a card's lease.</summary>
    internal string LeaseProcess(string card) => $"{Run}/udhcpc.{card}.pid";

    /// <summary>True in the boot image. Anywhere else the network belongs to somebody.</summary>
    internal bool IsBootImage => File.Exists(Marker);

    // A card with hardware behind it is somebody's; a test's network namespace has only made-up ones.
    private static bool IsNetworkOfThePc => Directory.EnumerateDirectories("/sys/class/net").Any(card => Directory.Exists(card + "/device"));

    /// <summary>Refuses to change a PC that was not started from the boot image.</summary>
    /// <exception cref="RefusedFault">It was not, or a test has forgotten to leave the PC's own network.</exception>
    internal void RequireBootImage()
    {
        if (Root.Length > 0 && IsNetworkOfThePc) throw new RefusedFault("with another root nothing is set up in the network of a running system") { Which = Root, Remedy = "Run it in a network namespace of its own." };
        if (!IsBootImage) throw new RefusedFault("this PC was not started from a BootConsole medium, so its network, keyboard and time zone are left alone") { Which = Marker, Found = "no such file", Remedy = "Use the settings of the system that runs here." };
    }
}
