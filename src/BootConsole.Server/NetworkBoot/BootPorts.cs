// Whether the ports of network boot are free. dnsmasq shares them with any other that shares, and both then answer by chance.
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using BootConsole.Core;

namespace BootConsole.Server.NetworkBoot;

/// <summary>Looks at UDP ports.</summary>
internal static class BootPorts
{
    // socket(7).
    private const int SocketLevel = 1, BindToDevice = 25;

    private const int Dhcp = 67, Tftp = 69, Pxe = 4011;

    /// <summary>Takes each port for a moment, as nobody shares it.</summary>
    /// <exception cref="HostFault">Another program has one.</exception>
    internal static void Check(ServeOrder order)
    {
        foreach (var port in order.Range is null ? [Dhcp, Pxe, Tftp] : (int[])[Dhcp, Tftp])
        {
            using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
            try
            {
                // Another interface's DHCP server, such as that of virtual machines, is no hindrance.
                if (port != Tftp) socket.SetRawSocketOption(SocketLevel, BindToDevice, Encoding.ASCII.GetBytes(order.Interface.Name + "\0"));
                socket.Bind(new IPEndPoint(port == Tftp ? order.Interface.Address : IPAddress.Any, port));
            }
            catch (SocketException taken) when (taken.SocketErrorCode == SocketError.AddressAlreadyInUse)
            {
                throw new HostFault("another program of this machine serves DHCP or TFTP already", taken)
                {
                    Which = string.Create(CultureInfo.InvariantCulture, $"UDP port {port}"),
                    Remedy = "'ss -lunp' shows which; end it ('systemctl disable --now dnsmasq', 'tftpd-hpa', 'isc-dhcp-server'), then start this again.",
                };
            }
        }
    }
}
