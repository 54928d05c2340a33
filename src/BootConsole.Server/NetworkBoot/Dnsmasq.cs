// dnsmasq as a child of this program: started with a configuration of ours alone, ended with us.
using BootConsole.Core;
using BootConsole.Host;

namespace BootConsole.Server.NetworkBoot;

/// <summary>A running dnsmasq.</summary>
internal sealed class Dnsmasq : IAsyncDisposable
{
    private static readonly TimeSpan Settling = TimeSpan.FromSeconds(10);

    private readonly PipedProgram _program;

    private Dnsmasq(PipedProgram program) => _program = program;

    /// <summary>Starts it, and waits until it says that it serves.</summary>
    /// <param name="configuration">Its configuration file.</param>
    /// <param name="cancel">Gives it up.</param>
    /// <exception cref="HostFault">It is not installed, or does not start.</exception>
    internal static async Task<Dnsmasq> StartAsync(string configuration, CancellationToken cancel)
    {
        var program = Begin(configuration);
        var started = new Dnsmasq(program);
        var begin = TimeProvider.System.GetTimestamp();
        // It says "started" when everything is bound, and ends at once where something is not.
        while (!program.HasEnded && !program.Errors.Contains("started", StringComparison.Ordinal) && TimeProvider.System.GetElapsedTime(begin) < Settling) await Task.Delay(50, cancel);
        if (!program.HasEnded) return started;
        var fault = await started.EndedAsync();
        await started.DisposeAsync();
        throw fault;
    }

    /// <summary>Waits until it ends, which it does by itself only when something is wrong.</summary>
    /// <returns>Why.</returns>
    internal async Task<HostFault> EndedAsync()
    {
        await _program.WaitForEndAsync(Timeout.InfiniteTimeSpan);
        // Its last line only says that it is over.
        var said = PlainText.Of(_program.Errors.Split('\n').LastOrDefault(line => line.Length > 0 && !line.EndsWith("FAILED to start up", StringComparison.Ordinal)) ?? "nothing");
        return new HostFault("dnsmasq does not run") { Which = "dnsmasq", Found = said, Remedy = "See what it says; 'bootserver serve --print' shows its configuration." };
    }

    /// <summary>What it said so far.</summary>
    internal string Messages => _program.Errors;

    public async ValueTask DisposeAsync()
    {
        _program.Kill();
        await _program.DisposeAsync();
    }

    private static PipedProgram Begin(string configuration)
    {
        try
        {
            return PipedProgram.StartInOwnSession("dnsmasq", ["--keep-in-foreground", "--log-facility=-", $"--conf-file={configuration}"]);
        }
        catch (HostFault missing)
        {
            throw new HostFault("dnsmasq is missing", missing) { Which = "dnsmasq", Remedy = "Install the package dnsmasq-base (not dnsmasq, which starts a name server)." };
        }
    }
}
