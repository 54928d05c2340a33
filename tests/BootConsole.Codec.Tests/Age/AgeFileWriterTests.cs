// Writing in pieces: the layout, the memory, and what cannot be done twice.
using BootConsole.Core;

namespace BootConsole.Codec.Tests.Age;

public sealed class AgeFileWriterTests : IDisposable
{
    private readonly X25519Identity _identity = X25519Identity.MakeRandom();

    public static TheoryData<int> Lengths => [0, 1, 65_535, 65_536, 65_537, 131_072, 131_073, 15 * 65_536, 15 * 65_536 + 1, 2_000_000];

    [Theory]
    [MemberData(nameof(Lengths))]
    public void Any_splitting_into_pieces_gives_a_file_of_the_same_layout_that_opens(int length)
    {
        var plain = SampleContent.Random(length, length);
        foreach (var most in new[] { 1000, 65_536, 65_537, 300_000, int.MaxValue })
        {
            var file = Write(plain, most, out var startBytes, out var storedBytes);
            Assert.Equal(storedBytes, file.Length);
            Assert.Equal(new AgeLayout(startBytes, length).StoredBytes, file.Length);
            Assert.Equal(plain, AgeFile.Open(file, _identity));
        }
    }

    [Fact]
    public void Two_files_of_the_same_content_share_neither_key_nor_nonce()
    {
        byte[] first = AgeFile.Seal(new byte[100], _identity.Recipient), second = AgeFile.Seal(new byte[100], _identity.Recipient);
        Assert.Equal(first.Length, second.Length);
        Assert.NotEqual(first[^116..], second[^116..]);
        Assert.NotEqual(first[^132..^116], second[^132..^116]);
    }

    [Fact]
    public void Each_of_several_recipients_opens_the_file_and_a_stranger_does_not()
    {
        using X25519Identity second = X25519Identity.MakeRandom(), stranger = X25519Identity.MakeRandom();
        var file = AgeFile.Seal("hello"u8, _identity.Recipient, second.Recipient);
        Assert.Equal("hello"u8.ToArray(), AgeFile.Open(file, _identity));
        Assert.Equal("hello"u8.ToArray(), AgeFile.Open(file, stranger, second));
        Assert.Throws<KeyFault>(() => AgeFile.Open(file, stranger));
        Assert.Throws<KeyFault>(() => AgeFile.Open(file));
    }

    [Fact]
    public void Sealing_allocates_nothing_on_the_heap()
    {
        using var writer = new AgeFileWriter(_identity.Recipient);
        var plain = SampleContent.Random(1, 700_000);
        var stored = new byte[AgeFileWriter.MaxSealed(plain.Length)];
        writer.Seal(plain, stored);
        // When another thread begins a collection, what is left of this one's buffer counts as allocated: hence the least of a few.
        var least = long.MaxValue;
        for (var round = 0; round < 5 && least > 0; round++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            for (var i = 0; i < 50; i++) writer.Seal(plain, stored);
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        Assert.Equal(0, least);
    }

    [Fact]
    public void A_finished_or_disposed_writer_takes_nothing_more()
    {
        var stored = new byte[AgeFileWriter.MaxSealed(10)];
        using var writer = new AgeFileWriter(_identity.Recipient);
        Assert.Throws<ArgumentException>(() => writer.Seal(new byte[10], stored.AsSpan(1)));
        writer.Finish(stored);
        Assert.Throws<InvalidOperationException>(() => writer.Finish(stored));
        Assert.Throws<InvalidOperationException>(() => writer.Seal(new byte[10], stored));
        var disposed = new AgeFileWriter(_identity.Recipient);
        disposed.Dispose();
        Assert.Throws<InvalidOperationException>(() => disposed.Finish(stored));
    }

    [Fact]
    public void A_recipient_of_low_order_is_not_a_key()
    {
        var text = new byte[62];
        Bech32.Encode(new byte[32], "age"u8, text);
        var recipient = X25519Recipient.Parse(System.Text.Encoding.ASCII.GetString(text));
        Assert.Throws<KeyFault>(() => new AgeFileWriter(recipient));
    }

    [Fact]
    public void Secrets_are_gone_after_dispose()
    {
        var secret = new SecretBytes("key material"u8);
        var bytes = secret.Span;
        secret.Dispose();
        Assert.False(bytes.ContainsAnyExcept((byte)0));
        Assert.Throws<ObjectDisposedException>(() => secret.Span.Length);
        var identity = X25519Identity.MakeRandom();
        var file = AgeFile.Seal("x"u8, identity.Recipient);
        identity.Dispose();
        Assert.Throws<ObjectDisposedException>(() => AgeFile.Open(file, identity));
    }

    public void Dispose() => _identity.Dispose();

    private byte[] Write(byte[] plain, int mostAtOnce, out int startBytes, out long storedBytes)
    {
        using var writer = new AgeFileWriter(_identity.Recipient);
        using var file = new MemoryStream();
        file.Write(writer.Start.Span);
        var random = new Random(mostAtOnce);
        for (var start = 0; start < plain.Length;)
        {
            var count = Math.Min(plain.Length - start, mostAtOnce == int.MaxValue ? mostAtOnce : random.Next(1, mostAtOnce + 1));
            var stored = new byte[AgeFileWriter.MaxSealed(count)];
            file.Write(stored, 0, writer.Seal(plain.AsSpan(start, count), stored));
            start += count;
        }

        startBytes = writer.Start.Length;
        storedBytes = writer.StoredBytes;
        Assert.Equal(plain.Length, writer.PlainBytes);
        var last = new byte[AgeFileWriter.MaxSealed(0)];
        file.Write(last, 0, writer.Finish(last));
        return file.ToArray();
    }
}
