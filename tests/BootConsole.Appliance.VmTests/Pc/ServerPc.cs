// A server that is a PC itself: the boot environment's kernel and base with Debian's sshd, its store on an ext4 disk. Its power can be cut, and then what it had not flushed is lost.
using BootConsole.TestKit;

namespace BootConsole.Appliance.VmTests.Pc;

/// <summary>What a server has besides.</summary>
internal sealed record ServerPlan
{
    /// <summary>Further disks: /dev/vdb and so on.</summary>
    public IReadOnlyList<PcDisk> Disks { get; init; } = [];

    /// <summary>Options of mkfs.ext4 for its disk.</summary>
    public IReadOnlyList<string> MakeOptions { get; init; } = [];

    /// <summary>Options by which the disk is mounted.</summary>
    public string MountOptions { get; init; } = "defaults";

    /// <summary>Programs of the host that it has too.</summary>
    public IReadOnlyList<string> Programs { get; init; } = [];

    /// <summary>Further files, by their path in it.</summary>
    public IReadOnlyList<(string Path, string Source)> Files { get; init; } = [];

    /// <summary>What its shell does before the disk is mounted, a line each.</summary>
    public IReadOnlyList<string> Before { get; init; } = [];

    /// <summary>What its shell does when the disk is mounted at /srv, a line each.</summary>
    public IReadOnlyList<string> After { get; init; } = [];

    /// <summary>Further users, a line of /etc/passwd each.</summary>
    public IReadOnlyList<string> Users { get; init; } = [];

    /// <summary>Further lines of sshd's configuration.</summary>
    public IReadOnlyList<string> Sshd { get; init; } = [];
}

/// <summary>A server in a virtual PC, reached through a port of the host. Switched off at first.</summary>
internal sealed class ServerPc : IDisposable
{
    private const string Disk = "disk", Start = "start", Host = "hostkey", Client = "id";

    private static readonly string[] Programs = ["/usr/sbin/sshd", "/usr/lib/openssh/sftp-server"];

    private readonly TempFolder _folder = new();
    private readonly PcArchive _archive = new();
    private readonly ServerPlan _plan;
    private readonly string _extra;

    internal ServerPc(ServerPlan? plan = null)
    {
        plan ??= new ServerPlan();
        _plan = plan;
        foreach (var key in (string[])[Host, Client]) SystemTool.Run("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", key, "-f", _folder[key]);
        Directory.CreateDirectory(_folder["root/store"]);
        PartitionedImage.Sparse(_folder[Disk], 256L << 20);
        SystemTool.Run("mkfs.ext4", ["-q", "-F", .. plan.MakeOptions, "-d", _folder["root"], _folder[Disk]]);
        File.WriteAllText(_folder[Start], $"""
            #!/usr/bin/busybox sh
            # The first program of the server.
            . /usr/lib/bootconsole/environment
            mount -t proc proc /proc
            mount -t sysfs sysfs /sys
            mount -t devtmpfs devtmpfs /dev
            mount -t tmpfs -o mode=755 tmpfs /run
            mkdir -p /run/sshd /srv /dev/pts
            /usr/sbin/modprobe -a virtio_pci virtio_blk virtio_net virtio_rng ext4
            until ip link set eth0 up; do sleep 0.1; done
            ip address add 10.0.2.15/24 dev eth0
            ip route add default via 10.0.2.2
            {string.Join('\n', plan.Before)}
            until mount -t ext4 -o {plan.MountOptions} /dev/vda /srv; do sleep 0.1; done
            {string.Join('\n', plan.After)}
            exec /usr/sbin/sshd -D -e -f /etc/ssh/sshd_config
            """);
        SystemTool.Run("chmod", "755", _folder[Start]);
        File.WriteAllText(_folder["sshd_config"], $"""
            HostKey /etc/ssh/hostkey
            AuthorizedKeysFile /etc/ssh/authorized_keys
            StrictModes no
            UsePAM no
            UseDNS no
            PidFile none
            MaxSessions 20
            MaxStartups 50
            Subsystem sftp /usr/lib/openssh/sftp-server
            {string.Join('\n', plan.Sshd)}

            """);
        File.WriteAllLines(_folder["passwd"], ["root:x:0:0:root:/root:/bin/sh", "sshd:x:100:65534::/run/sshd:/bin/false", .. plan.Users]);
        _extra = _archive.Make("",
        [
            ("/server", _folder[Start]), ("/etc/passwd", _folder["passwd"]), ("/etc/ssh/sshd_config", _folder["sshd_config"]), ("/etc/ssh/hostkey", _folder[Host]),
            ("/etc/ssh/authorized_keys", _folder[Client + ".pub"]), .. Programs.Concat(plan.Programs).Select(program => (program, program)), .. Libraries([.. Programs, .. plan.Programs]), .. plan.Files,
        ]);
    }

    /// <summary>The port of the host that leads to it.</summary>
    internal int Port { get; } = FreePort.Find();

    /// <summary>Its client's key, for <see cref="PcArchive"/>.</summary>
    internal (string Path, string Source) Key => ("/etc/bootconsole/id_ed25519", _folder[Client]);

    /// <summary>The file of its client's key.</summary>
    internal string Identity => _folder[Client];

    /// <summary>The file by which programs of the host know it.</summary>
    internal string KnownHosts
    {
        get
        {
            File.WriteAllText(_folder["known_hosts"], $"[127.0.0.1]:{Port} {File.ReadAllText(_folder[Host + ".pub"])}");
            return _folder["known_hosts"];
        }
    }

    /// <summary><c>[server]</c> for a settings file, through a port of the host.</summary>
    internal string SettingsThrough(int port) => $"""
        [server]
        url = "sftp://root@{GuestServer.Host}:{port}/srv/store"
        host_keys = ["[{GuestServer.Host}]:{port} {string.Join(' ', File.ReadAllText(_folder[Host + ".pub"]).Split(' ')[..2])}"]
        identity = "/etc/bootconsole/id_ed25519"
        """;

    /// <summary>Switches it on; its disk is as it was left.</summary>
    internal async Task<VirtualPc> StartAsync()
    {
        var pc = await VirtualPc.StartAsync(new PcPlan
        {
            Memory = 512,
            Disks = [new PcDisk(_folder[Disk], "SERVER"), .. _plan.Disks],
            Kernel = new DirectBoot([BootParts.Base, _extra], "console=ttyS0 rdinit=/server"),
            HasNetwork = false,
            More = ["-netdev", $"user,id=net0,hostfwd=tcp:127.0.0.1:{Port}-:22", "-device", "virtio-net-pci,netdev=net0,romfile="],
        });
        await pc.SaysAsync("Server listening");
        return pc;
    }

    /// <summary>Mounts its disk on the host; the server has to be off.</summary>
    internal MountedFolder Mount(LoopDisk device) => MountedFolder.Mount(device.Path, _folder["mount"]);

    /// <summary>Attaches its disk on the host.</summary>
    internal LoopDisk Attach() => LoopDisk.Attach(_folder[Disk]);

    public void Dispose()
    {
        _archive.Dispose();
        _folder.Dispose();
    }

    // As the loader finds them on this machine, which runs the distribution that the base is made of.
    private static IEnumerable<(string Path, string Source)> Libraries(string[] programs) =>
        SystemTool.Run("ldd", programs).Split((char[])[' ', '\t', '\n']).Where(word => word.StartsWith("/lib/", StringComparison.Ordinal)).Distinct().Select(path => ("/usr" + path, path));
}
