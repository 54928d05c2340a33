// A PC and a switch of their own: two network namespaces, and cables between them.
using System.Diagnostics;
using BootConsole.TestKit;

namespace BootConsole.Appliance.Tests.Setups;

/// <summary>The network of a booted PC, away from that of this machine. Gone with all its processes on dispose.</summary>
internal sealed class NetworkRoom : IDisposable
{
    private readonly string _pc = $"bc-pc-{Guid.NewGuid():N}"[..14], _lan = $"bc-lan-{Guid.NewGuid():N}"[..15];
    private readonly TempFolder _folder = new();
    private readonly List<Process> _servers = [];

    internal NetworkRoom()
    {
        SystemTool.Run("ip", "netns", "add", _pc);
        SystemTool.Run("ip", "netns", "add", _lan);
        // A switch's ports are strangers to each other; Linux would answer on each for all.
        SystemTool.Run("ip", "netns", "exec", _lan, "busybox", "sysctl", "-w", "net.ipv4.conf.all.arp_ignore=1");
        foreach (var folder in new[] { "etc/udhcpc", "run", "dev", "usr/share/keymaps/i386" }) Directory.CreateDirectory(_folder[folder]);
        File.WriteAllText(_folder["etc/bootconsole-base"], "");
        File.Copy(Repository.File("buildroot/overlay/etc/udhcpc/default.script"), _folder["etc/udhcpc/default.script"]);
    }

    /// <summary>What stands for / of the PC.</summary>
    internal TempFolder Root => _folder;

    /// <summary>Puts a card into the PC, with a cable to the switch, where its end is called <c>port-</c> and the card's name.</summary>
    internal void AddCard(string name, bool hasLink = true)
    {
        SystemTool.Run("ip", "-n", _pc, "link", "add", name, "type", "veth", "peer", "name", $"port-{name}");
        SystemTool.Run("ip", "-n", _pc, "link", "set", $"port-{name}", "netns", _lan);
        if (hasLink) SystemTool.Run("ip", "-n", _lan, "link", "set", $"port-{name}", "up");
    }

    /// <summary>Gives an end of a cable an address.</summary>
    internal void Address(string port, string address) => SystemTool.Run("ip", "-n", _lan, "address", "add", address, "dev", port);

    /// <summary>Starts a DHCP server at an end of a cable.</summary>
    internal void ServeAddresses(string port, string first, string last, string gateway)
    {
        var (file, leases) = (_folder[$"udhcpd.{port}"], _folder[$"leases.{port}"]);
        File.WriteAllText(leases, "");
        File.WriteAllText(file, $"start {first}\nend {last}\ninterface {port}\npidfile {_folder[$"pid.{port}"]}\nlease_file {leases}\noption subnet 255.255.255.0\noption router {gateway}\noption dns {gateway}\noption lease 600\n");
        _servers.Add(Process.Start(new ProcessStartInfo("ip", ["netns", "exec", _lan, "busybox", "udhcpd", "-f", file]) { RedirectStandardError = true, RedirectStandardOutput = true })!);
    }

    /// <summary>Runs <c>bootconsole setup</c> on the PC.</summary>
    /// <param name="pc">The lines of <c>[pc]</c> below its name.</param>
    /// <param name="more">Further arguments.</param>
    internal Run Setup(string pc, params IReadOnlyList<string> more)
    {
        File.WriteAllText(_folder["bootconsole.toml"], $"[pc]\nname = \"office-pc\"\n{pc}\n");
        // What lies in the folder itself goes before the programs of this machine.
        return Bootconsole.RunUnder(["ip", "netns", "exec", _pc, "env", $"PATH={_folder.Path}:{Environment.GetEnvironmentVariable("PATH")}"], ["setup", "--config", _folder["bootconsole.toml"], "--root", _folder.Path, .. more]);
    }

    /// <summary>Listens on a port at the other end of the cables.</summary>
    internal void Listen(int port) => _servers.Add(Process.Start(new ProcessStartInfo("ip", ["netns", "exec", _lan, "busybox", "nc", "-l", "-p", $"{port}"]) { RedirectStandardInput = true, RedirectStandardOutput = true })!);

    /// <summary>True when somebody listens on a port there.</summary>
    internal bool Listens(int port) => SystemTool.Run("ip", "netns", "exec", _lan, "busybox", "netstat", "-lnt").Contains($":{port} ", StringComparison.Ordinal);

    /// <summary>Answers the questions of <c>bootconsole --plain</c> on the PC.</summary>
    internal Run Answer(string settings, params string[] lines)
    {
        File.WriteAllText(_folder["bootconsole.toml"], settings);
        return RunningProgram.Start("ip", ["netns", "exec", _pc, Bootconsole.Program, "--plain", "--config", _folder["bootconsole.toml"]], path: null, string.Concat(lines.Select(line => line + "\n"))).WaitForEnd();
    }

    /// <summary>What <c>ip</c> says on the PC.</summary>
    internal string Ip(params string[] arguments) => SystemTool.Run("ip", ["-n", _pc, .. arguments]);

    /// <summary>The processes that are left in the PC.</summary>
    internal string[] Processes() => SystemTool.Run("ip", "netns", "pids", _pc).Split('\n', StringSplitOptions.RemoveEmptyEntries);

    public void Dispose()
    {
        foreach (var id in Processes().Concat(SystemTool.Run("ip", "netns", "pids", _lan).Split('\n', StringSplitOptions.RemoveEmptyEntries))) SystemTool.Try("kill", "-9", id);
        foreach (var server in _servers)
        {
            server.WaitForExit();
            server.Dispose();
        }

        SystemTool.Run("ip", "netns", "delete", _pc);
        SystemTool.Run("ip", "netns", "delete", _lan);
        _folder.Dispose();
    }
}
