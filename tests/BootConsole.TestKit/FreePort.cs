// A TCP port that nobody listens on.
using System.Net;
using System.Net.Sockets;

namespace BootConsole.TestKit;

/// <summary>Ports of the loopback address.</summary>
public static class FreePort
{
    /// <summary>Finds a port that is free now; another program may take it before it is used, so the user tries again.</summary>
    public static int Find()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
