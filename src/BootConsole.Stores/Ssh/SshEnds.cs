// What ssh says when a connection fails, in words for people.
using BootConsole.Stores.Sftp;

namespace BootConsole.Stores.Ssh;

/// <summary>Recognises the messages of OpenSSH's client; their texts have not changed in many years, and what is not recognised is shown as it is.</summary>
internal static class SshEnds
{
    private sealed record Known(string[] Words, string What, bool MayPass, string Remedy);

    private static readonly Known NoProgram =
        new([], "the server cannot start its SFTP program", false, "Add 'Subsystem sftp internal-sftp' to the server's sshd_config.");

    // The first that fits counts: the more telling ones stand first.
    private static readonly Known[] Table =
    [
        new(["REMOTE HOST IDENTIFICATION HAS CHANGED", "has changed and you have requested strict checking"], "the server's host key has changed", false,
            "Someone may be in the middle. Ask the server's administrator for the new key's fingerprint before you replace it in known_hosts."),
        new(["Certificate invalid"], "the server's host certificate is not valid now", false, "Check this PC's date and time, then the certificate's validity on the server."),
        new(["host key is known for", "No matching host key fingerprint", "Host key verification failed"], "the server is unknown: its host key is not among the known ones", false,
            "Put the server's host key, or its host certificate authority, into the known hosts of this connection."),
        new(["UNPROTECTED PRIVATE KEY FILE"], "ssh refuses the private key because others can read its file", false, "Let only its owner read it: chmod 600."),
        new(["error in libcrypto", "invalid format", "incorrect passphrase"], "the private key cannot be used", false, "It may be damaged, or protected by a passphrase that no agent supplies."),
        new(["Permission denied ("], "the server refuses the login", false,
            "Check the login name, that the key or its certificate is allowed there, and that the certificate or contract has not ended."),
        new(["Too many authentication failures"], "the server refuses the login after too many keys", false, "Name one key for this connection."),
        new(["Could not resolve hostname"], "the server's name is unknown", true, "Check the name and this PC's network."),
        new(["Unable to negotiate", "no matching"], "this ssh and the server have no cipher, key or method in common", false, "Update the older of the two."),
        new(["Bad configuration option", "Bad owner or permissions", "terminating,"], "ssh refuses its configuration", false, "Correct the file it names, or use only the values of the settings file."),
        new(["subsystem request failed"], "the server has no SFTP", false, "Add 'Subsystem sftp internal-sftp' to the server's sshd_config."),
        new(["Connection refused"], "nothing answers on the server's port", true, "Check the port, and that the ssh server runs."),
        new(["not responding"], "the server does not answer any more", true, "Check the network; the job can be resumed."),
        new(["timed out", "Connection timeout"], "the server does not answer", true, "Check the address, the network and the firewalls between."),
        new(["No route to host", "Network is unreachable"], "there is no way to the server", true, "Check this PC's network."),
        new(["Session open refused"], "the server allows no further session", true, ""),
    ];

    // "Command not found": the server's shell or sshd says so to nobody but by this exit code.
    private const int NotFoundExitCode = 127;

    /// <summary>The reason for an end, from what ssh wrote on standard error and its exit code (the server program's, unless it is 255).</summary>
    internal static SftpEnd Explain(string errors, int? exitCode)
    {
        var known = exitCode == NotFoundExitCode
            ? NoProgram
            : Array.Find(Table, entry => entry.Words.Any(word => errors.Contains(word, StringComparison.OrdinalIgnoreCase)));
        var found = PlainWords.Of(string.Join('\n', errors.Split('\n').Where(IsTelling)));
        return known is null
            ? new SftpEnd("the connection to the server was lost", MayPass: true) { Found = found, Remedy = "Check the network; the job can be resumed." }
            : new SftpEnd(known.What, known.MayPass) { Found = found, Remedy = known.Remedy };
    }

    // Frames of at-signs, and the master's remark about a channel that this program gave up.
    private static bool IsTelling(string line) => !line.StartsWith('@') && !line.Contains("open failed: connect failed", StringComparison.Ordinal);
}
