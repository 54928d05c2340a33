// A server whose file system holds a PC to its contract's space: Debian's kernel, ext4 with quotas, and the limits that bootserver sets.
using System.Globalization;
using System.Text;
using BootConsole.Appliance.VmTests.Pc;
using BootConsole.Host;
using BootConsole.Images;
using BootConsole.Server.Catalogue;
using BootConsole.Server.Stores;
using BootConsole.TestKit;
using Xunit.Abstractions;

namespace BootConsole.Appliance.VmTests;

public sealed class ServerQuotaTests(ITestOutputHelper output) : IDisposable
{
    private const string User = "bc-office", Store = "/srv/pcs/office";
    private const int MiB = 1 << 20;
    private static readonly CancellationToken None = CancellationToken.None;

    private readonly TempFolder _folder = new();

    [Fact]
    public async Task A_backup_that_reaches_the_contracts_space_ends_clearly_earlier_images_stay_and_deletion_gives_room()
    {
        using var server = new ServerPc(Plan(_folder["xfs"]));
        using var pc = await server.StartAsync();
        pc.Report(output, "server is on");
        var programs = new ServerPrograms(server);
        var quota = new SpaceQuota(programs, "/srv/pcs");
        var standing = await quota.FindAsync(None);
        Assert.True(standing is { IsEnforced: true, Mount: "/srv" }, $"{standing}");

        // 20 MiB are left to the user: the rest of the contract's space, with its allowance, is sealed.
        var contract = new Contract { Name = "basic", Customer = "Example Ltd", FirstDay = new DateOnly(2026, 1, 1), GraceDays = 30, SpaceBytes = 96 * MiB, AllowsDeletion = true, Media = ["iso"], MinimumAgeDays = 7 };
        var limit = SpaceLimit.Of(contract, new FolderSum(140 * MiB, 5));
        Assert.Equal(20 * 1024, limit.KiB);
        await quota.SetAsync(User, limit, None);
        Assert.Equal(limit, (await quota.LimitsAsync(None))[User]);
        var office = new BootConsole.Server.Catalogue.Pc { Name = "office", Account = User, Contract = "basic" };
        await programs.DoAsync($"cat > {Store}/contract.json", Encoding.UTF8.GetString(ImageJson.Write(ContractFile.Record(office, contract, new StoreUse(0, 0, null), DateTimeOffset.UtcNow))));

        File.WriteAllBytes(_folder["first"], RandomBytes.Of(1, 12 * MiB));
        File.WriteAllBytes(_folder["second"], RandomBytes.Of(2, 12 * MiB));
        var made = Bootconsole(server, "backup", "--disk", _folder["first"], "--name", "first", "--no-encryption");
        Assert.True(made.ExitCode == 0, $"{made}");
        var refused = Bootconsole(server, "backup", "--disk", _folder["second"], "--name", "second", "--no-encryption");
        output.WriteLine(refused.Error);
        Assert.True(refused.ExitCode == 1, $"{refused}");
        foreach (var words in (string[])["The contract's space is used up", "96.0 MiB at most, by the contract of Example Ltd", "Delete images that are no longer needed"]) Assert.Contains(words, refused.Error, StringComparison.OrdinalIgnoreCase);

        // Whoever has the PC's key gets no further without the program.
        File.WriteAllBytes(_folder["flood"], RandomBytes.Of(3, 30 * MiB));
        var flood = SystemTool.Try("sh", "-c", $"echo 'put {_folder["flood"]} runs/flood' | sftp -F none -b - -o UserKnownHostsFile={server.KnownHosts} -o IdentityFile={server.Identity} -P {server.Port} {User}@127.0.0.1");
        Assert.NotEqual(0, flood.ExitCode);
        var usedKiB = long.Parse((await programs.DoAsync("repquota -u -O csv /srv")).Split('\n').Single(line => line.StartsWith(User + ",", StringComparison.Ordinal)).Split(',')[3], CultureInfo.InvariantCulture);
        output.WriteLine($"{usedKiB} KiB are used of {limit.KiB}");
        Assert.InRange(usedKiB, limit.KiB - 1024, limit.KiB);

        // With nothing left, what is there can be read, restored and deleted.
        Verify(server, "first");
        var restored = Bootconsole(server, "restore", "first", "--disk", _folder["restored"]);
        Assert.True(restored.ExitCode == 0, $"{restored}");
        SystemTool.Run("cmp", _folder["first"], _folder["restored"]);
        var deleted = Bootconsole(server, "delete", "first");
        Assert.True(deleted.ExitCode == 0, $"{deleted}");
        await programs.DoAsync($"rm -f {Store}/runs/flood");
        var again = Bootconsole(server, "backup", "--disk", _folder["second"], "--name", "second", "--no-encryption");
        Assert.True(again.ExitCode == 0, $"{again}");
        Verify(server, "second");

        await quota.SetAsync(User, SpaceLimit.None, None);
        Assert.Equal(SpaceLimit.None, (await quota.LimitsAsync(None)).GetValueOrDefault(User, SpaceLimit.None));
        await CheckXfsAsync(programs);
        pc.Report(output, "all of it");
    }

    public void Dispose() => _folder.Dispose();

    // Nothing of a backup depends on the kind of file system: what differs is what the programs for quotas say of it.
    private async Task CheckXfsAsync(ServerPrograms programs)
    {
        var quota = new SpaceQuota(programs, "/xfs/pcs");
        Assert.True(await quota.FindAsync(None) is { IsEnforced: true, Mount: "/xfs" }, $"{await quota.FindAsync(None)}");
        await quota.SetAsync(User, new SpaceLimit(4096, 1000), None);
        Assert.Equal(new SpaceLimit(4096, 1000), (await quota.LimitsAsync(None))[User]);
        var flood = await programs.DoAsync($"chown 990 /xfs/pcs; su -s /bin/sh {User} -c 'dd if=/dev/zero of=/xfs/pcs/flood bs=64k count=200' 2>&1 || true");
        output.WriteLine(flood);
        Assert.Contains("quota", flood, StringComparison.OrdinalIgnoreCase);
        await quota.SetAsync(User, SpaceLimit.None, None);
        Assert.Equal(SpaceLimit.None, (await quota.LimitsAsync(None)).GetValueOrDefault(User, SpaceLimit.None));
        // Mounted without the option.
        Assert.Contains("no quotas of users switched on", (await new SpaceQuota(programs, "/plain").FindAsync(None)).WhyNot, StringComparison.Ordinal);
    }

    private static ServerPlan Plan(string xfs)
    {
        PartitionedImage.Sparse(xfs, 320 << 20);
        SystemTool.Run("mkfs.xfs", "-q", xfs);
        PartitionedImage.Sparse(xfs + "-plain", 64 << 20);
        SystemTool.Run("mkfs.ext4", "-q", "-F", xfs + "-plain");
        // The kernel's modules for quotas are not in the boot environment; they lie in the kernel's package, of which its modules come.
        var modules = Directory.GetFiles(Path.Combine(RepositoryFolder.Path, "artifacts/buildroot/merged/usr/lib/modules"), "quota_*.ko*", SearchOption.AllDirectories).Order(StringComparer.Ordinal).ToList();
        return new ServerPlan
        {
            Disks = [new PcDisk(xfs, "XFS"), new PcDisk(xfs + "-plain", "PLAIN")],
            MakeOptions = ["-O", "quota"],
            MountOptions = "usrquota",
            Programs = ["/usr/sbin/quotaon", "/usr/sbin/setquota", "/usr/sbin/repquota"],
            Files = [.. modules.Select(module => ("/quota/" + Path.GetFileName(module), module))],
            Before = ["ln -sf /proc/self/mounts /etc/mtab", .. modules.Select(module => "insmod /quota/" + Path.GetFileName(module))],
            After = ["mkdir -p /xfs /plain && /usr/sbin/modprobe xfs && mount -t xfs -o uquota /dev/vdb /xfs && mkdir /xfs/pcs && mount -t ext4 /dev/vdc /plain", "chmod 755 / /srv", $"mkdir -p {Store}/shared", $"cd {Store} && mkdir -p images leases keys bad runs && chown 990:990 images leases keys bad runs && chmod 700 images leases keys bad runs"],
            Users = [$"{User}:*:990:990::{Store}:/usr/sbin/nologin"],
            Sshd = [$"Match User {User}", "  ChrootDirectory %h", "  ForceCommand internal-sftp"],
        };
    }

    private static void Verify(ServerPc server, string image)
    {
        var result = Bootconsole(server, "verify", image);
        Assert.True(result.ExitCode == 0, $"{result}");
    }

    private static ProgramResult Bootconsole(ServerPc server, string command, params string[] arguments)
    {
        var dotnet = Path.GetFullPath(Path.Combine(System.Runtime.InteropServices.RuntimeEnvironment.GetRuntimeDirectory(), "../../.."));
        return SystemTool.Try("env", [$"DOTNET_ROOT={dotnet}", Path.Combine(AppContext.BaseDirectory, "bootconsole"), command, .. arguments, "--store", $"sftp://{User}@127.0.0.1:{server.Port}/", "--identity", server.Identity, "--known-hosts", server.KnownHosts]);
    }
}
