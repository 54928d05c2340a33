// A PC as arguments of qemu-system-x86_64. Emulated (TCG): no test needs more than a plain machine.
using System.Globalization;
using BootConsole.TestKit;

namespace BootConsole.Appliance.VmTests.Pc;

/// <summary>Translates a plan.</summary>
internal static class QemuArguments
{
    private const string Ovmf = "/usr/share/OVMF/";

    /// <summary>The whole command line.</summary>
    /// <param name="plan">The PC.</param>
    /// <param name="folder">A folder for its monitor socket and the firmware's variables.</param>
    internal static IReadOnlyList<string> Of(PcPlan plan, string folder) =>
    [
        .. plan.Plug is { } plug ? plug.Network.Inside("qemu-system-x86_64").Prepend("ip") : ["qemu-system-x86_64"], "-accel", "tcg,thread=multi", "-cpu", "max", "-smp", Number(plan.Processors), "-m", Number(plan.Memory),
        "-display", "none", "-vga", plan.HasScreen ? "std" : "none", "-chardev", "stdio,id=serial,signal=off", "-serial", "chardev:serial", "-monitor", "none", "-no-reboot", "-rtc", $"base={plan.Clock}",
        "-qmp", $"unix:{Path.Combine(folder, "qmp")},server=on,wait=off", "-pidfile", Path.Combine(folder, "pid"), "-device", "virtio-rng-pci", "-uuid", plan.Uuid,
        .. FirmwareOf(plan.Firmware, plan.Variables.Length > 0 ? plan.Variables : Path.Combine(folder, "vars.fd")), .. KernelOf(plan.Kernel, folder), .. NetworkOf(plan), .. plan.Disks.SelectMany(DiskOf), .. plan.More,
    ];

    private static string Number(int number) => number.ToString(CultureInfo.InvariantCulture);

    private static IEnumerable<string> FirmwareOf(Firmware firmware, string variables)
    {
        var isSecure = firmware == Firmware.SecureBoot;
        yield return "-machine";
        yield return isSecure ? "q35,smm=on" : "q35";
        if (firmware == Firmware.Bios) yield break;
        if (!File.Exists(variables)) File.Copy(Ovmf + (isSecure ? "OVMF_VARS_4M.ms.fd" : "OVMF_VARS_4M.fd"), variables);
        if (isSecure)
            foreach (var argument in (string[])["-global", "driver=cfi.pflash01,property=secure,value=on"]) yield return argument;
        foreach (var argument in (string[])["-drive", $"if=pflash,format=raw,unit=0,readonly=on,file={Ovmf}{(isSecure ? "OVMF_CODE_4M.ms.fd" : "OVMF_CODE_4M.fd")}", "-drive", $"if=pflash,format=raw,unit=1,file={variables}"])
            yield return argument;
    }

    // QEMU takes one archive: they are put one after another, as a boot loader does, each at a multiple of 4 bytes.
    private static IEnumerable<string> KernelOf(DirectBoot? kernel, string folder)
    {
        if (kernel is null) return [];
        var all = Path.Combine(folder, "initrd");
        using (var joined = File.Create(all))
        {
            foreach (var initrd in kernel.Initrds)
            {
                using var one = File.OpenRead(initrd);
                one.CopyTo(joined);
                joined.SetLength(joined.Position = (joined.Length + 3) / 4 * 4);
            }
        }

        return ["-kernel", BootParts.Kernel, "-initrd", all, "-append", kernel.Options];
    }

    private static IEnumerable<string> NetworkOf(PcPlan plan)
    {
        if (!plan.HasNetwork) return ["-nic", "none"];
        if (plan.Plug is var (_, card))
            return ["-netdev", $"tap,id=net0,ifname={PrivateNetwork.Tap},script=no,downscript=no", "-device", $"virtio-net-pci,id=card0,netdev=net0,mac={card}{(plan.Firmware == Firmware.Bios ? "" : ",romfile=")},bootindex=0"];
        var tftp = plan.Tftp is { } boot ? $",tftp={boot.Folder},bootfile={boot.File}" : "";
        // The firmware's own boot ROM is for BIOS; OVMF brings its drivers.
        var rom = plan.Tftp is null || plan.Firmware != Firmware.Bios ? ",romfile=" : "";
        return ["-netdev", "user,id=net0" + tftp, "-device", $"virtio-net-pci,id=card0,netdev=net0{rom}{(plan.Tftp is null ? "" : ",bootindex=0")}"];
    }

    private static IEnumerable<string> DiskOf(PcDisk disk, int number)
    {
        var (drive, sectors) = ($"drive{number}", disk.SectorBytes == 512 ? "" : $",logical_block_size={disk.SectorBytes},physical_block_size={disk.SectorBytes}");
        var source = disk.Driver.Length > 0 ? disk.Driver : $"file={disk.Path}";
        yield return "-drive";
        yield return $"if=none,id={drive},format=raw,discard=unmap,{(disk.Bus == Bus.Cd ? "media=cdrom,readonly=on," : "")}{source}";
        var (device, before) = DeviceOf(disk.Bus, number);
        foreach (var argument in before) yield return argument;
        yield return "-device";
        yield return $"{device},id=disk{number},drive={drive},serial={disk.Serial}{sectors}{(disk.BootsFirst ? ",bootindex=0" : "")}";
    }

    private static (string Device, string[] Before) DeviceOf(Bus bus, int number) => bus switch
    {
        Bus.Virtio => ("virtio-blk-pci", []),
        Bus.VirtioSlot => ($"virtio-blk-pci,bus=slot{number}", ["-device", $"pcie-root-port,id=slot{number},slot={number + 1}"]),
        Bus.Ahci => ($"ide-hd,bus=ide.{number}", []),
        Bus.Nvme => ("nvme", []),
        Bus.Usb => ($"usb-storage,removable=on,bus=usb{number}.0", ["-device", $"qemu-xhci,id=usb{number}"]),
        Bus.Scsi => ($"scsi-hd,bus=scsi{number}.0", ["-device", $"virtio-scsi-pci,id=scsi{number}"]),
        Bus.Cd => ($"ide-cd,bus=ide.{number}", []),
        _ => throw new ArgumentOutOfRangeException(nameof(bus)),
    };
}
