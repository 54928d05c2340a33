// Programs of a server in a virtual PC, for code that runs programs.
using BootConsole.Host;

namespace BootConsole.Appliance.VmTests.Pc;

/// <summary>Runs programs on the server by ssh, as root.</summary>
internal sealed class ServerPrograms(ServerPc server) : IProgramRunner
{
    /// <inheritdoc/>
    public Task<ProgramResult> RunAsync(ProgramCall call, CancellationToken cancel) => new ProgramRunner().RunAsync(
        call with
        {
            Program = "ssh",
            // The far end gives the words to a shell.
            Arguments =
            [
                "-F", "none", "-o", "BatchMode=yes", "-o", $"UserKnownHostsFile={server.KnownHosts}", "-o", $"IdentityFile={server.Identity}", "-o", "IdentitiesOnly=yes", "-p", $"{server.Port}", "root@127.0.0.1", "--",
                .. call.Arguments.Prepend(call.Program).Select(word => $"'{word.Replace("'", "'\\''", StringComparison.Ordinal)}'"),
            ],
        },
        cancel);

    /// <summary>Runs a line of the shell there; it has to succeed.</summary>
    internal async Task<string> DoAsync(string line, string? input = null)
    {
        var result = await RunAsync(new ProgramCall("sh", "-c", line) { Input = input }, CancellationToken.None);
        return result.Succeeded ? result.Output : throw new InvalidOperationException($"{line}: {result}");
    }
}
