// How much memory age files take. Nothing else runs meanwhile, as it would be counted.
using System.IO.Pipelines;
using BootConsole.Core;

namespace BootConsole.Codec.Tests.Age;

[CollectionDefinition(nameof(Alone), DisableParallelization = true)]
public sealed class Alone;

[Collection(nameof(Alone))]
public sealed class AgeMemoryTests : IDisposable
{
    private readonly X25519Identity _identity = X25519Identity.MakeRandom();

    [Fact]
    public async Task Long_streams_pass_in_constant_memory()
    {
        const long length = 200 << 20;
        var plain = new EndlessZeros(length);
        using var counter = new CountingStream();
        var pipe = new Pipe(new PipeOptions(pauseWriterThreshold: 1 << 20, resumeWriterThreshold: 1 << 19));
        GC.Collect();
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var encrypting = Task.Run(async () =>
        {
            await AgeFile.EncryptAsync(plain, pipe.Writer.AsStream(), [_identity.Recipient], CancellationToken.None);
            await pipe.Writer.CompleteAsync();
        });
        await AgeFile.DecryptAsync(pipe.Reader.AsStream(), counter, [_identity], CancellationToken.None);
        await encrypting;
        Assert.Equal(length, counter.Bytes);
        Assert.InRange(GC.GetTotalMemory(forceFullCollection: true) - before, long.MinValue, 32 << 20);
    }

    [Fact]
    public void A_work_factor_that_needs_more_memory_than_is_free_is_refused_before_it_is_taken()
    {
        var file = new AgeVector().Version().Scrypt(logText: "20").Mac().Payload().File;
        using var identity = new PasswordIdentity("password"u8, new ScryptLimits { AvailableBytes = () => (1L << 30) - 1 });
        var before = Environment.WorkingSet;
        var fault = Assert.Throws<RefusedFault>(() => AgeFile.Open(file, identity));
        Assert.Contains("1.00 GiB", fault.Expected, StringComparison.Ordinal);
        Assert.InRange(Environment.WorkingSet - before, long.MinValue, 200L << 20);
    }

    public void Dispose() => _identity.Dispose();

    private sealed class EndlessZeros(long length) : MemoryStream
    {
        private long _left = length;

        public override ValueTask<int> ReadAsync(Memory<byte> destination, CancellationToken cancellationToken = default)
        {
            var count = (int)Math.Min(_left, destination.Length);
            destination.Span[..count].Clear();
            _left -= count;
            return ValueTask.FromResult(count);
        }
    }

    private sealed class CountingStream : MemoryStream
    {
        internal long Bytes { get; private set; }

        public override ValueTask WriteAsync(ReadOnlyMemory<byte> source, CancellationToken cancellationToken = default)
        {
            Assert.False(source.Span.ContainsAnyExcept((byte)0));
            Bytes += source.Length;
            return ValueTask.CompletedTask;
        }
    }
}
