// ssh-keygen: makes keys, certificates and lists of revoked ones.
using BootConsole.Core;
using BootConsole.Host;

namespace BootConsole.Server.Certificates;

/// <summary>Calls of ssh-keygen.</summary>
internal sealed class SshKeygen(IProgramRunner programs)
{
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(30);

    /// <summary>Makes an Ed25519 key pair without a password: <paramref name="path"/> and <c>path.pub</c>.</summary>
    /// <param name="path">A file that is not there.</param>
    /// <param name="comment">What people see behind the public key.</param>
    /// <param name="cancel">Ends the attempt.</param>
    /// <exception cref="HostFault">It is not installed, or fails.</exception>
    internal Task<string> MakeKeyAsync(string path, string comment, CancellationToken cancel) => RunAsync("a key cannot be made", ["-q", "-t", "ed25519", "-N", "", "-C", comment, "-f", path], cancel);

    /// <summary>The public key of a private one, as a line.</summary>
    internal async Task<string> PublicKeyAsync(string privateKey, CancellationToken cancel) => (await RunAsync("a private key cannot be read", ["-y", "-f", privateKey], cancel)).TrimEnd('\n');

    /// <summary>Signs a public key in a folder of its own, so that nothing is left beside it.</summary>
    /// <param name="publicKey">The public key, as a line of OpenSSH.</param>
    /// <param name="arguments">ssh-keygen's options, without the file.</param>
    /// <param name="cancel">Ends the attempt.</param>
    /// <returns>The certificate, as a line.</returns>
    internal async Task<string> SignAsync(string publicKey, IReadOnlyList<string> arguments, CancellationToken cancel)
    {
        var folder = Directory.CreateTempSubdirectory("bootserver-");
        try
        {
            var key = Path.Combine(folder.FullName, "key.pub");
            await File.WriteAllTextAsync(key, publicKey.TrimEnd('\n') + "\n", cancel);
            await RunAsync("a certificate cannot be made", ["-q", .. arguments, key], cancel);
            return (await File.ReadAllTextAsync(Path.Combine(folder.FullName, "key-cert.pub"), cancel)).TrimEnd('\n');
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    /// <summary>Runs it.</summary>
    /// <param name="what">What fails when it does.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <param name="cancel">Ends the attempt.</param>
    /// <returns>Its standard output.</returns>
    /// <exception cref="HostFault">It is not installed, or fails.</exception>
    internal async Task<string> RunAsync(string what, IReadOnlyList<string> arguments, CancellationToken cancel)
    {
        // It reads and writes times in the time zone of the machine.
        var call = new ProgramCall("ssh-keygen", arguments) { Limit = Longest, Environment = new Dictionary<string, string> { ["TZ"] = "UTC" }, Input = "" };
        var result = await programs.RunAsync(call, cancel);
        return result.Succeeded ? result.Output : throw new HostFault(what) { Which = "ssh-keygen", Found = result.TimedOut ? "no answer" : PlainText.Of(result.Error.Trim()), Remedy = "Run 'bootserver doctor'." };
    }
}
