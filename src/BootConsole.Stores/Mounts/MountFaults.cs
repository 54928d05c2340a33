// What mount(8) and its helpers say, as faults.
using BootConsole.Core;
using BootConsole.Host;

namespace BootConsole.Stores.Mounts;

/// <summary>Turns the end of a mount that failed into a fault.</summary>
internal static class MountFaults
{
    /// <summary>What the helpers say (mount.nfs in words, mount.cifs with the error's number), most telling first.</summary>
    private static readonly (string[] Words, Func<string, string, Fault> Fault)[] Meanings =
    [
        (["not superuser", "only root", "must be superuser", "permission denied (are you root?)"], (which, words) => new HostFault("only the administrator may mount") { Which = which, Found = words, Remedy = "Run the program as root, or mount it first and give the folder." }),
        (["unknown filesystem type", "/sbin/mount."], (which, words) => new HostFault("this system cannot mount it") { Which = which, Found = words, Remedy = "Install the package with its mount helper (nfs-common, cifs-utils), or mount it elsewhere." }),
        (["could not resolve", "name or service not known", "failed to resolve", "temporary failure in name resolution"], (which, words) => Lost("the server's name is not known", which, words, "Check the name, and the name servers of this PC.")),
        (["error(13)", "access denied", "permission denied", "error(126)", "error(127)"], (which, words) => new TransportFault("the share refuses the login") { Which = which, Found = words, Remedy = "Check user and password in the credentials file, and whether the share is open to this PC." }),
        (["error(2)", "error(6)", "no such file", "no such device or address"], (which, words) => new StoreFault(StoreProblem.Missing, "the server has no such share or folder") { Which = which, Found = words, Remedy = "Check the name of the share; the folder in it has to be there." }),
        (["timed out", "error(11", "error(10", "no route", "unreachable", "refused", "host is down", "connection reset"], (which, words) => Lost("the server does not answer", which, words, "Check the network cable, the address, and that the server is on.")),
        (["wrong fs type", "bad superblock", "can't read superblock", "structure needs cleaning"], (which, words) => new StoreFault(StoreProblem.Other, "the medium's file system cannot be mounted") { Which = which, Found = words, Remedy = "It may be damaged, or not cleanly removed from Windows: check it there (chkdsk) or with fsck, then try again." }),
        (["write-protected", "read-only"], (which, words) => new StoreFault(StoreProblem.Denied, "the medium is write-protected") { Which = which, Found = words, Remedy = "Release its write protection, or choose another target." }),
    ];

    /// <summary>The fault.</summary>
    /// <param name="address">What was to be mounted.</param>
    /// <param name="result">How mount ended.</param>
    internal static Fault From(MountAddress address, ProgramResult result)
    {
        var (which, words) = (address.ToString(), PlainWords.Of(result.Error));
        if (result.TimedOut) return Lost("mounting took too long", which, words, "Check the network cable, the address, and that the server is on.");
        var meaning = Meanings.FirstOrDefault(meaning => meaning.Words.Any(word => words.Contains(word, StringComparison.OrdinalIgnoreCase)));
        return meaning.Fault is { } make ? make(which, words) : new StoreFault(StoreProblem.Other, "it cannot be mounted") { Which = which, Found = words.Length > 0 ? words : $"mount ended with {result.ExitCode}" };
    }

    private static TransportFault Lost(string what, string which, string words, string remedy) => new(what) { MayPass = true, Which = which, Found = words, Remedy = remedy };
}
