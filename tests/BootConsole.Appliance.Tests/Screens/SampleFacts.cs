// Disks, stores and images as screens may see them, odd ones included.
using BootConsole.Appliance.Output;
using BootConsole.Appliance.Screens;
using BootConsole.Core;
using BootConsole.Disks;
using BootConsole.Disks.Finding;
using BootConsole.Images;

namespace BootConsole.Appliance.Tests.Screens;

/// <summary>What the screens are shown with.</summary>
internal static class SampleFacts
{
    internal static DateTimeOffset Now { get; } = new(2026, 11, 21, 14, 30, 5, TimeSpan.FromHours(1));

    internal static StoreWay Server { get; } = new("server", StoreAddress.Parse("sftp://office-pc@backup.example:22/"), new SshSettings());

    // A key of nothing but zeros, in the form of RFC 8709.
    private static SshSettings ByAuthority => new() { KnownHostsLines = ["@cert-authority backup.example ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAI" + new string('A', 43)], IdentityFile = "/nowhere/id_ed25519", OnlyTheseValues = true };

    internal static OpenStore Store { get; } = new(Server, "sftp://office-pc@backup.example:22/", 812L << 30, HasKeys: false);

    internal static OpenStore Leased { get; } = Store with { Contract = Contract("""{"version":1,"customer":"Example Ltd","until":"2026-12-10T00:00:00Z","state":"full","images":{"limit":12,"used":11},"bytes":{"limit":2199023255552,"used":1099511627776},"deletion":"allowed"}""") };

    internal static OpenStore Ended { get; } = Store with { Contract = Contract("""{"version":1,"until":"2026-11-01T00:00:00Z","grace_until":"2026-12-01T00:00:00Z","state":"readonly"}""") };

    internal static Facts Facts { get; } = new() { Pc = "office-pc", Program = "bootconsole 0.1.0", Now = Now };

    internal static Facts WithStores { get; } = Facts with { Stores = [Server, new StoreWay("usb", StoreAddress.Parse("/media/usb/backups"), new SshSettings())] };

    internal static Setup.EnrolmentPlace Place { get; } = new("office-pc", new Settings.ServerSettings((SftpAddress)Server.Address, ByAuthority) { Enrol = "http://192.0.2.1:8080/enrol" });

    internal static Facts Keyless { get; } = WithStores with { Enrolment = Place, IsBootImage = true };

    internal static Facts WaitingForKey { get; } = Keyless with { WaitingJob = "backup 'nightly' (incremental) of serial:S5GXNF0R412345 to the store 'server'" };

    internal static FaultReport Trouble { get; } = new("The server does not answer: backup.example port 22. Found: no route to host.", "Nothing was written.", "Check the network and the server, then try again.");

    internal static DiskRow Nvme { get; } = Disk("/dev/nvme0n1", 512L << 30, "nvme", "Samsung SSD 980 PRO", "S5GXNF0R412345", [(1, 1, 512, "vfat", "EFI"), (2, 513, 120_000, "ntfs", "Windows"), (3, 120_513, 380_000, "ext4", "linux")]);

    internal static DiskRow Usb { get; } = Disk("/dev/sdb", 2L << 40, "usb", "外付けHDD 東芝", "", [], backup: "", restore: "The store lies on it: /dev/sdb1 is mounted at /media/usb.") with { Partitions = [new PartitionRow(1, new ByteRange(1 << 20, (2L << 40) - (2 << 20)), "exfat", "BACKUP")] };

    internal static DiskRow System { get; } = Disk("/dev/sda", 64L << 30, "sata", "QEMU HARDDISK", "QM00001", [], "It holds the running system: /dev/sda2 is mounted at /.", "It holds the running system: /dev/sda2 is mounted at /.");

    internal static ImageListing Done { get; } = Image("2026-11-20T020000Z_office-pc_nightly", ImageKind.Incremental, keyId: new string('a', 64), minimum: 245L << 30);

    internal static ImageListing Open { get; } = Image("2026-11-13T020000Z_office-pc_before-update", ImageKind.Full, keyId: null, unreadable: 4096);

    internal static ImageListing TwoDisks { get; } = Open with { Manifest = Open.Manifest! with { Disks = [Open.Manifest!.Disks[0], Open.Manifest!.Disks[0] with { Serial = "SECOND", Unreadable = [] }] } };

    private static StateRecord CutRecord => new()
    {
        Format = StateRecord.FormatName,
        Version = 1,
        Id = "2026-11-21T020000Z_office-pc_nightly",
        State = JobState.Failed,
        Token = "0",
        Kind = ImageKind.Incremental,
        Created = Now,
        Pc = "office-pc",
        KeyId = new string('a', 64),
        Pad = 0,
        Disks = [new StateDisk("/dev/nvme0n1", "Samsung SSD 980 PRO", "S5GXNF0R412345", "", 512L << 30, 512, 1 << 20)],
    };

    internal static ImageListing Cut { get; } = new() { Id = Id("2026-11-21T020000Z_office-pc_nightly"), State = "failed", Kind = ImageKind.Incremental, Reason = "the connection was lost", Record = CutRecord };

    internal static ImageListing Other { get; } = Image("2026-11-19T020000Z_reception_nightly", ImageKind.Full, keyId: null);

    internal static Setup.NetworkView Network { get; } = new([new("eth0", "52:54:00:12:34:56", true, ["192.0.2.17/24"], ["192.0.2.1"]), new("eth1", "52:54:00:12:34:57", false, [], [])], ["192.0.2.53"]);

    internal static Setup.SetupReport NetworkTrouble { get; } = Setup.SetupReport.Empty.And("eth0 has the address 192.0.2.17/24 by DHCP, the gateway 192.0.2.1; names are resolved by 192.0.2.53.").Or("No cable with a link: eth1.", "Plug the cable in at both ends, then set the network up again (Network in the menu).");

    internal static IReadOnlyList<Setup.NetworkCheck> Checks { get; } =
    [
        new("link", true, "eth0: there is somebody at the other end of the cable."),
        new("address", true, "192.0.2.17/24"),
        new("gateway", true, "192.0.2.1 answers on eth0."),
        new("name", false, "No address of backup.example: the name server (192.0.2.53) does not answer, or does not know the name."),
    ];

    internal static IReadOnlyList<DiskRow> Disks { get; } = [System, Nvme, Usb];

    internal static ImageListing Published { get; } = Image("2026-11-21T090000Z_golden_office-install", ImageKind.Full, keyId: null, minimum: 40L << 30, note: "Partition 2: Windows was hibernated; its files may be older than what its memory holds.") with { Published = "head-office" };

    internal static IReadOnlyList<ImageListing> Images { get; } = [Open, Other, Done, Cut, Published];

    private static ImageId Id(string text) => ImageId.TryParse(text, out var id) ? id : throw new InvalidOperationException(text);

    private static DiskRow Disk(string path, long length, string attachment, string model, string serial, IReadOnlyList<(int Number, long Start, long Length, string FileSystem, string Label)> partitions, string backup = "", string restore = "") => new(
        new DiskInfo { Path = path, CanonicalPath = path, Length = length, SectorBytes = 512, PhysicalSectorBytes = 4096, IsImageFile = false, Model = model, Serial = serial, Attachment = attachment },
        [.. partitions.Select(partition => new PartitionRow(partition.Number, new ByteRange(partition.Start << 20, partition.Length << 20), partition.FileSystem, partition.Label))],
        backup,
        restore);

    private static ImageListing Image(string text, ImageKind kind, string? keyId, long unreadable = 0, long? minimum = null, string? note = null)
    {
        var disk = new ManifestDisk
        {
            Model = "Samsung SSD 980 PRO",
            Serial = "S5GXNF0R412345",
            Path = "/dev/nvme0n1",
            Size = 512L << 30,
            MinimumBytes = minimum,
            Notes = note is null ? [] : [note],
            SectorBytes = 512,
            PhysicalSectorBytes = 4096,
            ChunkBytes = 1 << 20,
            Counts = new KindCounts(),
            Unreadable = unreadable > 0 ? [new StoredRange(1 << 20, unreadable)] : [],
            Layout = new StoredFile("layout.json", 100, new string('0', 64)),
            Tables = [],
            Segments = [],
        };
        var id = Id(text);
        return new ImageListing
        {
            Id = id,
            State = "done",
            Kind = kind,
            Manifest = new Manifest
            {
                Format = Manifest.FormatName,
                Version = Manifest.CurrentVersion,
                Id = text,
                Kind = kind,
                Created = id.Time,
                Finished = id.Time,
                ClockTrusted = true,
                Pc = new PcRecord { Name = id.Pc, Firmware = "uefi" },
                KeyId = keyId,
                Pad = 0,
                DurabilityConfirmed = true,
                Disks = [disk],
                Program = "bootconsole 0.1.0",
                DurationSeconds = 60,
                ReadBytes = 100L << 30,
                StoredBytes = 48L << 30,
            },
        };
    }

    // As a store would have it: read by the reader that reads them.
    private static StoreContract Contract(string json)
    {
        using var folder = new TestKit.TempFolder();
        File.WriteAllText(folder["contract.json"], json);
        return Task.Run(async () =>
        {
            await using var store = await new Stores.StoreOpener(StoreAddress.Parse(folder.Path), new SshSettings(), new BootConsole.Host.ProgramRunner()).OpenForReadingAsync(CancellationToken.None);
            return await StoreContract.ReadAsync(store, CancellationToken.None);
        }).GetAwaiter().GetResult()!;
    }
}
