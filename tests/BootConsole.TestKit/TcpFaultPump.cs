// One direction of one proxied connection.
using System.Diagnostics;
using System.Net.Sockets;
using System.Threading.Channels;

namespace BootConsole.TestKit;

/// <summary>Reads from one socket and writes to the other, each piece not before its time. Reading goes on while pieces wait, so that a delay does not limit the rate.</summary>
internal sealed class TcpFaultPump(Socket from, Socket to, TcpFaultProxy proxy, bool toServer)
{
    private const int PieceBytes = 64 << 10;

    // 256 MiB under way at most: more than any line of a test holds.
    private readonly Channel<(long DueTicks, byte[] Piece)> _line = Channel.CreateBounded<(long, byte[])>(4096);
    private readonly long _startedAt = Stopwatch.GetTimestamp();
    private double _sentSeconds;

    internal async Task RunAsync(CancellationToken cancel) => await Task.WhenAll(Task.Run(() => ReadAsync(cancel), CancellationToken.None), Task.Run(() => WriteAsync(cancel), CancellationToken.None));

    private async Task ReadAsync(CancellationToken cancel)
    {
        var buffer = new byte[PieceBytes];
        try
        {
            int count;
            while ((count = await from.ReceiveAsync(buffer, cancel)) > 0)
                await _line.Writer.WriteAsync((Stopwatch.GetTimestamp() + (long)(proxy.DelayEachWay.TotalSeconds * Stopwatch.Frequency), buffer[..count]), cancel);
        }
        catch (Exception cause) when (cause is SocketException or ObjectDisposedException or OperationCanceledException)
        {
            // The other direction, or the test, has ended it.
        }

        _line.Writer.TryComplete();
    }

    private async Task WriteAsync(CancellationToken cancel)
    {
        try
        {
            await foreach (var (due, piece) in _line.Reader.ReadAllAsync(cancel))
            {
                await WaitUntilAsync(due, cancel);
                if (proxy.BytesPerSecond > 0) await ThrottleAsync(piece.Length, cancel);
                if (proxy.IsBlackHole) continue;
                var admitted = proxy.Admit(piece.Length, toServer);
                for (var sent = 0; sent < admitted;) sent += await to.SendAsync(piece.AsMemory(sent, admitted - sent), cancel);
                if (admitted < piece.Length) proxy.Strike();
            }

            to.Shutdown(SocketShutdown.Send);
        }
        catch (Exception cause) when (cause is SocketException or ObjectDisposedException or OperationCanceledException)
        {
            // Gone.
        }
    }

    private async Task ThrottleAsync(int count, CancellationToken cancel)
    {
        var now = Stopwatch.GetElapsedTime(_startedAt).TotalSeconds;
        _sentSeconds = Math.Max(_sentSeconds, now) + (count / (double)proxy.BytesPerSecond);
        await WaitUntilAsync(_startedAt + (long)(_sentSeconds * Stopwatch.Frequency), cancel);
    }

    private static async Task WaitUntilAsync(long due, CancellationToken cancel)
    {
        var left = (due - Stopwatch.GetTimestamp()) / (double)Stopwatch.Frequency;
        if (left > 0) await Task.Delay(TimeSpan.FromSeconds(left), cancel);
    }
}
