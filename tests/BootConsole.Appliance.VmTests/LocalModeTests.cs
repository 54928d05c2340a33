// A PC without server and network: images go to a second disk, by its label.
using BootConsole.Appliance.VmTests.Pc;
using BootConsole.TestKit;
using Xunit.Abstractions;

namespace BootConsole.Appliance.VmTests;

public sealed class LocalModeTests(ITestOutputHelper output)
{
    private const string Serial = "VM-DISK-1";

    private const string Common = """
        [pc]
        name = "vm-pc"
        address = "none"
        [[storage]]
        name = "medium"
        url = "label:BACKUP"

        """;

    [Fact]
    public async Task A_PC_without_network_backs_itself_up_to_a_medium_and_restores_itself_from_there()
    {
        using var folder = new TempFolder();
        using var archive = new PcArchive();
        var (disk, wiped) = (SampleDisk.Make(folder["disk"]), PartitionedImage.Sparse(folder["wiped"], SampleDisk.Bytes));
        var ext4 = Medium(folder["ext4"], "mkfs.ext4", "-q", "-F", "-L", "BACKUP");
        PcDisk[] media = [new(ext4, "MEDIUM"), new(Medium(folder["ntfs"], "mkfs.ntfs", "-q", "-Q", "-F", "-L", "NTFS"), "M-NTFS"), new(Medium(folder["exfat"], "mkfs.exfat", "-L", "EXFAT"), "M-EXFAT")];
        using (var pc = await StartAsync(archive.Make($$"""
            {{Common}}
            [backup]
            store = "medium"
            disks = ["serial:{{Serial}}"]
            encryption = "none"
            [job]
            action = "backup"
            countdown = 0
            """), [new PcDisk(disk, Serial), .. media]))
        {
            await pc.ShowsAsync("DONE, and checked.");
            await pc.PressAsync("Enter", "Welcome", "Network: No network is brought up");
            var shell = await GuestShell.OpenAsync(pc);
            foreach (var label in (string[])["NTFS", "EXFAT"])
            {
                await shell.DoAsync($"bootconsole backup --store label:{label} --disk serial:{Serial} --no-encryption --verify");
                await shell.DoAsync($"bootconsole verify --store label:{label} latest");
            }

            Assert.DoesNotContain("/dev/vd", await shell.DoAsync("cat /proc/mounts"), StringComparison.Ordinal);
            await pc.EnterAsync("poweroff");
            await pc.EndsAsync();
            pc.Report(output, "backup to ext4, NTFS and exFAT");
        }

        using (var pc = await StartAsync(archive.Make($$"""
            {{Common}}
            [restore]
            store = "medium"
            image = "latest"
            disks = ["serial:{{Serial}}"]
            overwrite = ["{{Serial}}"]
            only_differences = false
            [job]
            action = "restore"
            countdown = 1
            afterwards = "poweroff"
            """), [media[0], new PcDisk(wiped, Serial)]))
        {
            await pc.EndsAsync();
            Assert.Contains("restored", pc.Log, StringComparison.Ordinal);
            pc.Report(output, "restore");
        }

        SystemTool.Run("cmp", disk, wiped);
    }

    private static string Medium(string path, string program, params string[] arguments)
    {
        PartitionedImage.Sparse(path, 256 << 20);
        SystemTool.Run(program, [.. arguments, path]);
        return path;
    }

    private static Task<VirtualPc> StartAsync(string archive, PcDisk[] disks) =>
        VirtualPc.StartAsync(new PcPlan { Memory = 768, HasNetwork = false, Disks = disks, Kernel = new DirectBoot([BootParts.Base, archive], "console=ttyS0") });
}
