// A machine of one test: users, groups, /srv and /var/log of its own in a mount namespace, so that servers can be made as on a fresh machine.
using System.Diagnostics;
using System.Runtime.InteropServices;
using BootConsole.Host;

namespace BootConsole.TestKit;

/// <summary>
/// Runs programs where <c>/etc</c> is a copy and <c>/srv</c>, <c>/var/log</c>, <c>/run/sshd</c> and <c>/opt</c> are empty: what is added to users or to <c>/srv</c> is gone with it. The network is this machine's. bootserver
/// lies in <c>/opt/bootserver</c>, which belongs to root, as sshd wants it of programs that it asks. Needs root.
/// </summary>
public sealed class PrivateMachine : IDisposable
{
    /// <summary>The program, as this machine sees it.</summary>
    public const string Program = "/opt/bootserver/bootserver";

    // Processes are those of the whole machine: users of two machines must not have one number, or what ends the sessions of one ends those of the other.
    private const string Prepare = """
        set -eu
        mount -t tmpfs -o mode=755 tmpfs /media
        cp -a /etc/. /media/
        mount --bind /media /etc
        umount -l /media
        mkdir -p /etc/dotnet /run/sshd
        printf '%s\n' "$2" > /etc/dotnet/install_location
        first=$((1000000 + $$ % 1000000 * 100))
        for kind in UID GID; do printf 'SYS_%s_MIN %d\nSYS_%s_MAX %d\n' $kind $first $kind $((first + 99)); done >> /etc/login.defs
        for folder in /srv /var/log /opt; do mount -t tmpfs -o mode=755 tmpfs "$folder"; done
        mkdir /opt/bootserver
        mount --bind "$1" /opt/bootserver
        echo ready
        exec sleep infinity
        """;

    private readonly Process _process;

    private PrivateMachine(Process process) => _process = process;

    /// <summary>The number of the process that holds it, for <c>nsenter</c>.</summary>
    public string Id => _process.Id.ToString(System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>A path of the machine, as this test sees it.</summary>
    public string this[string path] => $"/proc/{_process.Id}/root{path}";

    /// <summary>Makes one.</summary>
    /// <param name="programs">The folder that has bootserver; null for that of the test.</param>
    public static PrivateMachine Start(string? programs = null)
    {
        // Where the program finds .NET: where this test runs.
        var dotnet = Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "../../.."));
        var start = new ProcessStartInfo("unshare", ["-m", "--propagation", "private", "sh", "-c", Prepare, "sh", programs ?? AppContext.BaseDirectory.TrimEnd('/'), dotnet]) { RedirectStandardOutput = true, RedirectStandardError = true };
        var process = Process.Start(start)!;
        if (process.StandardOutput.ReadLine() == "ready") return new PrivateMachine(process);
        var error = process.StandardError.ReadToEnd();
        process.Dispose();
        throw new InvalidOperationException("no private machine: " + error);
    }

    /// <summary>Runs a program to its end, whatever it says.</summary>
    public ProgramResult Try(string program, params string[] arguments) => SystemTool.Try("nsenter", Inside(program, arguments));

    /// <summary>Runs a program to its end and returns its standard output; any other exit than 0 fails the test.</summary>
    public string Run(string program, params string[] arguments) => SystemTool.Run("nsenter", Inside(program, arguments));

    /// <summary>Runs bootserver on the server in <c>/srv/bootconsole</c>, its usual place.</summary>
    public ProgramResult Serve(params string[] arguments) => Try(Program, arguments);

    /// <summary>Starts a program that stays; it ends with the machine at the latest.</summary>
    public PipedProgram Begin(string program, params string[] arguments) => PipedProgram.Start("nsenter", Inside(program, arguments));

    public void Dispose()
    {
        _process.Kill(entireProcessTree: true);
        _process.WaitForExit();
        _process.Dispose();
    }

    private string[] Inside(string program, string[] arguments) => ["-m", "-t", Id, "--", program, .. arguments];
}
