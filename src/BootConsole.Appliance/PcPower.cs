// Switches the PC off or starts it anew, where that is this program's to do: in the boot environment.
using BootConsole.Core;
using BootConsole.Host;

namespace BootConsole.Appliance;

/// <summary>What becomes of the PC.</summary>
internal enum PowerAction
{
    /// <summary>It is switched off.</summary>
    Off,

    /// <summary>It starts anew.</summary>
    Reboot,
}

/// <summary>The PC's power.</summary>
/// <param name="programs">Runs <c>poweroff</c> and <c>reboot</c>, which flush and unmount.</param>
/// <param name="marker">A file that the boot environment has and no other system.</param>
internal sealed class PcPower(IProgramRunner programs, string marker = PcPower.BootEnvironment)
{
    /// <summary>The file that says: this is the boot environment.</summary>
    internal const string BootEnvironment = "/etc/bootconsole-base";

    /// <summary>True in the boot environment. Elsewhere somebody works on this PC, and nothing is switched off.</summary>
    internal bool IsOurs => File.Exists(marker);

    /// <summary>Switches off or restarts. Returns when the system has been told to.</summary>
    /// <exception cref="HostFault">It does not obey, or this is not the boot environment.</exception>
    internal async Task DoAsync(PowerAction action, CancellationToken cancel)
    {
        if (!IsOurs) throw new HostFault("this PC does not run the boot environment, and is left as it is");
        var program = action == PowerAction.Off ? "poweroff" : "reboot";
        var result = await programs.RunAsync(new ProgramCall(program), cancel);
        if (!result.Succeeded) throw new HostFault($"the system does not obey '{program}'") { Found = result.Error.Trim(), Remedy = "Switch the PC off by hand." };
    }
}
