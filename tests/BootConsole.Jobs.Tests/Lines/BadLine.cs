// A line to a server that fails some times after random bytes, each time in another way.
using BootConsole.TestKit;

namespace BootConsole.Jobs.Tests.Lines;

/// <summary>A proxy that is armed anew whenever somebody repairs it, until it has failed often enough.</summary>
internal sealed class BadLine : IAsyncDisposable
{
    // A login that is met by silence waits for ssh's own time limit: that is another test's.
    private const int MostCuts = 3, LoginBytes = 20_000;

    private readonly TcpFaultProxy _proxy;
    private readonly Random _random;
    private readonly int _bytesToServer, _bytesToClient;
    private int _cuts;

    /// <param name="port">The server's.</param>
    /// <param name="random">For moments, ways and delay.</param>
    /// <param name="bytesToServer">About so many go there in one run.</param>
    /// <param name="bytesToClient">About so many come back.</param>
    internal BadLine(int port, Random random, int bytesToServer, int bytesToClient)
    {
        (_random, _bytesToServer, _bytesToClient) = (random, bytesToServer, bytesToClient);
        _proxy = new TcpFaultProxy(port) { DelayEachWay = TimeSpan.FromMilliseconds(random.Next(3)) };
        Arm();
    }

    /// <summary>The port to connect to.</summary>
    internal int Port => _proxy.Port;

    /// <summary>How often it has failed; the last time perhaps when nobody waited for anything any more.</summary>
    internal int Cuts => _cuts + (_proxy.HasStruck ? 1 : 0);

    /// <summary>Makes it whole when it has failed. Several that wait for one line all call for it.</summary>
    internal Task RepairAsync()
    {
        if (!_proxy.HasStruck) return Task.CompletedTask;
        if (++_cuts < MostCuts) Arm();
        else _proxy.Disarm();
        return Task.CompletedTask;
    }

    public ValueTask DisposeAsync() => _proxy.DisposeAsync();

    private void Arm()
    {
        var fault = (LineFault)_random.Next(3);
        var least = fault == LineFault.Silence ? LoginBytes : 1;
        // More often in the way that most bytes go.
        if (_random.Next(4) == 0 ^ _bytesToServer > _bytesToClient) _proxy.ArmToServer(fault, _random.Next(least, _bytesToServer));
        else _proxy.ArmToClient(fault, _random.Next(least, _bytesToClient));
    }
}
