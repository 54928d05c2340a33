// A TCP proxy that delays, throttles, cuts and swallows.
using System.Net;
using System.Net.Sockets;

namespace BootConsole.TestKit;

/// <summary>What becomes of a line.</summary>
public enum LineFault
{
    /// <summary>All connections are reset.</summary>
    Reset,

    /// <summary>All connections are closed in order, in the middle of whatever was under way.</summary>
    Close,

    /// <summary>Connections stay, and nothing passes any more.</summary>
    Silence,
}

/// <summary>Stands between a client and a server on the loopback address. All values may be changed while connections run.</summary>
public sealed class TcpFaultProxy : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _closing = new();
    private readonly List<Socket> _sockets = [];
    private readonly List<Task> _pumps = [];
    private readonly Task _accepting;
    private readonly int _targetPort;
    private long _bytesToServer;
    private long _bytesToClient;

    public TcpFaultProxy(int targetPort)
    {
        _targetPort = targetPort;
        _listener.Start();
        _accepting = AcceptAsync();
    }

    /// <summary>The port to connect to.</summary>
    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>Added to each way; a round trip takes twice as long.</summary>
    public TimeSpan DelayEachWay { get; set; }

    /// <summary>Most bytes a second each way; zero for no limit.</summary>
    public long BytesPerSecond { get; set; }

    /// <summary>After so many bytes to the server <see cref="AtLimit"/> strikes.</summary>
    public long CutAfterBytesToServer { get; set; } = long.MaxValue;

    /// <summary>After so many bytes to the client <see cref="AtLimit"/> strikes.</summary>
    public long CutAfterBytesToClient { get; set; } = long.MaxValue;

    /// <summary>What happens at a limit, and to whoever connects after it.</summary>
    public LineFault AtLimit { get; set; } = LineFault.Reset;

    /// <summary>True when a limit was reached since one was set by <see cref="ArmToServer"/> or <see cref="ArmToClient"/>.</summary>
    public bool HasStruck { get; private set; }

    /// <summary>True: connections stay, and nothing passes any more, as on a dead line.</summary>
    public bool IsBlackHole { get; set; }

    /// <summary>Connections that were made so far.</summary>
    public int Connections { get; private set; }

    /// <summary>Bytes that went to the server so far.</summary>
    public long BytesToServer => Interlocked.Read(ref _bytesToServer);

    /// <summary>Bytes that went to the client so far.</summary>
    public long BytesToClient => Interlocked.Read(ref _bytesToClient);

    /// <summary>The line is whole again, and fails after so many more bytes to the server.</summary>
    public void ArmToServer(LineFault fault, long moreBytes)
    {
        lock (_sockets)
        {
            Disarm();
            (AtLimit, CutAfterBytesToServer) = (fault, BytesToServer + moreBytes);
        }
    }

    /// <summary>The line is whole again, and fails after so many more bytes to the client.</summary>
    public void ArmToClient(LineFault fault, long moreBytes)
    {
        lock (_sockets)
        {
            Disarm();
            (AtLimit, CutAfterBytesToClient) = (fault, BytesToClient + moreBytes);
        }
    }

    /// <summary>The line is whole again, and stays so.</summary>
    public void Disarm()
    {
        lock (_sockets) (CutAfterBytesToServer, CutAfterBytesToClient, IsBlackHole, HasStruck) = (long.MaxValue, long.MaxValue, false, false);
    }

    /// <summary>Resets all connections now; new ones are served as before.</summary>
    public void Cut()
    {
        lock (_sockets)
        {
            foreach (var socket in _sockets)
            {
                // A linger of zero makes the close a reset.
                socket.LingerState = new LingerOption(true, 0);
                socket.Dispose();
            }

            _sockets.Clear();
        }
    }

    /// <summary>Closes all connections in order, in the middle of whatever was under way.</summary>
    public void Truncate()
    {
        lock (_sockets)
        {
            foreach (var socket in _sockets) socket.Dispose();
            _sockets.Clear();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _closing.CancelAsync();
        _listener.Dispose();
        await _accepting;
        Cut();
        Task[] pumps;
        lock (_sockets) pumps = [.. _pumps];
        await Task.WhenAll(pumps);
        _closing.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                var client = await _listener.AcceptSocketAsync(_closing.Token);
                var server = new Socket(SocketType.Stream, ProtocolType.Tcp);
                try
                {
                    await server.ConnectAsync(IPAddress.Loopback, _targetPort, _closing.Token);
                }
                catch (SocketException)
                {
                    client.Dispose();
                    server.Dispose();
                    continue;
                }

                (client.NoDelay, server.NoDelay) = (true, true);
                lock (_sockets)
                {
                    Connections++;
                    _sockets.AddRange([client, server]);
                    _pumps.Add(new TcpFaultPump(client, server, this, toServer: true).RunAsync(_closing.Token));
                    _pumps.Add(new TcpFaultPump(server, client, this, toServer: false).RunAsync(_closing.Token));
                }
            }
        }
        catch (Exception cause) when (cause is OperationCanceledException or ObjectDisposedException or SocketException)
        {
            // Disposed.
        }
    }

    /// <summary>Does what is to happen at a limit, unless the line was made whole meanwhile.</summary>
    internal void Strike()
    {
        lock (_sockets)
        {
            if (BytesToServer <= CutAfterBytesToServer && BytesToClient <= CutAfterBytesToClient) return;
            HasStruck = true;
            switch (AtLimit)
            {
                case LineFault.Reset: Cut(); break;
                case LineFault.Close: Truncate(); break;
                default: IsBlackHole = true; break;
            }
        }
    }

    /// <summary>Counts bytes that are about to pass.</summary>
    /// <returns>How many of them may still pass.</returns>
    internal int Admit(int count, bool toServer)
    {
        var total = toServer ? Interlocked.Add(ref _bytesToServer, count) : Interlocked.Add(ref _bytesToClient, count);
        var limit = toServer ? CutAfterBytesToServer : CutAfterBytesToClient;
        return total <= limit ? count : (int)Math.Max(0, count - (total - limit));
    }
}
