// An SFTP server in memory whose answers a test can hold back, change and spoil.
using System.Buffers.Binary;
using BootConsole.Core;
using BootConsole.Stores.Sftp;

namespace BootConsole.Stores.Tests.Sftp;

/// <summary>What a fake server is like.</summary>
internal sealed record FakeServerOptions
{
    internal static readonly (string, string)[] AllExtensions =
        [("posix-rename@openssh.com", "1"), ("statvfs@openssh.com", "2"), ("hardlink@openssh.com", "1"), ("fsync@openssh.com", "1"), ("limits@openssh.com", "1")];

    internal IReadOnlyList<(string Name, string Version)> Extensions { get; init; } = AllExtensions;

    internal ulong BlockBytes { get; init; } = 261120;

    internal ulong FreeBlocks { get; init; } = 1 << 19;

    /// <summary>Most bytes given for one READ.</summary>
    internal int MostReadBytes { get; init; } = int.MaxValue;

    internal bool ListsForEver { get; init; }

    /// <summary>Names that stand in every listing, whatever they are.</summary>
    internal IReadOnlyList<string> MoreNames { get; init; } = [];

    internal Func<long, bool> RefusesWriteAt { get; init; } = _ => false;
}

/// <summary>A request and its answer.</summary>
/// <param name="Channel">Number of the channel, from zero.</param>
/// <param name="Request">The request from its type on.</param>
/// <param name="Answer">The answer with its length field.</param>
/// <param name="SendLate">Sends an answer that was held back.</param>
internal sealed record FakeExchange(int Channel, byte[] Request, byte[] Answer, Action<byte[]> SendLate)
{
    /// <summary>The type of the request.</summary>
    internal SftpPacketType Type => (SftpPacketType)Request[0];

    /// <summary>True for an extended request of this name.</summary>
    internal bool IsExtended(string name) => Type == SftpPacketType.Extended && Request.AsSpan(9).StartsWith(System.Text.Encoding.UTF8.GetBytes(name));
}

/// <summary>The server; each pipe is a channel of its own over the same files.</summary>
internal sealed class FakeSftpServer(FakeServerOptions options) : ISftpLink
{
    private readonly Dictionary<string, List<byte>?> _files = new() { ["/store"] = null };
    private readonly List<SftpWay> _asked = [];
    private int _pipes;

    /// <summary>What is sent for an answer: usually the answer itself; null to end the connection.</summary>
    internal Func<FakeExchange, IEnumerable<byte[]?>> Send { get; set; } = exchange => [exchange.Answer];

    /// <summary>Puts a file on the server; null for a folder.</summary>
    internal void Put(string path, byte[]? bytes) => _files[path] = bytes?.ToList();

    /// <summary>The bytes of a file on the server.</summary>
    internal byte[] BytesOf(string path)
    {
        lock (_files) return [.. _files[path]!];
    }

    /// <summary>Channels on the connection beyond so many are refused.</summary>
    internal int MostPipes { get; init; } = 100;

    /// <summary>Connections for one channel beyond so many are refused.</summary>
    internal int MostSeparatePipes { get; init; }

    /// <summary>The ways in which channels were asked for.</summary>
    internal IReadOnlyList<SftpWay> Asked
    {
        get { lock (_asked) return [.. _asked]; }
    }

    public string Description => "sftp://fake/store";

    public TimeSpan OpeningLimit => TimeSpan.FromSeconds(30);

    internal Task<SftpStore> OpenAsync(StoreAccess access = StoreAccess.Write) => SftpStore.OpenAsync(this, "/store", access, IfMissing.Refuse, CancellationToken.None);

    public ISftpPipe OpenPipe(SftpWay way)
    {
        lock (_asked)
        {
            _asked.Add(way);
            var granted = _asked.Count(other => other == way) <= (way == SftpWay.Shared ? MostPipes : MostSeparatePipes);
            return granted ? new Pipe(new FakeServerFiles(_files, options), this, _pipes++) : throw new RefusedFault("no more");
        }
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private sealed class Pipe(FakeServerFiles files, FakeSftpServer server, int number) : ISftpPipe
    {
        private readonly MemoryPipe _answers = new();
        private RequestStream? _requests;

        public Stream Input => _requests ??= new RequestStream(this);

        public Stream Output => _answers;

        public void Kill() => _answers.End();

        public SftpEnd ExplainEnd() => new("the fake server is gone", MayPass: true);

        public ValueTask DisposeAsync()
        {
            Kill();
            return ValueTask.CompletedTask;
        }

        private void Deliver(byte[] answer) => _answers.Write(answer, 0, answer.Length);

        internal void Take(byte[] request)
        {
            foreach (var packet in server.Send(new FakeExchange(number, request, files.Answer(request), Deliver)))
            {
                if (packet is null) _answers.End();
                else Deliver(packet);
            }
        }
    }

    /// <summary>Cuts what the client writes into requests and has each answered at once, on the client's sending thread.</summary>
    private sealed class RequestStream(Pipe pipe) : Stream
    {
        private readonly List<byte> _bytes = [];

        public override bool CanRead => false;

        public override bool CanWrite => true;

        public override bool CanSeek => false;

        public override long Length => throw new NotSupportedException();

        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

        public override void Write(byte[] buffer, int offset, int count)
        {
            _bytes.AddRange(buffer.AsSpan(offset, count));
            while (_bytes.Count >= 4)
            {
                var length = (int)BinaryPrimitives.ReadUInt32BigEndian(_bytes.GetRange(0, 4).ToArray());
                if (_bytes.Count < 4 + length) return;
                var request = _bytes.GetRange(4, length).ToArray();
                _bytes.RemoveRange(0, 4 + length);
                pipe.Take(request);
            }
        }

        public override void Flush() { }

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();
    }
}
