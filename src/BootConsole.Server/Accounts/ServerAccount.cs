// The system's user of the server itself: it keeps the catalogue and answers sshd, and can do nothing else.
using System.Globalization;
using BootConsole.Core;
using BootConsole.Host;

namespace BootConsole.Server.Accounts;

/// <summary>A user of this machine by number.</summary>
/// <param name="Name">Its name.</param>
/// <param name="User">Its number.</param>
/// <param name="Group">The number of its group.</param>
/// <param name="Shell">What it would work with; empty for none.</param>
internal sealed record AccountNumbers(string Name, uint User, uint Group, string Shell = "")
{
    /// <summary>True for a user that somebody can work as: it has a shell.</summary>
    internal bool IsPerson => Path.GetFileName(Shell) is not ("nologin" or "false");
}

/// <summary>Finds users, and makes the server's own. Making needs root.</summary>
internal sealed class ServerAccount(IProgramRunner programs)
{
    private const int NoSuchName = 2;

    /// <summary>Makes the group of all PCs and the user of a system server; what is there already is taken.</summary>
    /// <exception cref="RefusedFault">The user is a person's.</exception>
    internal async Task<AccountNumbers> MakeAsync(CancellationToken cancel)
    {
        if (!await HasAsync("group", SystemAccounts.Group, cancel)) await RunAsync("groupadd", cancel, "--system", SystemAccounts.Group);
        if (await FindAsync(ServerFacts.SystemAccount, cancel) is { } found)
            return !found.IsPerson ? found : throw new RefusedFault("the system has a user of this name that is somebody's") { Which = found.Name, Found = $"number {found.User}, shell {found.Shell}", Remedy = $"Rename that user: 'usermod --login NEWNAME {found.Name}'." };
        // '*' is no password, and unlike '!' it does not lock the user.
        await RunAsync("useradd", cancel, "--system", "--user-group", "--home-dir", "/nonexistent", "--no-create-home", "--shell", "/usr/sbin/nologin", "--password", "*", "--comment", "BootConsole server", ServerFacts.SystemAccount);
        return await FindAsync(ServerFacts.SystemAccount, cancel) ?? throw new HostFault("the system does not know the user that was just made") { Which = ServerFacts.SystemAccount, Remedy = "See whether /etc/nsswitch.conf looks for users in the files." };
    }

    /// <summary>Finds a user; null when there is none of this name.</summary>
    internal async Task<AccountNumbers?> FindAsync(string name, CancellationToken cancel)
    {
        var result = await programs.RunAsync(new ProgramCall("getent", "passwd", name), cancel);
        if (result.ExitCode == NoSuchName) return null;
        return result.Succeeded && result.Output.Split(':') is { Length: 7 } fields
            ? new AccountNumbers(name, uint.Parse(fields[2], CultureInfo.InvariantCulture), uint.Parse(fields[3], CultureInfo.InvariantCulture), fields[6].TrimEnd('\n'))
            : throw new HostFault("the system does not say which users it has") { Which = name, Found = PlainText.Of(result.Error.Trim()) };
    }

    /// <summary>True when a user or group of this name is there.</summary>
    internal async Task<bool> HasAsync(string kind, string name, CancellationToken cancel) => (await programs.RunAsync(new ProgramCall("getent", kind, name), cancel)).Succeeded;

    private async Task RunAsync(string program, CancellationToken cancel, params string[] arguments)
    {
        var result = await programs.RunAsync(new ProgramCall(program, arguments), cancel);
        if (!result.Succeeded) throw new HostFault($"{program} failed") { Which = arguments[^1], Found = PlainText.Of(result.Error.Trim()), Remedy = "Run this as root. If it says that a file cannot be locked, another program changes users; try again." };
    }
}
