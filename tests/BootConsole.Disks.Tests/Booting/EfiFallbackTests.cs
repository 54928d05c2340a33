// The fallback loader, on real FAT partitions that mtools fill and read, with the distribution's own loaders; fsck.fat judges what was written.
using System.Text;
using BootConsole.Core;
using BootConsole.Disks.Access;
using BootConsole.Disks.Booting;
using BootConsole.Host;
using BootConsole.Host.Efi;
using BootConsole.TestKit;

namespace BootConsole.Disks.Tests.Booting;

public sealed class EfiFallbackTests : IDisposable
{
    private const string Shim = "/usr/lib/shim/shimx64.efi.signed", Keeper = "/usr/lib/shim/mmx64.efi.signed", Grub = "/usr/lib/grub/x86_64-efi-signed/grubx64.efi.signed";
    private static readonly ByteRange Esp = new(1 << 20, 36 << 20);

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(512, "32", 1)]
    [InlineData(512, "16", 4)]
    [InlineData(4096, "16", 1)]
    public async Task A_disk_without_a_fallback_gets_a_copy_of_shim_and_of_what_shim_starts(int sectorBytes, string width, int clusterSectors)
    {
        using var loop = Disk(sectorBytes, width, clusterSectors);
        Put(loop, (Shim, "EFI/debian/shimx64.efi"), (Keeper, "EFI/debian/mmx64.efi"), (Grub, "EFI/debian/grubx64.efi"), (Text("search"), "EFI/debian/grub.cfg"), (Text("debian"), "EFI/debian/BOOTX64.CSV"));
        var said = await EnsureAsync(loop);
        Assert.Equal(@"Partition 1 had no \EFI\BOOT\BOOTX64.EFI, which a PC starts that does not know the disk; it is a copy of \EFI\debian\shimx64.efi now, and grubx64.efi, mmx64.efi, grub.cfg are beside it.", said);
        Assert.Equal(["BOOTX64.EFI", "GRUB.CFG", "GRUBX64.EFI", "MMX64.EFI"], Names(loop, "EFI/BOOT"));
        Same(loop, Shim, "EFI/BOOT/BOOTX64.EFI");
        Same(loop, Keeper, "EFI/BOOT/mmx64.efi");
        Same(loop, Grub, "EFI/BOOT/grubx64.efi");
        Check(loop);
        var after = SystemTool.Run("sha256sum", loop.Path);
        Assert.Empty(await EnsureAsync(loop));
        Assert.Equal(after, SystemTool.Run("sha256sum", loop.Path));
    }

    [Fact]
    public async Task A_fallback_that_is_there_stays_and_no_byte_of_the_disk_changes()
    {
        using var loop = Disk();
        Put(loop, (Shim, "EFI/debian/shimx64.efi"), (Text("mine"), "EFI/boot/bootx64.efi"));
        var before = SystemTool.Run("sha256sum", loop.Path);
        Assert.Empty(await EnsureAsync(loop));
        Assert.Equal(before, SystemTool.Run("sha256sum", loop.Path));
    }

    [Fact]
    public async Task A_partition_without_any_file_is_one_without_a_loader()
    {
        using var loop = Disk();
        var nothing = await EnsureAsync(loop);
        Put(loop, (Text("no loader"), "readme.txt"));
        Assert.Equal(await EnsureAsync(loop), nothing);
    }

    [Fact]
    public async Task A_file_beside_the_fallback_is_not_overwritten()
    {
        using var loop = Disk();
        Put(loop, (Shim, "EFI/debian/shimx64.efi"), (Grub, "EFI/debian/grubx64.efi"), (Text("mine"), "EFI/BOOT/grubx64.efi"));
        Assert.NotEmpty(await EnsureAsync(loop));
        Same(loop, Shim, "EFI/BOOT/BOOTX64.EFI");
        Same(loop, Text("mine"), "EFI/BOOT/grubx64.efi");
    }

    [Fact]
    public async Task Of_several_systems_the_one_is_taken_that_the_PC_started_first()
    {
        using var loop = Disk();
        Put(loop, (Shim, "EFI/debian/shimx64.efi"), (Grub, "EFI/Microsoft/Boot/bootmgfw.efi"), (Keeper, "EFI/tools/memtest.efi"));
        Assert.True(await SaidAsync(loop, []));
        Same(loop, Shim, "EFI/BOOT/BOOTX64.EFI");
        Remove(loop);
        Assert.True(await SaidAsync(loop, [Entry(@"\EFI\tools\memtest.efi"), Entry(@"\EFI\MICROSOFT\Boot\bootmgfw.efi", 1, 2), Entry(@"\EFI\debian\shimx64.efi")]));
        Same(loop, Grub, "EFI/BOOT/BOOTX64.EFI");
    }

    [Fact]
    public async Task A_loader_of_any_name_is_taken_when_a_boot_entry_starts_it_without_words_for_it()
    {
        using var loop = Disk();
        Put(loop, (Keeper, "EFI/mine/loader.efi"), (Text("no program"), "EFI/other/shimx64.efi"));
        Assert.False(await SaidAsync(loop, []));
        Assert.False(await SaidAsync(loop, [Entry(@"\EFI\mine\loader.efi", 1), Entry(@"\EFI\gone.efi"), Entry(@"\EFI\..\..\..\usr\lib\shim\mmx64.efi"), Entry("")]));
        Assert.True(await SaidAsync(loop, [Entry(@"\EFI\mine\loader.efi")]));
        Same(loop, Keeper, "EFI/BOOT/BOOTX64.EFI");
    }

    [Fact]
    public async Task A_full_partition_is_a_warning_that_says_what_to_do_and_nothing_half_is_left()
    {
        using var loop = Disk();
        File.WriteAllBytes(_folder["large"], new byte[Esp.Length - (2 * new FileInfo(Grub).Length) - (2 * new FileInfo(Shim).Length)]);
        Put(loop, (Shim, "EFI/debian/shimx64.efi"), (Grub, "EFI/debian/grubx64.efi"), (_folder["large"], "large"));
        var said = await EnsureAsync(loop);
        Assert.Contains("Disk full", said, StringComparison.Ordinal);
        Assert.Contains(@"copy it to \EFI\BOOT\BOOTX64.EFI", said, StringComparison.Ordinal);
        Assert.Empty(Names(loop, "EFI/BOOT"));
        Check(loop);
    }

    [Fact]
    public async Task Disks_that_no_UEFI_starts_are_left_alone()
    {
        using (var mbr = Disk(label: "dos", type: "ef"))
        {
            Put(mbr, (Shim, "EFI/debian/shimx64.efi"));
            Assert.Empty(await EnsureAsync(mbr));
        }

        using (var data = Disk(type: "EBD0A0A2-B9E5-4433-87C0-68B6B72699C7"))
        {
            Put(data, (Shim, "EFI/debian/shimx64.efi"));
            Assert.Empty(await EnsureAsync(data));
        }

        using var blank = Disk(width: "");
        Assert.Empty(await EnsureAsync(blank));
    }

    private LoopDisk Disk(int sectorBytes = 512, string width = "32", int clusterSectors = 1, string label = "gpt", string type = "C12A7328-F81F-11D2-BA4B-00A0C93EC93B")
    {
        var file = PartitionedImage.Sparse(_folder[Guid.NewGuid().ToString("N")], 40 << 20);
        var disk = LoopDisk.Attach(file, sectorBytes);
        PartitionedImage.Sfdisk(disk.Path, $"label: {label}\nstart=1MiB, size=36MiB, type={type}\n");
        if (width.Length == 0) return disk;
        using (var esp = LoopDisk.Attach(file, sectorBytes, range: Esp)) SystemTool.Run("mkfs.vfat", "-F", width, "-s", $"{clusterSectors}", "-S", $"{sectorBytes}", esp.Path);
        // Two devices of one file: a test beside this one may have looked at the disk before.
        SystemTool.Run("blockdev", "--flushbufs", disk.Path);
        return disk;
    }

    private string Text(string text)
    {
        File.WriteAllText(_folder[text], text);
        return _folder[text];
    }

    private static void Put(LoopDisk disk, params (string Source, string Target)[] files)
    {
        foreach (var (source, target) in files)
        {
            var folders = target.Split('/')[..^1];
            for (var count = 1; count <= folders.Length; count++) SystemTool.Try("mmd", "-i", Name(disk), "-D", "s", "::/" + string.Join('/', folders[..count]));
            SystemTool.Run("mcopy", "-i", Name(disk), source, "::/" + target);
        }

        // What mtools read and wrote is in the cache of the device; the product reads past it.
        SystemTool.Run("blockdev", "--flushbufs", disk.Path);
    }

    private static void Remove(LoopDisk disk)
    {
        SystemTool.Run("mdeltree", "-i", Name(disk), "::/EFI/BOOT");
        SystemTool.Run("blockdev", "--flushbufs", disk.Path);
    }

    private void Same(LoopDisk disk, string expected, string path)
    {
        var copy = _folder[Guid.NewGuid().ToString("N")];
        SystemTool.Run("mcopy", "-n", "-i", Name(disk), "::/" + path, copy);
        SystemTool.Run("cmp", expected, copy);
    }

    private static string[] Names(LoopDisk disk, string folder) =>
        [.. SystemTool.Try("mdir", "-b", "-i", Name(disk), "::/" + folder).Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split('/')[^1]).Order(StringComparer.Ordinal)];

    private static string Name(LoopDisk disk) => $"{disk.Path}@@{Esp.Start}";

    private static void Check(LoopDisk disk)
    {
        using var esp = LoopDisk.Attach(disk.BackingFile, isReadOnly: true, range: Esp);
        SystemTool.Run("fsck.fat", "-n", esp.Path);
    }

    private static async Task<bool> SaidAsync(LoopDisk disk, EfiLoadOption[] entries) => (await EnsureAsync(disk, entries)).Length > 0;

    private static async Task<string> EnsureAsync(LoopDisk loop, params EfiLoadOption[] entries)
    {
        using var disk = OpenDisk.ForReading(await Devices.DescribeAsync(loop));
        return await new EfiFallback(new ProgramRunner()).EnsureAsync(disk, _ => entries);
    }

    // A file path node, as firmware writes it.
    private static EfiLoadOption Entry(string file, params byte[] words)
    {
        var name = Encoding.Unicode.GetBytes(file + '\0');
        return new EfiLoadOption(1, "entry", [4, 4, (byte)(name.Length + 4), 0, .. name, 0x7F, 0xFF, 4, 0], words);
    }
}
