// After a restore of a whole disk the program makes sure of the loader that a PC starts which does not know the disk.
using System.Globalization;
using BootConsole.TestKit;

namespace BootConsole.Appliance.Tests;

public sealed class FallbackLoaderTests : IDisposable
{
    private const string Shim = "/usr/lib/shim/shimx64.efi.signed", Fallback = "::/EFI/BOOT/BOOTX64.EFI";
    private const long Bytes = 40 << 20;

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_restored_disk_gets_it_and_an_image_file_or_a_partition_stays_as_it_was()
    {
        var source = Source();
        Bootconsole.Run("backup", "--disk", source, "--store", _folder["store"], "--no-encryption").Succeeds();

        var file = _folder["file.img"];
        Bootconsole.Run("restore", "--store", _folder["store"], "latest", "--disk", file).Succeeds();
        SystemTool.Run("cmp", source, file);

        using var disk = LoopDisk.Create(_folder["disk.img"], Bytes);
        var token = string.Create(CultureInfo.InvariantCulture, $"{disk.Path}:{Bytes}");
        string[] onto = ["restore", "--store", _folder["store"], "latest", "--disk", disk.Path, "--yes-overwrite", token];
        var run = Bootconsole.Run([.. onto, "--json"]).Succeeds();
        Assert.Contains(@"a copy of \EFI\debian\shimx64.efi", run.Document.GetProperty("warnings").EnumerateArray().Last().GetString(), StringComparison.Ordinal);
        SystemTool.Run("mcopy", "-i", $"{disk.Path}@@1M", Fallback, _folder["loader"]);
        SystemTool.Run("cmp", Shim, _folder["loader"]);

        SystemTool.Run("mdel", "-i", $"{disk.Path}@@1M", Fallback);
        SystemTool.Run("blockdev", "--flushbufs", disk.Path);
        Assert.DoesNotContain("BOOTX64", Bootconsole.Run([.. onto, "--partition", "1"]).Succeeds().Output, StringComparison.Ordinal);
        Assert.NotEqual(0, SystemTool.Try("mdir", "-b", "-i", $"{disk.Path}@@1M", Fallback).ExitCode);
    }

    [Fact]
    public void Without_the_programs_that_it_takes_the_restore_is_done_and_a_warning_says_what_to_do()
    {
        Bootconsole.Run("backup", "--disk", Source(), "--store", _folder["store"], "--no-encryption").Succeeds();
        var tools = Directory.CreateDirectory(_folder["tools"]).FullName;
        File.WriteAllText(Path.Combine(tools, "mdir"), "#!/bin/sh\necho 'not today' >&2\nexit 1\n");
        SystemTool.Run("chmod", "+x", Path.Combine(tools, "mdir"));
        using var disk = LoopDisk.Create(_folder["disk.img"], Bytes);
        var run = Bootconsole.RunWithPath(tools, "restore", "--store", _folder["store"], "latest", "--disk", disk.Path, "--yes-overwrite", string.Create(CultureInfo.InvariantCulture, $"{disk.Path}:{Bytes}"), "--json").Succeeds();
        var warning = run.Document.GetProperty("warnings").EnumerateArray().Last().GetString()!;
        Assert.Contains("mdir: not today. What was restored is safe. If a PC does not start from the disk, choose its loader", warning, StringComparison.Ordinal);
    }

    private string Source()
    {
        var file = PartitionedImage.Sparse(_folder["source.img"], Bytes);
        PartitionedImage.Sfdisk(file, "label: gpt\nstart=1MiB, size=36MiB, type=C12A7328-F81F-11D2-BA4B-00A0C93EC93B\n");
        SystemTool.Run("mkfs.vfat", "-F", "32", "-s", "1", "--offset", "2048", file, $"{36 << 10}");
        SystemTool.Run("mmd", "-i", $"{file}@@1M", "::/EFI", "::/EFI/debian");
        SystemTool.Run("mcopy", "-i", $"{file}@@1M", Shim, "::/EFI/debian/shimx64.efi");
        return file;
    }
}
