// What a virtual PC is put together from.
using BootConsole.TestKit;

namespace BootConsole.Appliance.VmTests.Pc;

/// <summary>The firmware.</summary>
public enum Firmware
{
    /// <summary>SeaBIOS.</summary>
    Bios,

    /// <summary>OVMF without Secure Boot.</summary>
    Uefi,

    /// <summary>OVMF that boots only what Microsoft's keys vouch for.</summary>
    SecureBoot,
}

/// <summary>How a disk is attached.</summary>
public enum Bus
{
    /// <summary>virtio-blk.</summary>
    Virtio,

    /// <summary>virtio-blk in a slot that it can be pulled out of.</summary>
    VirtioSlot,

    /// <summary>SATA on AHCI.</summary>
    Ahci,

    /// <summary>NVMe.</summary>
    Nvme,

    /// <summary>A USB stick or disk on xHCI.</summary>
    Usb,

    /// <summary>SCSI behind virtio.</summary>
    Scsi,

    /// <summary>A CD in a SATA drive.</summary>
    Cd,
}

/// <summary>A disk of the PC.</summary>
/// <param name="Path">Its file on the host, raw.</param>
/// <param name="Serial">Its serial number.</param>
public sealed record PcDisk(string Path, string Serial)
{
    /// <summary>How it is attached.</summary>
    public Bus Bus { get; init; } = Bus.Virtio;

    /// <summary>512 or 4096; both the logical and the physical sector size.</summary>
    public int SectorBytes { get; init; } = 512;

    /// <summary>True when the firmware tries it first.</summary>
    public bool BootsFirst { get; init; }

    /// <summary>QEMU's driver in front of the file, such as <c>blkdebug</c> with its options; empty for the file alone. Replaces <c>file=</c>.</summary>
    public string Driver { get; init; } = "";
}

/// <summary>The kernel, booted without firmware or medium.</summary>
/// <param name="Initrds">Archives, one after another.</param>
/// <param name="Options">Kernel line.</param>
public sealed record DirectBoot(IReadOnlyList<string> Initrds, string Options);

/// <summary>A PC.</summary>
public sealed record PcPlan
{
    /// <summary>Its firmware.</summary>
    public Firmware Firmware { get; init; } = Firmware.Bios;

    /// <summary>File with the variables of its UEFI firmware, kept between boots and made when it is not there; empty for new ones at each boot.</summary>
    public string Variables { get; init; } = "";

    /// <summary>The UUID in its firmware, by which, with its network card, it knows itself again.</summary>
    public string Uuid { get; init; } = "b007c0de-0000-4000-8000-000000000001";

    /// <summary>Its processors. More than one make an emulated PC slower wherever they have to agree.</summary>
    public int Processors { get; init; } = 1;

    /// <summary>True for a PC with a display adapter; without one its only console is the serial line.</summary>
    public bool HasScreen { get; init; }

    /// <summary>Its memory in MiB.</summary>
    public int Memory { get; init; } = 1024;

    /// <summary>Its disks, in the order in which they are attached.</summary>
    public IReadOnlyList<PcDisk> Disks { get; init; } = [];

    /// <summary>The kernel that it boots at once; null to let the firmware find something.</summary>
    public DirectBoot? Kernel { get; init; }

    /// <summary>False for a PC without a network card.</summary>
    public bool HasNetwork { get; init; } = true;

    /// <summary>Folder and file that are offered by TFTP (network boot, the only one then); null for none.</summary>
    public (string Folder, string File)? Tftp { get; init; }

    /// <summary>The network that its card plugs into, and the card's address; null for QEMU's own network. Network boot is the only way to boot then.</summary>
    public (PrivateNetwork Network, string Card)? Plug { get; init; }

    /// <summary>The clock at the start, as QEMU's <c>-rtc base=</c> takes it.</summary>
    public string Clock { get; init; } = "utc";

    /// <summary>More arguments for QEMU.</summary>
    public IReadOnlyList<string> More { get; init; } = [];
}
