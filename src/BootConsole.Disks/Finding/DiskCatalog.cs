// Which block devices are disks to back up, and what the others are.
using BootConsole.Core;
using BootConsole.Host;

namespace BootConsole.Disks.Finding;

/// <summary>Sorts what lsblk lists into whole disks and other devices.</summary>
internal sealed class DiskCatalog
{
    private const int SectorBytesMinimum = 512;
    private const int SectorBytesMaximum = 4096;
    private readonly Dictionary<DeviceNumber, LoopDevice> _loops;
    private readonly DiskUses _uses;
    private readonly SysfsBlock _sysfs;
    private readonly List<FoundDisk> _disks = [];
    private readonly List<OtherDevice> _others = [];

    internal DiskCatalog(IReadOnlyList<BlockNode> nodes, IReadOnlyList<LoopDevice> loops, DiskUses uses, SysfsBlock sysfs)
    {
        _loops = loops.ToDictionary(loop => loop.Device);
        _uses = uses;
        _sysfs = sysfs;
        foreach (var node in nodes)
        {
            if (WhyNoDisk(node) is { } sentence) _others.Add(new OtherDevice(node.Path, node.Device, sentence));
            else _disks.Add(Disk(node));
            AddParts(node, node.Path);
        }
    }

    internal IReadOnlyList<FoundDisk> Disks => [.. _disks.Where(disk => !disk.IsLoop), .. _disks.Where(disk => disk.IsLoop)];

    /// <summary>Each device once, though lsblk lists a RAID array below each of its disks.</summary>
    internal IReadOnlyList<OtherDevice> Others => [.. _others.DistinctBy(other => other.Device)];

    private string? WhyNoDisk(BlockNode node) => (node.Type, node.KernelName) switch
    {
        ("disk", ['z', 'r', 'a', 'm', ..] or ['r', 'a', 'm', ..]) => "It is memory, not a disk.",
        ("disk", ['f', 'd', ..]) => "It is a floppy drive.",
        ("disk", ['m', 'm', 'c', 'b', 'l', 'k', .. var number]) when number.AsSpan().IndexOfAnyExceptInRange('0', '9') >= 0 =>
            "It is a boot area inside an eMMC chip, not the disk.",
        ("disk", ['n', 'b', 'd', ..]) when node.Length == 0 => "It is a network block device that is not connected.",
        ("disk", _) => null,
        ("loop", _) => _loops.ContainsKey(node.Device) ? null : "It is a loop device without a file behind it.",
        ("rom", _) => "It is an optical drive.",
        (var type, _) => Logical(type),
    };

    private void AddParts(BlockNode parent, string disk)
    {
        foreach (var child in parent.Children)
        {
            var sentence = child.Type == "part" ? $"It is a partition of {disk}." : $"{Logical(child.Type)[..^1]} on {disk}.";
            _others.Add(new OtherDevice(child.Path, child.Device, sentence));
            AddParts(child, disk);
        }
    }

    private static string Logical(string type) => type switch
    {
        "lvm" => "It is an LVM volume.",
        "crypt" => "It is an opened encrypted volume.",
        "mpath" => "It is a multipath device.",
        _ when type.StartsWith("raid", StringComparison.Ordinal) || type is "md" or "linear" => "It is a RAID array.",
        _ => $"It is a logical device ({Printable.Of(type)}).",
    };

    private FoundDisk Disk(BlockNode node)
    {
        var loop = _loops.GetValueOrDefault(node.Device);
        var info = new DiskInfo
        {
            Path = node.Path,
            CanonicalPath = node.Path,
            Length = node.Length,
            SectorBytes = node.SectorBytes,
            PhysicalSectorBytes = Math.Max(node.PhysicalSectorBytes, node.SectorBytes),
            IsImageFile = false,
            Model = Said(_sysfs.AtaModel(node.KernelName), Said(node.Model, _sysfs.Model(node.KernelName))),
            Serial = Said(node.Serial, _sysfs.Serial(node.KernelName)),
            Wwn = Said(node.Wwn, _sysfs.Wwn(node.KernelName)),
            Attachment = Attachment(node),
            Identity = new FileIdentity(FileKind.BlockDevice, default, 0, node.Device),
            Sequence = _sysfs.Sequence(node.KernelName),
        };
        return new FoundDisk(info, node.Device, [.. _uses.Refusals(node), .. OwnRefusals(node)])
        {
            IsRemovable = node.IsRemovable,
            IsReadOnly = node.IsReadOnly,
            Backing = loop?.Backing,
            MountPoints = _uses.MountPoints(node),
        };
    }

    private static IEnumerable<DiskRefusal> OwnRefusals(BlockNode node)
    {
        if (node.Length == 0) yield return new DiskRefusal(RefusalReason.NoMedium, "It holds no medium.");
        else if (node.SectorBytes is < SectorBytesMinimum or > SectorBytesMaximum || node.Length % node.SectorBytes != 0)
            yield return new DiskRefusal(RefusalReason.OddSectors, $"Its sectors of {node.SectorBytes} bytes are not supported.");
        if (node.IsReadOnly) yield return new DiskRefusal(RefusalReason.ReadOnly, "It is read-only.");
    }

    private static string Said(string first, string otherwise) => first.Length > 0 ? first : otherwise;

    // lsblk knows the ways of SCSI, SATA, USB and NVMe; the others are in the name.
    private static string Attachment(BlockNode node) => (node.Transport, node.KernelName) switch
    {
        ({ Length: > 0 } transport, _) => transport,
        (_, ['l', 'o', 'o', 'p', ..]) => "loop",
        (_, ['n', 'v', 'm', 'e', ..]) => "nvme",
        (_, ['m', 'm', 'c', 'b', 'l', 'k', ..]) => "mmc",
        (_, ['x', 'v', 'd', ..]) => "xen",
        (_, ['v', 'd', ..]) => "virtio",
        (_, ['n', 'b', 'd', ..]) => "nbd",
        (_, ['s', 'd', ..]) => "scsi",
        _ => "",
    };
}
