// A base that is missing, damaged, or not what its record says.
using BootConsole.Core;
using BootConsole.Media.Bases;
using BootConsole.TestKit;

namespace BootConsole.Media.Tests;

public sealed class BaseFolderTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_whole_base_opens()
    {
        var made = BaseFolder.Open(SampleBase.Make(_folder["base"]));
        Assert.Equal(("0.1.0", "6.1.0-56-amd64", 1_000_000L), (made.Version, made.KernelRelease, made.Bytes));
    }

    [Theory]
    [InlineData("vmlinuz")]
    [InlineData("base.img")]
    [InlineData("base.json")]
    public void A_missing_file_is_refused(string name)
    {
        File.Delete(Path.Combine(SampleBase.Make(_folder["base"]), name));
        Assert.Equal(_folder[$"base/{name}"], Assert.Throws<RefusedFault>(() => BaseFolder.Open(_folder["base"])).Which);
    }

    [Theory]
    [InlineData("vmlinuz")]
    [InlineData("base.img")]
    public void A_flipped_bit_is_refused(string name)
    {
        var file = Path.Combine(SampleBase.Make(_folder["base"]), name);
        var bytes = File.ReadAllBytes(file);
        bytes[^1] ^= 1;
        File.WriteAllBytes(file, bytes);
        Assert.Equal(file, Assert.Throws<RefusedFault>(() => BaseFolder.Open(_folder["base"])).Which);
    }

    [Fact]
    public void A_root_that_the_settings_could_not_follow_is_refused()
    {
        SampleBase.Make(_folder["base"], rootBytes: 700_001);
        Assert.Contains("multiple of 4", Assert.Throws<RefusedFault>(() => BaseFolder.Open(_folder["base"])).Expected, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("{\"built\":\"2026-11-20T10:00:00Z\"}")]
    [InlineData("{\"built\":\"2026-11-20T10:00:00Z\",\"files\":{\"vmlinuz\":null}}")]
    [InlineData("{\"built\":\"1970-01-01T00:00:00Z\",\"files\":{}}")]
    public void A_record_that_is_none_is_refused(string json)
    {
        File.WriteAllText(Path.Combine(SampleBase.Make(_folder["base"]), "base.json"), json);
        Assert.Throws<RefusedFault>(() => BaseFolder.Open(_folder["base"]));
    }
}
