// The configuration of dnsmasq, which does DHCP and TFTP: one interface, no names, nothing outside of one folder.
using System.Globalization;
using System.Text;
using BootConsole.Core;
using BootConsole.Media.Building;

namespace BootConsole.Server.NetworkBoot;

/// <summary>Writes it (dnsmasq(8)).</summary>
internal static class DnsmasqText
{
    private const string Title = "BootConsole";

    /// <summary>The text.</summary>
    /// <param name="order">What is served.</param>
    /// <param name="folder">The folder that TFTP hands out.</param>
    /// <param name="leases">Where it writes down which addresses it gave.</param>
    /// <exception cref="UsageFault">The folder's path means something else to dnsmasq.</exception>
    internal static string Write(ServeOrder order, string folder, string leases)
    {
        CheckPath(folder);
        var at = order.Interface;
        var uefi = order.Range is not null || order.UsesSignedLoaders ? NetworkLoaders.SignedUefiFile : NetworkLoaders.UnsignedUefiFile;
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"""
            # Made by 'bootserver serve' for each start; changes here are lost.
            # No DNS, and nothing on other interfaces.
            port=0
            interface={at.Name}
            except-interface=lo
            bind-interfaces
            # Ports are opened as root; then it is nobody, who can read what everybody may read.
            user=nobody
            group=nogroup
            pid-file
            # Named also where no address is given: dnsmasq opens one in any case, and its usual place may be read-only.
            dhcp-leasefile={leases}
            # TFTP: a path with '..' in it, or outside of this folder, is refused.
            enable-tftp={at.Name}
            tftp-root={folder}
            tftp-max=200

            """);
        if (order.Range is var (first, last)) text.Append(CultureInfo.InvariantCulture, $"""
            # This network has no other DHCP server. Neither a way out nor a name server is announced.
            dhcp-range={first},{last},{at.Mask},1h
            dhcp-option=3
            dhcp-option=6
            dhcp-match=set:uefi,option:client-arch,7
            dhcp-match=set:uefi,option:client-arch,9
            dhcp-boot=tag:!uefi,tag:!http,{NetworkLoaders.BiosFile}
            dhcp-boot=tag:uefi,{uefi}

            """);
        else text.Append(CultureInfo.InvariantCulture, $"""
            # The network's own DHCP server gives the addresses; this one only adds what to boot.
            dhcp-range={at.Network},proxy,{at.Mask}
            pxe-prompt="{Title}",0
            pxe-service=x86PC,"{Title}",{NetworkLoaders.BiosFile}
            pxe-service=BC_EFI,"{Title}",{uefi}
            pxe-service=x86-64_EFI,"{Title}",{uefi}

            """);
        if (order.HttpBootUrl is { Length: > 0 } url) text.Append(HttpBoot(order, url));
        return text.ToString();
    }

    // The UEFI specification, section 24.7 (HTTP Boot). dnsmasq adds something beside another server's answer only for classes that it is told.
    private static string HttpBoot(ServeOrder order, string url) => $"""
        # UEFI that boots over HTTP (architecture 16) takes answers of its own class alone, with an address.
        {(order.Range is null ? "dhcp-pxe-vendor=PXEClient,HTTPClient" : "dhcp-option-force=tag:http,60,HTTPClient")}
        dhcp-match=set:http,option:client-arch,16
        dhcp-boot=tag:http,{url}

        """;

    // A comma begins a further value, '#' a comment, quotes and blanks are taken away.
    private static void CheckPath(string path)
    {
        if (path.Any(letter => letter is ',' or '#' or '"' or '\\' or ' ' || char.IsControl(letter)))
            throw new UsageFault("network boot cannot be served from a folder with such a name") { Which = "--root", Found = PlainText.Of(path), Expected = "a path without blanks, commas, quotes, # and \\" };
    }
}
