// Boot media, read back by the programs that read such things: xorriso, sfdisk, mtools, fsck.
using System.Security.Cryptography;
using BootConsole.Core;
using BootConsole.Host;
using BootConsole.Media.Bases;
using BootConsole.Media.Building;
using BootConsole.Media.Cpio;
using BootConsole.TestKit;

namespace BootConsole.Media.Tests;

public sealed class MediaBuilderTests : IDisposable
{
    private const long MiB = 1 << 20;
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(MediumKind.Iso)]
    [InlineData(MediumKind.Usb)]
    [InlineData(MediumKind.Pxe)]
    [InlineData(MediumKind.Uki)]
    public async Task The_same_order_makes_the_same_bytes(MediumKind kind)
    {
        await BuildAsync(Order(kind, "one") with { RoomBytes = kind == MediumKind.Usb ? 20 * MiB : 0 });
        // Past the resolution of every date that could slip in.
        await Eventually.BecomesTrueAsync(() => DateTime.UtcNow > Directory.GetLastWriteTimeUtc(_folder.Path).AddSeconds(2.1), "the clock goes on by two seconds");
        await BuildAsync(Order(kind, "two") with { RoomBytes = kind == MediumKind.Usb ? 20 * MiB : 0 });
        SystemTool.Run("diff", "-r", _folder["one"], _folder["two"]);
        Assert.Empty(Directory.GetFileSystemEntries(_folder.Path, ".bootserver*"));
    }

    [Fact]
    public async Task An_ISO_has_kernel_root_settings_and_a_chain_for_each_firmware()
    {
        var order = Order(MediumKind.Iso, "pc.iso");
        await BuildAsync(order);
        SystemTool.Run("xorriso", "-no_rc", "-osirrox", "on", "-indev", order.Target, "-extract", "/", _folder["read"]);
        AssertContents(order, name => File.ReadAllBytes(_folder["read/" + name]), "boot/grub/grub.cfg");
        var report = SystemTool.Try("xorriso", "-no_rc", "-indev", order.Target, "-report_el_torito", "plain").Output;
        Assert.Contains("BIOS", report, StringComparison.Ordinal);
        Assert.Contains("UEFI", report, StringComparison.Ordinal);
        Assert.Equal("600\n", SystemTool.Run("stat", "-c", "%a", order.Target));
        var efi = SystemTool.Run("sfdisk", "-d", order.Target).Split('\n').Single(line => line.Contains("C12A7328-F81F-11D2-BA4B-00A0C93EC93B", StringComparison.OrdinalIgnoreCase));
        var start = long.Parse(efi.Split("start=")[1].Split(',')[0]) * 512;
        AssertChain(order.Target, start, "gcdx64.efi.signed");
    }

    [Fact]
    public async Task A_USB_image_has_them_too_and_room_for_backups()
    {
        var order = Order(MediumKind.Usb, "stick.img") with { RoomBytes = 40 * MiB };
        await BuildAsync(order);
        var table = SystemTool.Run("sfdisk", "-d", order.Target);
        Assert.Contains("start=        2048, size=      147456, type=ef, bootable", table, StringComparison.Ordinal);
        Assert.Contains("start=      149504, size=       81920, type=83", table, StringComparison.Ordinal);
        AssertContents(order, name => ReadFat(order.Target, MiB, name), "EFI/debian/grub.cfg");
        Assert.Equal(ReadFat(order.Target, MiB, "EFI/debian/grub.cfg"), ReadFat(order.Target, MiB, "boot/grub/grub.cfg"));
        AssertChain(order.Target, MiB, "grubx64.efi.signed");

        Cut(order.Target, "fat", 2048, 147456);
        Assert.Contains("FAT32", SystemTool.Run("file", _folder["fat"]) + SystemTool.Run("blkid", "-p", _folder["fat"]), StringComparison.Ordinal);
        SystemTool.Run("fsck.fat", "-n", _folder["fat"]);
        Cut(order.Target, "room", 149504, 81920);
        SystemTool.Run("e2fsck", "-f", "-n", _folder["room"]);
        Assert.Contains("LABEL=\"BOOTCONSOLE\"", SystemTool.Run("blkid", "-p", _folder["room"]), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_PXE_tree_has_them_as_files_that_a_server_may_read()
    {
        var order = Order(MediumKind.Pxe, "tftp");
        await BuildAsync(order);
        AssertContents(order, name => File.ReadAllBytes(Path.Combine(order.Target, name)), "grub/grub.cfg");
        Assert.Equal(File.ReadAllBytes("/usr/lib/shim/shimx64.efi.signed"), File.ReadAllBytes(_folder["tftp/bootx64.efi"]));
        Assert.Equal(File.ReadAllBytes("/usr/lib/grub/x86_64-efi-signed/grubnetx64.efi.signed"), File.ReadAllBytes(_folder["tftp/grubx64.efi"]));
        Assert.True(new FileInfo(_folder["tftp/grubpxe.0"]).Length is > 100_000 and < 480_000, "what a BIOS can load");
        Assert.Empty(SystemTool.Run("find", order.Target, "!", "-perm", "-o+r"));
    }

    [Fact]
    public async Task A_unified_kernel_image_has_them_as_sections_that_do_not_touch()
    {
        var order = Order(MediumKind.Uki, "pc.efi") with { Serial = "ttyS0,115200", KernelOptions = ["nomodeset"] };
        await BuildAsync(order);
        var root = File.ReadAllBytes(order.Base.RootFile);
        Assert.Equal(File.ReadAllBytes(order.Base.KernelFile), Section(order.Target, ".linux"));
        Assert.Equal([.. root, .. order.Pc.Bytes.ToArray()], Section(order.Target, ".initrd"));
        Assert.Equal("console=tty0 console=ttyS0,115200 quiet nomodeset"u8.ToArray(), Section(order.Target, ".cmdline"));
        Assert.Contains($"PRETTY_NAME=\"BootConsole for {order.Pc.PcName}\"\n", System.Text.Encoding.UTF8.GetString(Section(order.Target, ".osrel")), StringComparison.Ordinal);
        Assert.Equal("600\n", SystemTool.Run("stat", "-c", "%a", order.Target));

        // Number, name, size, address, …: each section begins where the one before has ended, or later.
        var sections = SystemTool.Run("objdump", "-h", order.Target).Split('\n').Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries)).Where(parts => parts.Length >= 7 && parts[1].StartsWith('.'))
            .Select(parts => (Start: Convert.ToInt64(parts[3], 16), Length: Convert.ToInt64(parts[2], 16))).OrderBy(section => section.Start).ToList();
        Assert.True(sections.Count > 4);
        Assert.All(sections.Zip(sections.Skip(1)), pair => Assert.True(pair.First.Start + pair.First.Length <= pair.Second.Start, $"{pair}"));
    }

    [Fact]
    public async Task A_medium_without_a_name_is_nowhere_until_it_is_published_and_is_gone_when_that_was_taken_back()
    {
        var order = Order(MediumKind.Pxe, "tree");
        // With room there are holes in it, of no whole number of pieces.
        foreach (var (kind, room) in ((MediumKind, long)[])[(MediumKind.Pxe, 0), (MediumKind.Iso, 0), (MediumKind.Usb, 17 * MiB)])
        {
            using (var made = await new MediaBuilder(new ProgramRunner()).MakeAsync(order with { Kind = kind, RoomBytes = room }, CancellationToken.None))
            {
                Assert.False(Path.Exists(order.Target));
                var hash = made.Hash(CancellationToken.None);
                made.Publish();
                Assert.Equal(kind == MediumKind.Pxe ? "" : SystemTool.Run("sha256sum", order.Target).Split(' ')[0], hash);
                made.Withdraw();
            }

            Assert.Equal(["base"], Directory.GetFileSystemEntries(_folder.Path).Select(Path.GetFileName));
        }
    }

    [Fact]
    public async Task The_menu_says_what_was_ordered()
    {
        await BuildAsync(Order(MediumKind.Pxe, "tftp") with { Serial = "ttyS1,9600", KernelOptions = ["nomodeset", "bootconsole.config=LABEL:x.toml"] });
        var menu = File.ReadAllText(_folder["tftp/grub/grub.cfg"]);
        Assert.Contains("serial --unit=1 --speed=9600\nterminal_input console serial", menu, StringComparison.Ordinal);
        Assert.Contains("linux /bootconsole/vmlinuz console=tty0 console=ttyS1,9600 quiet nomodeset bootconsole.config=LABEL:x.toml\n", menu, StringComparison.Ordinal);
        Assert.Contains("linux /bootconsole/vmlinuz console=tty0 console=ttyS1,9600 bootconsole.menu quiet", menu, StringComparison.Ordinal);
        Assert.Contains("initrd /bootconsole/base.img /bootconsole/pc.img\n", menu, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Odd_names_mean_nothing_to_the_programs()
    {
        var odd = Directory.CreateDirectory(_folder["-o odd=@@1M 'q' \"ü\\ $HOME"]).FullName;
        var order = Order(MediumKind.Iso, "x") with { Base = BaseFolder.Open(SampleBase.Make(Path.Combine(odd, "base"))) };
        foreach (var kind in Enum.GetValues<MediumKind>())
        {
            await BuildAsync(order with { Kind = kind, Target = Path.Combine(odd, $"-{kind}=@@") });
            Assert.True(Path.Exists(Path.Combine(odd, $"-{kind}=@@")));
        }
    }

    [Fact]
    public async Task What_is_there_is_not_overwritten_and_a_device_is_no_target()
    {
        File.WriteAllText(_folder["there"], "mine");
        foreach (var target in new[] { _folder["there"], "/dev/null", "/dev/full" })
            await Assert.ThrowsAsync<RefusedFault>(() => BuildAsync(Order(MediumKind.Iso, "x") with { Target = target }));
        Assert.Equal("mine", File.ReadAllText(_folder["there"]));
        await Assert.ThrowsAsync<RefusedFault>(() => BuildAsync(Order(MediumKind.Iso, "x") with { Target = _folder["no/such/folder"] }));
    }

    [Fact]
    public async Task Of_two_builds_at_once_one_gets_the_name()
    {
        var order = Order(MediumKind.Iso, "pc.iso");
        var outcomes = await Task.WhenAll(Enumerable.Range(0, 2).Select(async _ => await Record.ExceptionAsync(() => BuildAsync(order))));
        Assert.Single(outcomes, outcome => outcome is null);
        Assert.Single(outcomes, outcome => outcome is RefusedFault);
        Assert.Equal(["base", "pc.iso"], Directory.GetFileSystemEntries(_folder.Path).Select(Path.GetFileName).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_full_disk_is_refused_and_one_that_fills_up_meanwhile_leaves_nothing()
    {
        var order = Order(MediumKind.Iso, "x");
        await using var small = await SmallFileSystem.CreateAsync(24 * MiB);
        var refusal = await Assert.ThrowsAsync<RefusedFault>(() => BuildAsync(order with { Target = Path.Combine(small.Path, "pc.iso") }));
        Assert.Contains("too little space", refusal.Message, StringComparison.Ordinal);

        await using var middle = await SmallFileSystem.CreateAsync(80 * MiB);
        var filler = new FillingRunner(Path.Combine(middle.Path, "filler"));
        foreach (var kind in new[] { MediumKind.Iso, MediumKind.Usb })
        {
            var fault = await Record.ExceptionAsync(() => new MediaBuilder(filler).BuildAsync(order with { Kind = kind, Target = Path.Combine(middle.Path, "pc.img") }, CancellationToken.None));
            Assert.True(fault is HostFault or IOException, $"{fault}");
            Assert.Equal(["filler", "lost+found"], Directory.GetFileSystemEntries(middle.Path).Select(Path.GetFileName).Order(StringComparer.Ordinal));
            File.Delete(Path.Combine(middle.Path, "filler"));
        }
    }

    [Fact]
    public async Task A_cancel_leaves_nothing()
    {
        using var cancel = new CancellationTokenSource();
        var order = Order(MediumKind.Usb, "stick.img");
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => new MediaBuilder(new CancellingRunner(cancel)).BuildAsync(order, cancel.Token));
        Assert.Equal(["base"], Directory.GetFileSystemEntries(_folder.Path).Select(Path.GetFileName));
    }

    [Fact]
    public async Task A_missing_boot_loader_is_named_with_its_package()
    {
        var fault = await Assert.ThrowsAsync<HostFault>(() => new MediaBuilder(new ProgramRunner(), new BootLoaders(_folder["empty"])).BuildAsync(Order(MediumKind.Iso, "pc.iso"), CancellationToken.None));
        Assert.Contains("grub-pc-bin", fault.Remedy, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("two words")]
    [InlineData("x;reboot")]
    [InlineData("$root")]
    [InlineData("a\nb")]
    [InlineData("\"")]
    [InlineData("")]
    public async Task A_kernel_option_that_GRUB_could_take_for_more_is_refused(string word) =>
        await Assert.ThrowsAsync<UsageFault>(() => BuildAsync(Order(MediumKind.Iso, "pc.iso") with { KernelOptions = [word] }));

    [Theory]
    [InlineData("ttyS4")]
    [InlineData("ttyUSB0")]
    [InlineData("ttyS0,1")]
    [InlineData("ttyS0,9600,x")]
    public async Task A_serial_port_that_is_not_known_is_refused(string port) =>
        await Assert.ThrowsAsync<UsageFault>(() => BuildAsync(Order(MediumKind.Iso, "pc.iso") with { Serial = port }));

    [Fact]
    public async Task Room_is_refused_where_there_can_be_none()
    {
        await Assert.ThrowsAsync<UsageFault>(() => BuildAsync(Order(MediumKind.Iso, "pc.iso") with { RoomBytes = 100 * MiB }));
        await Assert.ThrowsAsync<UsageFault>(() => BuildAsync(Order(MediumKind.Usb, "pc.iso") with { RoomBytes = 1000 }));
        await Assert.ThrowsAsync<UsageFault>(() => BuildAsync(Order(MediumKind.Usb, "pc.iso") with { RoomBytes = 3L << 40 }));
    }

    private MediumOrder Order(MediumKind kind, string name) => new()
    {
        Kind = kind,
        Base = BaseFolder.Open(SampleBase.Make(_folder["base"])),
        Pc = SampleSettings.Archive(SampleSettings.Pc, null),
        Target = _folder[name],
    };

    private static Task<long> BuildAsync(MediumOrder order) => new MediaBuilder(new ProgramRunner()).BuildAsync(order, CancellationToken.None);

    private static void AssertContents(MediumOrder order, Func<string, byte[]> read, string menu)
    {
        Assert.Equal(File.ReadAllBytes(order.Base.KernelFile), read("bootconsole/vmlinuz"));
        Assert.Equal(File.ReadAllBytes(order.Base.RootFile), read("bootconsole/base.img"));
        Assert.Equal("etc/bootconsole.toml", CpioArchive.Read(read("bootconsole/pc.img")).Single(entry => !entry.IsFolder).Name);
        var text = System.Text.Encoding.UTF8.GetString(read(menu));
        Assert.Contains("menuentry \"BootConsole for office-pc\"", text, StringComparison.Ordinal);
        if (order.Kind == MediumKind.Pxe) return;
        var marker = text.Split('\n').Single(line => line.StartsWith("search ", StringComparison.Ordinal)).Split(" /")[1];
        Assert.Equal(Path.GetFileNameWithoutExtension(marker) + "\n", System.Text.Encoding.UTF8.GetString(read(marker)));
    }

    private void AssertChain(string image, long start, string grub)
    {
        Assert.Equal(File.ReadAllBytes("/usr/lib/shim/shimx64.efi.signed"), ReadFat(image, start, "EFI/BOOT/BOOTX64.EFI"));
        Assert.Equal(File.ReadAllBytes("/usr/lib/grub/x86_64-efi-signed/" + grub), ReadFat(image, start, "EFI/BOOT/grubx64.efi"));
    }

    private byte[] Section(string program, string name)
    {
        SystemTool.Run("objcopy", "--dump-section", $"{name}={_folder["section"]}", program, _folder["copy"]);
        return File.ReadAllBytes(_folder["section"]);
    }

    private byte[] ReadFat(string image, long start, string name)
    {
        var copy = _folder[$"copy-{RandomNumberGenerator.GetHexString(8)}"];
        SystemTool.Run("mcopy", "-i", $"{image}@@{start}", $"::/{name}", copy);
        return File.ReadAllBytes(copy);
    }

    private void Cut(string image, string name, long firstSector, long sectors) =>
        SystemTool.Run("dd", $"if={image}", $"of={_folder[name]}", "bs=512", $"skip={firstSector}", $"count={sectors}", "status=none", "conv=sparse");

    // Fills the file system up before the program that writes the medium runs.
    private sealed class FillingRunner(string filler) : IProgramRunner
    {
        public Task<ProgramResult> RunAsync(ProgramCall call, CancellationToken cancel)
        {
            if (call.Program is "xorriso" or "mcopy") SystemTool.Try("dd", "if=/dev/zero", $"of={filler}", "bs=64k", "conv=notrunc", "oflag=append", "status=none");
            return new ProgramRunner().RunAsync(call, cancel);
        }
    }

    private sealed class CancellingRunner(CancellationTokenSource source) : IProgramRunner
    {
        public Task<ProgramResult> RunAsync(ProgramCall call, CancellationToken cancel)
        {
            if (call.Program == "mcopy") source.Cancel();
            return new ProgramRunner().RunAsync(call, cancel);
        }
    }
}
