// The system's users of PCs: one each, so that the file system keeps them apart.
using BootConsole.Core;
using BootConsole.Host;

namespace BootConsole.Server.Accounts;

/// <summary>Makes and removes users of this machine by the distribution's tools. Needs root.</summary>
internal sealed class SystemAccounts(IProgramRunner programs)
{
    /// <summary>The group of all PCs: sshd's configuration goes by it.</summary>
    internal const string Group = "bootconsole-pcs";

    private const int NoSuchUser = 2;

    /// <summary>Makes a PC's user with a group of its own. It has no password and no shell; its home is the folder that sshd shuts it into. One that is there already and is such a user is taken.</summary>
    /// <param name="name">The user.</param>
    /// <param name="home">The PC's store.</param>
    /// <param name="cancel">Gives it up.</param>
    /// <exception cref="RefusedFault">There is a user of this name that is none of ours.</exception>
    internal async Task AddAsync(string name, string home, CancellationToken cancel)
    {
        if (await HomeAsync(name, cancel) is { } found)
        {
            if (found != home) throw new RefusedFault("the system has a user of this name that is no PC's") { Which = name, Expected = $"the home {home}", Found = $"the home {found}", Remedy = "Give the PC another name." };
            return;
        }

        // '*' is no password, and unlike '!' it does not lock the user out of certificates (sshd_config(5), UsePAM).
        await RunAsync("useradd", cancel, "--system", "--user-group", "--groups", Group, "--home-dir", home, "--no-create-home", "--shell", "/usr/sbin/nologin", "--password", "*", "--comment", "BootConsole PC", name);
    }

    /// <summary>Ends all sessions of a user and removes it; one that is not there is no fault.</summary>
    internal async Task RemoveAsync(string name, CancellationToken cancel)
    {
        if (await HomeAsync(name, cancel) is null) return;
        await EndSessionsAsync(name, cancel);
        await RunAsync("userdel", cancel, name);
    }

    /// <summary>Ends whatever runs as a user.</summary>
    internal async Task EndSessionsAsync(string name, CancellationToken cancel) => await programs.RunAsync(new ProgramCall("pkill", "-KILL", "-u", name), cancel);

    /// <summary>A user's home; null when there is no such user.</summary>
    internal async Task<string?> HomeAsync(string name, CancellationToken cancel)
    {
        var result = await programs.RunAsync(new ProgramCall("getent", "passwd", name), cancel);
        if (result.ExitCode == NoSuchUser) return null;
        return result.Succeeded && result.Output.Split(':') is { Length: 7 } fields ? fields[5] : throw new HostFault("the system does not say which users it has") { Which = name, Found = result.Error.Trim() };
    }

    private async Task RunAsync(string program, CancellationToken cancel, params string[] arguments)
    {
        var result = await programs.RunAsync(new ProgramCall(program, arguments), cancel);
        if (!result.Succeeded) throw new HostFault($"{program} failed") { Which = arguments[^1], Found = result.Error.Trim(), Remedy = "Run this as root. If it says that a file cannot be locked, another program changes users; try again." };
    }
}
