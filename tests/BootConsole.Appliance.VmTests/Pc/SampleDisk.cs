// A disk as a PC has it: an EFI system partition and Linux, with files in both. All that nothing uses is zero, so that a restored disk can be compared as a whole.
using BootConsole.TestKit;

namespace BootConsole.Appliance.VmTests.Pc;

/// <summary>Makes sample disks.</summary>
internal static class SampleDisk
{
    /// <summary>Length.</summary>
    internal const long Bytes = 96L << 20;

    private const long LinuxStart = 34L << 20, LinuxBytes = 56L << 20;

    /// <summary>Makes one.</summary>
    /// <param name="path">Its file.</param>
    /// <param name="seed">Another seed gives other files.</param>
    /// <param name="sectorBytes">512 or 4096.</param>
    internal static string Make(string path, int seed = 1, int sectorBytes = 512)
    {
        PartitionedImage.Sparse(path, Bytes);
        using (var disk = LoopDisk.Attach(path, sectorBytes))
        {
            PartitionedImage.Sfdisk(disk.Path, """
                label: gpt
                start=1MiB, size=33MiB, type=C12A7328-F81F-11D2-BA4B-00A0C93EC93B, name="EFI"
                size=56MiB, type=0FC63DAF-8483-4772-8E79-3D69D8477DE4, name="linux"
                """);
        }

        using var files = new TempFolder();
        for (var number = 0; number < 24; number++) File.WriteAllBytes(files[$"file-{number}"], RandomBytes.Of((seed * 100) + number, 300_000 + (number * 1000)));
        using (var linux = LoopDisk.Attach(path, sectorBytes, range: new(LinuxStart, LinuxBytes))) SystemTool.Run("mkfs.ext4", "-q", "-F", "-E", "lazy_itable_init=0", "-d", files.Path, linux.Path);
        using (var esp = LoopDisk.Attach(path, sectorBytes, range: new(1L << 20, 33L << 20))) SystemTool.Run("mkfs.vfat", "-F", sectorBytes == 512 ? "32" : "16", "-s", "1", "-S", $"{sectorBytes}", esp.Path);
        return path;
    }

    /// <summary>Adds to files, as a day of work does. Nothing is freed: what was there would stay on the disk, and not in the image.</summary>
    internal static void Work(string path, int seed)
    {
        using var device = LoopDisk.Attach(path, range: new(LinuxStart, LinuxBytes));
        using var folder = new TempFolder();
        using var mount = MountedFolder.Mount(device.Path, folder["mount"]);
        using (var file = new FileStream(Path.Combine(mount.Path, "file-3"), FileMode.Append)) file.Write(RandomBytes.Of(seed, 200_000));
        File.WriteAllBytes(Path.Combine(mount.Path, $"new-{seed}"), RandomBytes.Of(seed + 1, 200_000));
    }
}
