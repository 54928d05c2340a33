// The archives that the kernel unpacks, against golden bytes, against the program cpio, and against damage.
using System.Text;
using BootConsole.Core;
using BootConsole.Media.Cpio;
using BootConsole.TestKit;
using FsCheck;
using FsCheck.Fluent;

namespace BootConsole.Media.Tests;

public sealed class CpioArchiveTests
{
    private static readonly Gen<CpioEntry> Files =
        from folders in Gen.Elements("etc", "a-b", "a", "ä", "with blank").ListOf()
        from name in Gen.Elements("x", "y.toml", "z-cert.pub", "ü")
        from number in Gen.Choose(0, 999)
        from content in Gen.Choose(0, 255).Select(value => (byte)value).ArrayOf()
        from isPrivate in Gen.Elements(true, false)
        let path = string.Join('/', [.. folders.Take(4), $"{name}{number}"])
        select isPrivate ? CpioEntry.PrivateFile(path, content) : CpioEntry.PublicFile(path, content);

    private static readonly Gen<IReadOnlyList<CpioEntry>> Sets = Files.ListOf().Select(files => (IReadOnlyList<CpioEntry>)[.. files.DistinctBy(file => file.Name)]);

    [Fact]
    public void An_archive_has_the_bytes_that_the_kernel_documents()
    {
        var header = "070701" + "00000001" + "000041ED" + "00000000" + "00000000" + "00000002" + "00000000" + "00000000" + "00000000" + "00000000" + "00000000" + "00000000" + "00000004" + "00000000";
        var file = "070701" + "00000002" + "00008180" + "00000000" + "00000000" + "00000001" + "00000000" + "00000003" + "00000000" + "00000000" + "00000000" + "00000000" + "00000006" + "00000000";
        var trailer = "070701" + "00000000" + "00000000" + "00000000" + "00000000" + "00000001" + "00000000" + "00000000" + "00000000" + "00000000" + "00000000" + "00000000" + "0000000B" + "00000000";
        var expected = header + "etc\0" + "\0\0" + file + "etc/k\0" + "key\0" + trailer + "TRAILER!!!\0" + "\0\0\0";
        Assert.Equal(expected, Encoding.ASCII.GetString(CpioArchive.Write([CpioEntry.PrivateFile("etc/k", "key"u8.ToArray())])));
    }

    [Fact]
    public void What_is_written_reads_back_the_same_whatever_the_order() => Check(Sets, files =>
    {
        var archive = CpioArchive.Write(files);
        var read = CpioArchive.Read(archive);
        return archive.Length % 4 == 0
            && archive.AsSpan().SequenceEqual(CpioArchive.Write(files.Reverse()))
            && read.Where(entry => !entry.IsFolder).OrderBy(entry => entry.Name, StringComparer.Ordinal).Select(Text).SequenceEqual(files.OrderBy(file => file.Name, StringComparer.Ordinal).Select(Text))
            && read.All(entry => IsBehindItsFolder(read, entry));
    });

    [Fact]
    public void The_program_cpio_unpacks_it()
    {
        using var folder = new TempFolder();
        File.WriteAllBytes(folder["pc.img"], CpioArchive.Write([CpioEntry.PrivateFile("etc/bootconsole/ü key", "secret"u8.ToArray()), CpioEntry.PublicFile("etc/x.toml", "x = 1\n"u8.ToArray())]));
        SystemTool.Run("cpio", "--quiet", "-i", "-D", folder.Path, "-F", folder["pc.img"]);
        Assert.Equal("secret", File.ReadAllText(folder["etc/bootconsole/ü key"]));
        Assert.Equal("x = 1\n", File.ReadAllText(folder["etc/x.toml"]));
        Assert.Equal("600\n", SystemTool.Run("stat", "-c", "%a", folder["etc/bootconsole/ü key"]));
        Assert.Contains("drwxr-xr-x   2 root     root            0 Jan  1  1970 etc/bootconsole", SystemTool.Run("cpio", "--quiet", "-itv", "-F", folder["pc.img"]), StringComparison.Ordinal);
    }

    [Fact]
    public void A_damaged_archive_is_a_fault_and_nothing_else()
    {
        var archive = CpioArchive.Write([CpioEntry.PublicFile("etc/a", new byte[50]), CpioEntry.PublicFile("etc/b", new byte[7])]);
        for (var length = 0; length < archive.Length - 3; length++) Assert.Throws<CorruptFault>(() => CpioArchive.Read(archive.AsMemory(0, length)));
        var random = new Random(3);
        for (var round = 0; round < 3000; round++)
        {
            var mutated = archive.ToArray();
            mutated[random.Next(mutated.Length)] = (byte)random.Next(256);
            try { CpioArchive.Read(mutated); } catch (CorruptFault) { }
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("/etc/x")]
    [InlineData("etc/../x")]
    [InlineData("etc//x")]
    [InlineData("TRAILER!!!")]
    [InlineData("a\0b")]
    public void A_name_that_would_lead_elsewhere_is_refused(string name) => Assert.Throws<UsageFault>(() => CpioArchive.Write([CpioEntry.PublicFile(name, default)]));

    private static string Text(CpioEntry entry) => $"{entry.Name} {entry.Mode:X} {Convert.ToHexString(entry.Content.Span)}";

    private static bool IsBehindItsFolder(IReadOnlyList<CpioEntry> entries, CpioEntry entry)
    {
        var folder = Path.GetDirectoryName(entry.Name)!;
        return folder.Length == 0 || entries.TakeWhile(before => before != entry).Any(before => before.IsFolder && before.Name == folder);
    }

    private static void Check<T>(Gen<T> values, Func<T, bool> holds) => Prop.ForAll(Arb.From(values), holds).QuickCheckThrowOnFailure();
}
