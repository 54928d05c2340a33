// A small Linux installed on a disk as an installer does it: GRUB for BIOS and, behind the distribution's shim, for UEFI; kernel and initramfs on its ext4 root. It says that it is up and switches off.
using System.Buffers.Binary;
using System.Globalization;
using BootConsole.Core;
using BootConsole.TestKit;

namespace BootConsole.Appliance.VmTests.Pc;

/// <summary>Installs it.</summary>
internal static class SmallLinux
{
    /// <summary>Length of the disk.</summary>
    internal const long Bytes = 256L << 20;

    /// <summary>UUID of the root file system.</summary>
    internal const string Uuid = "4cf9a2be-2d6b-4b0a-9c0e-5a11b00710ad";

    /// <summary>What it says on its first serial port; what follows is the folder that the boot loader was started from.</summary>
    internal const string IsUp = "small Linux is up from " + Uuid + ", started from ";

    /// <summary>Partition with GRUB's core for BIOS.</summary>
    internal static readonly ByteRange Core = new(1 << 20, 1 << 20);

    /// <summary>The root partition.</summary>
    internal static readonly ByteRange Root = new(42 << 20, 200 << 20);

    private const string Shim = "/usr/lib/shim/shimx64.efi.signed", ShimKeeper = "/usr/lib/shim/mmx64.efi.signed", Signed = "/usr/lib/grub/x86_64-efi-signed/grubx64.efi.signed", ForBios = "/usr/lib/grub/i386-pc/";
    private const int SectorBytes = 512, BootCodeBytes = 440, CorePlaceAt = 0x5C, RestPlaceAt = SectorBytes - 12;

    /// <summary>Makes the disk.</summary>
    internal static string Install(string path)
    {
        using var folder = new TempFolder();
        PartitionedImage.Sparse(path, Bytes);
        PartitionedImage.Sfdisk(path, """
            label: gpt
            start=1MiB, size=1MiB, type=21686148-6449-6E6F-744E-656564454649, name="BIOS boot"
            size=40MiB, type=C12A7328-F81F-11D2-BA4B-00A0C93EC93B, name="EFI"
            size=200MiB, type=0FC63DAF-8483-4772-8E79-3D69D8477DE4, name="linux"
            """);
        MakeRoot(path, folder);
        MakeEsp(path, folder);
        EmbedGrub(path, folder);
        return path;
    }

    private static void MakeRoot(string disk, TempFolder folder)
    {
        // The parts are those of the boot environment, whose archive ends in padding that zstd complains of.
        var parts = Directory.CreateDirectory(folder["parts"]).FullName;
        SystemTool.Run("sh", "-c", $"zstd -dcq '{BootParts.Base}' 2> /dev/null | cpio --quiet -idm -D '{parts}' usr/bin/busybox 'usr/lib/modules/*'");
        Directory.CreateSymbolicLink(Path.Combine(parts, "lib"), "usr/lib");
        var root = folder["root"];
        foreach (var name in (string[])["bin", "boot/grub", "dev", "proc", "sbin"]) Directory.CreateDirectory(Path.Combine(root, name));
        File.Copy(Path.Combine(parts, "usr/bin/busybox"), Path.Combine(root, "bin/busybox"));
        File.Copy(BootParts.Kernel, Path.Combine(root, "boot/vmlinuz"));
        Script(Path.Combine(root, "sbin/init"), $$"""
            #!/bin/busybox sh
            device=$(awk '$2 == "/" && $3 == "ext4" { print $1 }' /proc/mounts)
            # The superblock's s_uuid: busybox has no blkid here.
            uuid=$(dd if="$device" bs=8 skip=141 count=2 2> /dev/null | hexdump -v -e '1/1 "%02x"' | sed -E 's/(.{8})(.{4})(.{4})(.{4})/\1-\2-\3-\4-/')
            echo "small Linux is up from $uuid, started from $(sed 's/.*loader=\([^ ]*\).*/\1/' /proc/cmdline)." > /dev/ttyS0
            poweroff -f
            """);
        File.WriteAllText(Path.Combine(root, "boot/grub/grub.cfg"), $"""
            linux /boot/vmlinuz root=UUID={Uuid} console=ttyS0 quiet panic=1 loader=$cmdpath
            initrd /boot/initrd
            boot

            """);
        MakeInitrd(parts, Path.Combine(root, "boot/initrd"), folder);
        SystemTool.Run("mkfs.ext4", "-q", "-F", "-U", Uuid, "-d", root, "-E", string.Create(CultureInfo.InvariantCulture, $"lazy_itable_init=0,offset={Root.Start}"), disk, $"{Root.Length >> 10}k");
    }

    private static void MakeInitrd(string parts, string initrd, TempFolder folder)
    {
        Script(folder["first"], """
            #!/bin/busybox sh
            /bin/busybox mkdir -p /proc /dev /root
            /bin/busybox mount -t proc proc /proc
            mount -t devtmpfs devtmpfs /dev
            for module in /modules/*; do insmod "$module"; done
            uuid=$(sed 's/.*root=UUID=\([^ ]*\).*/\1/' /proc/cmdline)
            until device=$(findfs "UUID=$uuid"); do sleep 0.1; done
            mount -t ext4 -o ro "$device" /root
            mount --move /dev /root/dev
            mount --move /proc /root/proc
            exec /bin/busybox switch_root /root /sbin/init
            """);
        // In the order in which they are loaded.
        var release = Path.GetFileName(Directory.GetDirectories(Path.Combine(parts, "usr/lib/modules")).Single());
        var modules = ((string[])["virtio_pci", "virtio_blk", "crc32c_generic", "ext4"]).SelectMany(name => SystemTool.Run("modprobe", "--show-depends", "-d", parts, "-S", release, name).Split('\n'))
            .Where(line => line.StartsWith("insmod ", StringComparison.Ordinal)).Select(line => line.Split(' ')[1]).Distinct();
        using var archive = new PcArchive();
        File.Copy(
            archive.Make("", [("/init", folder["first"]), ("/bin/busybox", Path.Combine(parts, "usr/bin/busybox")), .. modules.Select((path, number) => (string.Create(CultureInfo.InvariantCulture, $"/modules/{number:00}-{Path.GetFileName(path)}"), path))]),
            initrd);
    }

    private static void MakeEsp(string disk, TempFolder folder)
    {
        SystemTool.Run("mkfs.vfat", "-F", "32", "-s", "1", "--offset", "4096", disk, $"{40 << 10}");
        File.WriteAllText(folder["esp.cfg"], $"""
            search.fs_uuid {Uuid} root
            set prefix=($root)/boot/grub
            configfile $prefix/grub.cfg

            """);
        SystemTool.Run("mmd", "-i", disk + "@@2M", "::/EFI", "::/EFI/debian");
        foreach (var (source, name) in ((string, string)[])[(Shim, "shimx64.efi"), (ShimKeeper, "mmx64.efi"), (Signed, "grubx64.efi"), (folder["esp.cfg"], "grub.cfg")])
            SystemTool.Run("mcopy", "-i", disk + "@@2M", source, "::/EFI/debian/" + name);
    }

    // What grub-install does with a device: GRUB manual, "BIOS installation"; boot.S and diskboot.S of GRUB 2.06 for the places.
    private static void EmbedGrub(string disk, TempFolder folder)
    {
        File.WriteAllText(folder["core.cfg"], $"search.fs_uuid {Uuid} root\nset prefix=($root)/boot/grub\n");
        SystemTool.Run("grub-mkimage", "-O", "i386-pc", "-p", "/boot/grub", "-c", folder["core.cfg"], "-o", folder["core.img"], "biosdisk", "part_gpt", "ext2", "search_fs_uuid", "normal", "linux");
        var (boot, core) = (File.ReadAllBytes(ForBios + "boot.img"), File.ReadAllBytes(folder["core.img"]));
        BinaryPrimitives.WriteInt64LittleEndian(boot.AsSpan(CorePlaceAt), Core.Start / SectorBytes);
        BinaryPrimitives.WriteInt64LittleEndian(core.AsSpan(RestPlaceAt), (Core.Start / SectorBytes) + 1);
        using var file = File.OpenWrite(disk);
        file.Write(boot, 0, BootCodeBytes);
        file.Position = Core.Start;
        file.Write(core);
    }

    private static void Script(string path, string text)
    {
        File.WriteAllText(path, text + "\n");
        SystemTool.Run("chmod", "755", path);
    }
}
