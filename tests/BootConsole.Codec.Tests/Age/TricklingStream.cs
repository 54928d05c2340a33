// A stream that gives one byte at a time, as a slow pipe may.
namespace BootConsole.Codec.Tests.Age;

internal sealed class TricklingStream(byte[] content) : MemoryStream(content)
{
    public override int Read(Span<byte> buffer) => base.Read(buffer[..Math.Min(1, buffer.Length)]);

    public override int Read(byte[] buffer, int offset, int count) => base.Read(buffer, offset, Math.Min(1, count));

    public override ValueTask<int> ReadAsync(Memory<byte> destination, CancellationToken cancellationToken = default) => ValueTask.FromResult(Read(destination.Span));
}
