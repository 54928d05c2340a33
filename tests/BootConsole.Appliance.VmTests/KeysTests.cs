// A technician at the serial console of a booted PC: everything by keys alone.
using BootConsole.Appliance.VmTests.Pc;
using BootConsole.TestKit;
using Xunit.Abstractions;

namespace BootConsole.Appliance.VmTests;

public sealed class KeysTests(ITestOutputHelper output)
{
    private const string Password = "correct horse battery";

    [Fact]
    public async Task A_disk_is_backed_up_and_restored_by_keys_alone_and_the_PC_switched_off()
    {
        await using var server = await GuestServer.StartAsync();
        using var folder = new TempFolder();
        using var archive = new PcArchive();
        var (disk, target) = (SampleDisk.Make(folder["disk"]), PartitionedImage.Sparse(folder["target"], SampleDisk.Bytes));
        var address = server.Sshd.Address() with { Host = GuestServer.Host };
        File.WriteAllText(folder["known_hosts"], $"[{GuestServer.Host}]:{server.Sshd.Port} {server.Sshd.PublicKey("hostkey")}\n");
        var settings = archive.Make($"[pc]\nname = \"vm-pc\"\n{server.Settings}", server.Key, ("/etc/bootconsole/known_hosts", folder["known_hosts"]));
        using var pc = await VirtualPc.StartAsync(new PcPlan
        {
            Disks = [new PcDisk(disk, "SOURCE"), new PcDisk(target, "TARGET")],
            Kernel = new DirectBoot([BootParts.Base, settings], "console=ttyS0"),
        });
        await pc.ShowsAsync("Stores of the settings: server", "Back up");
        await pc.PressAsync("1", "Which disks?", "SOURCE", "TARGET");
        await pc.PressAsync("Enter", "Where to?", "server");
        await pc.PressAsync("Enter", "How?", "Encryption");
        await pc.PressAsync("Enter", "New password");
        await pc.EnterAsync(Password, "The same again", "21 characters.");
        await pc.EnterAsync(Password, "Start the backup?", "Enter Start");
        await pc.PressAsync("Enter", "DONE, and checked.", "To the menu");
        await pc.PressAsync("Enter", "Welcome");

        // The same store again, as one who has no settings file gives it.
        await pc.PressAsync("2", "From where?", "Another folder or server");
        await pc.PressAsync("End");
        await pc.PressAsync("Enter", "Key for ssh");
        pc.Write(address.ToString());
        await pc.PressAsync("Down");
        pc.Write("/etc/bootconsole/id_ed25519");
        await pc.PressAsync("Down");
        pc.Write("/etc/bootconsole/known_hosts");
        await pc.PressAsync("Enter", "Which image?", "encrypted");
        await pc.PressAsync("Enter", "The password of the image");
        await pc.EnterAsync("wrong", "Trouble:", "password");
        await pc.EnterAsync(Password, "Onto which disk?", "TARGET");
        await pc.PressAsync("End");
        await pc.PressAsync("Enter", "only the chunks");
        await pc.PressAsync("Enter", "Overwrite?", "Enter Overwrite this disk");
        await pc.EnterAsync("yes", "That is not what");
        for (var count = 0; count < 3; count++) await pc.PressAsync("BSpace");
        await pc.EnterAsync("TARGET", "DONE, and checked.", "restored");
        await pc.PressAsync("Enter", "Welcome");
        await GuestShell.OpenAsync(pc);
        await pc.EnterAsync("poweroff");
        await pc.EndsAsync();
        SystemTool.Run("cmp", disk, target);
        pc.Report(output, "backup and restore by keys");
    }
}
