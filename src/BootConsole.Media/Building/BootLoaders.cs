// The boot loaders: signed programs of the distribution for UEFI, images of GRUB's modules for the BIOS.
using BootConsole.Core;

namespace BootConsole.Media.Building;

/// <summary>Where the distribution keeps its boot loaders, and what else they are made of.</summary>
/// <param name="Root">The root of the file system that has them; <c>/</c> but in tests.</param>
internal sealed record BootLoaders(string Root)
{
    // In every image for the BIOS: the menu, its words, and what starts the kernel.
    private static readonly string[] Menu = ["normal", "configfile", "linux", "echo", "test", "regexp", "serial", "terminal", "chain", "drivemap", "minicmd", "ls", "cat", "sleep", "reboot", "halt"];
    private static readonly string[] Disks = ["biosdisk", "part_msdos", "part_gpt", "fat", "iso9660", "search", "search_fs_file"];
    private static readonly string[] Network = ["pxe", "tftp", "net"];

    /// <summary>The first program: signed by Microsoft, it checks the next by the distribution's key.</summary>
    internal string Shim => Find("usr/lib/shim/shimx64.efi.signed", "shim-signed");

    /// <summary>What shim starts to enrol keys.</summary>
    internal string MokManager => Find("usr/lib/shim/mmx64.efi.signed", "shim-helpers-amd64-signed");

    /// <summary>GRUB for CDs: looks for <c>/boot/grub/grub.cfg</c> where it was started from.</summary>
    internal string CdGrub => Find("usr/lib/grub/x86_64-efi-signed/gcdx64.efi.signed", "grub-efi-amd64-signed");

    /// <summary>GRUB for disks: reads <c>/EFI/debian/grub.cfg</c> where it was started from.</summary>
    internal string DiskGrub => Find("usr/lib/grub/x86_64-efi-signed/grubx64.efi.signed", "grub-efi-amd64-signed");

    /// <summary>GRUB for the network: reads <c>/grub/grub.cfg</c> by TFTP.</summary>
    internal string NetworkGrub => Find("usr/lib/grub/x86_64-efi-signed/grubnetx64.efi.signed", "grub-efi-amd64-signed");

    /// <summary>The first sector of a disk that a BIOS boots.</summary>
    internal string BiosSector => Find("usr/lib/grub/i386-pc/boot.img", "grub-pc-bin");

    /// <summary>The first sectors of a CD image that a BIOS takes for a disk.</summary>
    internal string HybridSector => Find("usr/lib/grub/i386-pc/boot_hybrid.img", "grub-pc-bin");

    /// <summary>What starts a kernel that is a section of the same program.</summary>
    internal string KernelStub => Find("usr/lib/systemd/boot/efi/linuxx64.efi.stub", "systemd-boot-efi");

    /// <summary>Makes GRUB for a CD.</summary>
    internal Task MakeCdImageAsync(MediaPrograms programs, string output) => MakeImageAsync(programs, output, "i386-pc-eltorito", "/boot/grub", Disks);

    /// <summary>Makes GRUB for the sectors behind the first one of a disk.</summary>
    internal Task MakeDiskImageAsync(MediaPrograms programs, string output) => MakeImageAsync(programs, output, "i386-pc", "(,msdos1)/boot/grub", Disks);

    /// <summary>Makes GRUB for the network.</summary>
    /// <param name="programs">Makes it.</param>
    /// <param name="output">The new file.</param>
    /// <param name="device">Where GRUB's folder is: <c>tftp</c> for the server that DHCP names, <c>tftp,ADDRESS</c> for one.</param>
    internal Task MakeNetworkImageAsync(MediaPrograms programs, string output, string device = "tftp") => MakeImageAsync(programs, output, "i386-pc-pxe", $"({device})/grub", [.. Network, "biosdisk"]);

    /// <summary>Makes GRUB for the network and UEFI without Secure Boot, which nobody has signed.</summary>
    /// <param name="programs">Makes it.</param>
    /// <param name="output">The new file.</param>
    /// <param name="protocol">How GRUB fetches everything else: <c>tftp</c> or <c>http</c>.</param>
    /// <param name="server">The server's address, for <c>http</c> with <c>:</c> and the port.</param>
    internal Task MakeNetworkUefiImageAsync(MediaPrograms programs, string output, string protocol, string server)
    {
        var folder = Path.GetDirectoryName(Find("usr/lib/grub/x86_64-efi/efinet.mod", "grub-efi-amd64-bin"))!;
        return programs.RunAsync("grub-mkimage", ["-d", folder, "-O", "x86_64-efi", "-o", output, "-p", $"({protocol},{server})/grub", "efinet", protocol, "net", "all_video", .. Menu.Where(module => module != "drivemap")]);
    }

    private Task MakeImageAsync(MediaPrograms programs, string output, string format, string prefix, string[] modules)
    {
        var folder = Path.GetDirectoryName(BiosSector)!;
        return programs.RunAsync("grub-mkimage", ["-d", folder, "-O", format, "-o", output, "-p", prefix, .. modules, .. Menu]);
    }

    private string Find(string path, string package)
    {
        var file = Path.Combine(Root, path);
        return File.Exists(file) ? file : throw new HostFault("a boot loader of the distribution is missing") { Which = file, Remedy = $"Install the package {package}." };
    }
}
