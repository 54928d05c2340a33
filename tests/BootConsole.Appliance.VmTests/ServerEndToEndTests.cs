// All of it together: a server from an empty folder, boot media that it issues, PCs that boot them and come in for exactly what their contract says.
using BootConsole.Appliance.VmTests.Pc;
using BootConsole.TestKit;
using Xunit.Abstractions;

namespace BootConsole.Appliance.VmTests;

public sealed class ServerEndToEndTests(ITestOutputHelper output) : IDisposable
{
    private const string Serial = "VM-DISK-1";
    private const string Boot = "/srv/media";

    private readonly TempFolder _folder = new();
    private readonly PrivateMachine _machine = PrivateMachine.Start(Path.GetDirectoryName(BootParts.Server)!);

    [Fact]
    public async Task A_PC_backs_up_by_the_image_it_was_issued_reads_when_the_contract_has_ended_and_is_refused_when_it_is_revoked()
    {
        var port = FreePort.Find();
        Serve("init", "/srv/bootconsole", "--host", GuestServer.Host, "--port", $"{port}");
        await using var sshd = _machine.Begin(PrivateMachine.Program, "sshd", "--listen", "127.0.0.1");
        Serve("contract", "add", "basic", "--customer", "Example Ltd", "--images", "5");
        _machine.Run("mkdir", Boot);
        _machine.Run("cp", "-r", BootParts.Folder, Boot + "/base");
        Serve("base", "import", Boot + "/base");
        File.WriteAllText(_machine[Boot + "/backup.toml"], Backup);
        File.WriteAllText(_machine[Boot + "/restore.toml"], Restore("latest"));
        Serve("pc", "add", "office", "--contract", "basic", "--settings", Boot + "/backup.toml");
        Serve("bootimage", "build", "office", "--medium", "iso", "--out", Boot + "/backup.iso", "--serial", "ttyS0");
        Serve("bootimage", "build", "office", "--medium", "iso", "--settings", Boot + "/restore.toml", "--out", Boot + "/restore.iso", "--serial", "ttyS0");

        var disk = SampleDisk.Make(_folder["disk"]);
        await RunAsync("backup", "backup", disk, pc => pc.EndsAsync(), "every chunk checked");
        var listed = Serve("images", "list", "office");
        Assert.Contains("full", listed, StringComparison.Ordinal);
        Serve("images", "verify", "office");
        Assert.Contains("1 of 5", Serve("pc", "list"), StringComparison.Ordinal);

        Serve("contract", "end", "basic");
        await RunAsync("backup after the end", "backup", disk, pc => pc.ShowsAsync("lets images only be read"));
        var wiped = PartitionedImage.Sparse(_folder["wiped"], SampleDisk.Bytes);
        await RunAsync("restore after the end", "restore", wiped, pc => pc.EndsAsync(), "restored");
        SystemTool.Run("cmp", disk, wiped);

        Serve("bootimage", "revoke", "2");
        await RunAsync("revoked", "restore", wiped, pc => pc.ShowsAsync("The server refuses the login", "the certificate or contract has not ended"));
    }

    [Fact]
    public async Task One_published_image_is_restored_to_three_PCs()
    {
        var port = FreePort.Find();
        Serve("init", "/srv/bootconsole", "--host", GuestServer.Host, "--port", $"{port}");
        await using var sshd = _machine.Begin(PrivateMachine.Program, "sshd", "--listen", "127.0.0.1");
        Serve("contract", "add", "basic");
        _machine.Run("mkdir", Boot);
        _machine.Run("cp", "-r", BootParts.Folder, Boot + "/base");
        Serve("base", "import", Boot + "/base");
        File.WriteAllText(_machine[Boot + "/backup.toml"], Backup);
        Serve("pc", "add", "master", "--contract", "basic", "--settings", Boot + "/backup.toml");
        Serve("bootimage", "build", "master", "--medium", "iso", "--out", Boot + "/backup.iso", "--serial", "ttyS0");
        var disk = SampleDisk.Make(_folder["disk"]);
        await RunAsync("backup of the master", "backup", disk, pc => pc.EndsAsync(), "every chunk checked");
        var image = Path.GetFileName(Directory.GetDirectories(_machine["/srv/bootconsole/pcs/master/images"]).Single());
        File.WriteAllText(_machine[Boot + "/restore.toml"], Restore(image));
        foreach (var name in (string[])["room-1", "room-2", "room-3"])
        {
            Serve("pc", "add", name, "--contract", "basic", "--settings", Boot + "/restore.toml");
            Serve("images", "publish", image, "--to", name);
            Serve("bootimage", "build", name, "--medium", "iso", "--out", $"{Boot}/{name}.iso", "--serial", "ttyS0");
            var target = PartitionedImage.Sparse(_folder[name], SampleDisk.Bytes);
            await RunAsync("restore to " + name, name, target, pc => pc.EndsAsync(), "restored");
            SystemTool.Run("cmp", disk, target);
        }
    }

    public void Dispose()
    {
        _machine.Dispose();
        _folder.Dispose();
    }

    private const string Backup = $"""
        [backup]
        store = "server"
        disks = ["serial:{Serial}"]
        encryption = "none"
        verify = true
        [job]
        action = "backup"
        countdown = 1
        afterwards = "poweroff"
        """;

    private static string Restore(string image) => $"""
        [restore]
        store = "server"
        image = "{image}"
        disks = ["serial:{Serial}"]
        overwrite = ["{Serial}"]
        only_differences = false
        [job]
        action = "restore"
        countdown = 1
        afterwards = "poweroff"
        """;

    private string Serve(params string[] arguments)
    {
        var result = _machine.Serve(arguments);
        return result.Succeeded ? result.Output : throw new InvalidOperationException($"bootserver {string.Join(' ', arguments)}: {result}");
    }

    private async Task RunAsync(string what, string medium, string disk, Func<VirtualPc, Task> wait, params string[] said)
    {
        using var pc = await VirtualPc.StartAsync(new PcPlan { Memory = 512, Disks = [new PcDisk(disk, Serial), new PcDisk(_machine[$"{Boot}/{medium}.iso"], "MEDIUM") { Bus = Bus.Cd, BootsFirst = true }] });
        await wait(pc);
        foreach (var words in said) Assert.Contains(words, pc.Log, StringComparison.Ordinal);
        pc.Report(output, what);
    }
}
