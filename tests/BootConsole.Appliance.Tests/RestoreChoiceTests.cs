// The choices of a restore, with the real program on files and loop devices.
using System.Globalization;
using System.Text.Json;
using BootConsole.TestKit;

namespace BootConsole.Appliance.Tests;

public sealed class RestoreChoiceTests(SampleStore sample) : IClassFixture<SampleStore>
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_restore_of_differences_fetches_and_writes_what_was_changed_alone(bool isDevice)
    {
        var file = sample.NewDisk(SampleStore.DiskBytes);
        using var loop = isDevice ? LoopDisk.Attach(file) : null;
        var (target, token) = loop is null ? (file, file) : (loop.Path, string.Create(CultureInfo.InvariantCulture, $"{loop.Path}:{SampleStore.DiskBytes}"));
        Restore(target, token).Succeeds();
        var before = Content.Hash(target);
        var same = Counts(target, token);
        Assert.Equal((0, 0), (Number(same, "fetchedBytes"), Number(same, "writtenBytes")));
        Assert.InRange(Number(same, "comparedBytes"), 13 << 20, SampleStore.DiskBytes);
        Change(target, SampleStore.LinuxStart + SampleStore.LinuxBytes + (3 << 20) + 5);
        var changed = Counts(target, token);
        Assert.Equal(1 << 20, Number(changed, "writtenBytes"));
        Assert.InRange(Number(changed, "fetchedBytes"), 1, 2 << 20);
        Assert.Equal(before, Content.Hash(target));
        var words = Restore(target, token, "--only-differences").Succeeds().Output;
        Assert.Contains("only chunks that differ are fetched and written", words, StringComparison.Ordinal);
        Assert.Contains("0 B fetched, 0 B written", words, StringComparison.Ordinal);
    }

    [Fact]
    public void A_restore_of_differences_into_a_new_file_writes_everything()
    {
        var (full, target) = (sample.NewPath(".img"), sample.NewPath(".img"));
        Restore(full, "").Succeeds();
        Restore(target, "", "--only-differences").Succeeds();
        Assert.Equal(Content.Hash(full), Content.Hash(target));
    }

    private Run Restore(string target, string token, params string[] more) =>
        Bootconsole.Run(["restore", "--store", sample.Store, "latest", "--disk", target, .. token.Length > 0 ? ["--yes-overwrite", token] : (string[])[], .. more]);

    private JsonElement Counts(string target, string token)
    {
        var document = Restore(target, token, "--only-differences", "--json").Succeeds().Document;
        DocumentedJson.Section("job").Check(document);
        return document.GetProperty("counts");
    }

    private static long Number(JsonElement counts, string name) => counts.GetProperty(name).GetInt64();

    private static void Change(string disk, long position)
    {
        using var stream = new FileStream(disk, FileMode.Open, FileAccess.ReadWrite);
        stream.Position = position;
        var value = stream.ReadByte();
        stream.Position--;
        stream.WriteByte((byte)(value ^ 1));
        stream.Flush(flushToDisk: true);
    }
}
