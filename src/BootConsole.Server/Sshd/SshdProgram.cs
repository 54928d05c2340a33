// The program sshd: where it is, whether it takes a configuration, and what it needs before it starts.
using System.Net;
using System.Net.Sockets;
using BootConsole.Core;
using BootConsole.Host;

namespace BootConsole.Server.Sshd;

/// <summary>OpenSSH's server.</summary>
internal sealed class SshdProgram(IProgramRunner programs)
{
    /// <summary>The empty folder in which sshd's unprivileged part lives.</summary>
    private const string PrivilegeFolder = "/run/sshd";

    /// <summary>Its absolute path, which it wants to be started by.</summary>
    /// <exception cref="HostFault">It is not installed.</exception>
    internal static string Path => ProgramRunner.Locate("sshd") ?? throw new HostFault("sshd is not installed") { Remedy = "Install the package openssh-server." };

    /// <summary>Lets sshd read a configuration with its keys.</summary>
    /// <returns>What it says against it; empty when nothing.</returns>
    internal async Task<string> ObjectionAsync(string configuration, CancellationToken cancel)
    {
        PreparePrivilegeFolder();
        var result = await programs.RunAsync(new ProgramCall(Path, "-t", "-f", configuration) { Limit = TimeSpan.FromSeconds(30) }, cancel);
        return result.Succeeded ? "" : PlainText.Of(result.Error.Trim().Split('\n')[0]) is { Length: > 0 } words ? words : $"exit code {result.ExitCode}";
    }

    /// <summary>Makes <c>/run/sshd</c> for a sshd of root; it is gone after each start of the machine, and the system's own service makes it for itself alone.</summary>
    internal static void PreparePrivilegeFolder()
    {
        if (FileOwnership.Self != FileOwnership.Root || Directory.Exists(PrivilegeFolder)) return;
        Directory.CreateDirectory(PrivilegeFolder);
        LinuxNames.SetMode(PrivilegeFolder, WholeFile.OpenFolder);
    }

    /// <summary>Refuses a port that somebody has.</summary>
    /// <exception cref="RefusedFault">It is taken, or not allowed for this user.</exception>
    internal static void RequirePort(IPAddress address, int port)
    {
        try
        {
            using var listener = new TcpListener(address, port);
            listener.Start();
        }
        catch (SocketException refusal)
        {
            var isTaken = refusal.SocketErrorCode == SocketError.AddressAlreadyInUse;
            throw new RefusedFault(isTaken ? "another program listens on the port already" : "sshd cannot listen there", refusal)
            {
                Which = $"{address} port {port}",
                Found = isTaken ? "" : refusal.Message,
                Remedy = isTaken ? "Name another with --port; if it is the system's sshd, let that one serve the PCs (docs/bootserver.md, \"sshd\")." : "Ports below 1024 need root; name another with --port.",
            };
        }
    }
}
