// The real zstd program reads what we write, and we read what it writes.
using BootConsole.Host;
using BootConsole.TestKit;

namespace BootConsole.Codec.Tests.Zstd;

public sealed class ZstdProgramTests : IDisposable
{
    private readonly TempFolder _folder = new();

    [Fact]
    public async Task Frames_one_after_the_other_decode_to_the_whole_content()
    {
        using var zstd = new ZstdTransform(3);
        using var uniform = new UniformFrames();
        using var stored = new MemoryStream();
        using var plain = new MemoryStream();
        foreach (var length in new[] { 1 << 20, 1, 4 << 20, 300_000, 65_536 })
        {
            var chunk = SampleContent.Typical(length, length);
            plain.Write(chunk);
            stored.Write(ZstdTransformTests.Apply(zstd, chunk));
            plain.Write(new byte[1 << 20]);
            stored.Write(uniform.Get(0, 1 << 20).Stored.Span);
        }

        await File.WriteAllBytesAsync(_folder["disk.zst"], stored.ToArray());
        await RunZstd("-d", "-q", _folder["disk.zst"], "-o", _folder["disk"]);
        Assert.Equal(plain.ToArray(), await File.ReadAllBytesAsync(_folder["disk"]));
    }

    [Theory]
    [InlineData("-1")]
    [InlineData("-3")]
    [InlineData("-19")]
    public async Task A_frame_of_the_zstd_program_is_read_with_or_without_its_checksum(string level)
    {
        var plain = SampleContent.Typical(4, 700_000);
        await File.WriteAllBytesAsync(_folder["plain"], plain);
        await RunZstd(level, "-q", "--no-check", _folder["plain"], "-o", _folder["without.zst"]);
        await RunZstd(level, "-q", "--check", _folder["plain"], "-o", _folder["with.zst"]);
        using var zstd = new ZstdTransform(3);
        foreach (var name in new[] { "without.zst", "with.zst" })
        {
            var again = new byte[plain.Length];
            zstd.Undo(await File.ReadAllBytesAsync(_folder[name]), again);
            Assert.Equal(plain, again);
        }
    }

    public void Dispose() => _folder.Dispose();

    private static async Task RunZstd(params string[] arguments)
    {
        var result = await new ProgramRunner().RunAsync(new ProgramCall("zstd", arguments), CancellationToken.None);
        Assert.True(result.Succeeded, result.Error);
    }
}
