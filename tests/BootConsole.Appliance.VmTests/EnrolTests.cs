// A PC that boots from the network has no key: its person gets it one at the console, and then it is a PC like others.
using BootConsole.Appliance.VmTests.Pc;
using BootConsole.Host;
using BootConsole.TestKit;
using Xunit.Abstractions;

namespace BootConsole.Appliance.VmTests;

public sealed class EnrolTests(ITestOutputHelper output) : IAsyncLifetime
{
    private const string Serial = "VM-DISK-1", Card = "52:54:00:12:34:56", Port = "2222", Boot = "/srv/media";

    private readonly TempFolder _folder = new();
    private readonly PrivateNetwork _network = PrivateNetwork.Make();
    // After the network: it sees what namespaces there are now.
    private readonly PrivateMachine _machine = PrivateMachine.Start(Path.GetDirectoryName(BootParts.Server)!);
    private readonly List<PipedProgram> _running = [];

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        foreach (var program in _running)
        {
            program.Kill();
            await program.DisposeAsync();
        }

        _machine.Dispose();
        await _network.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task A_PC_from_the_network_enrols_by_keys_alone_and_backs_up_to_its_server()
    {
        await ServeAsync("");
        var code = Code();
        using var pc = await StartAsync();
        await pc.ShowsAsync("Enrol this PC", "http://192.0.2.1:8080/enrol", "bootserver pc enrol office", "0 of 12");
        await pc.EnterAsync("0000-0000-0000", "Trouble: The server does not take this code for this PC", "No disk was touched", "Enter Enrol");
        await pc.PressAsync("DC", "0 of 12");
        await pc.EnterAsync(code.ToLowerInvariant(), "office has its key.", "until it is switched off", "The server lets this PC in", "Contract of Example Ltd", "Enter To the menu");
        await pc.PressAsync("Enter", "Stores of the settings: server", "> 1 Back up", "1-9 Choose at once");
        await pc.PressAsync("1", "Which disks?", Serial);
        await pc.PressAsync("Enter", "Where to?", "server");
        await pc.PressAsync("Enter", "How?", "Encryption");
        await pc.PressAsync("Enter", "Start the backup?", "Enter Start");
        await pc.PressAsync("Enter", "DONE, and checked.", "To the menu");
        Assert.Contains("full", Serve("images", "list", "office"), StringComparison.Ordinal);
        Serve("images", "verify", "office");
        Assert.DoesNotContain(code[..9], pc.Log, StringComparison.OrdinalIgnoreCase);
        pc.Report(output, "enrolment and backup by keys");
    }

    [Fact]
    public async Task An_unattended_job_waits_for_the_key_and_begins_when_it_is_there()
    {
        await ServeAsync("""
            [job]
            action = "backup"
            countdown = 1
            on_failure = "retry"
            afterwards = "poweroff"
            """);
        using var pc = await StartAsync();
        await pc.ShowsAsync("Enrol this PC", "Waits for that key, and was not begun: backup", "Esc Menu");
        await pc.EnterAsync(Code(), "office has its key.", "Enter begins it.");
        await pc.PressAsync("Enter");
        await pc.EndsAsync();
        Assert.Contains("every chunk checked", pc.Log, StringComparison.Ordinal);
        Assert.Contains("full", Serve("images", "list", "office"), StringComparison.Ordinal);
        pc.Report(output, "enrolment and unattended backup");
    }

    private async Task ServeAsync(string job)
    {
        Serve("init", "/srv/bootconsole", "--host", PrivateNetwork.Address, "--port", Port);
        Serve("contract", "add", "basic", "--customer", "Example Ltd", "--images", "5");
        _machine.Run("mkdir", Boot);
        _machine.Run("cp", "-r", BootParts.Folder, Boot + "/base");
        Serve("base", "import", Boot + "/base");
        File.WriteAllText(_machine[Boot + "/pc.toml"], $"""
            [backup]
            store = "server"
            disks = ["serial:{Serial}"]
            encryption = "none"
            verify = true
            {job}
            """);
        Serve("pc", "add", "office", "--contract", "basic", "--mac", Card, "--settings", Boot + "/pc.toml");
        Begin("sshd", "--listen", PrivateNetwork.Address);
        var serving = Begin("serve", "--interface", PrivateNetwork.Interface, "--dhcp", "full", "--range", "192.0.2.100,192.0.2.150", "--serial", "ttyS0");
        using var reader = new StreamReader(serving.Output, leaveOpen: true);
        while (await Eventually.EndsAsync(reader.ReadLineAsync()) is { } line)
            if (line.Contains("Ctrl-C ends it.", StringComparison.Ordinal)) return;
        throw new InvalidOperationException(serving.Errors);
    }

    private Task<VirtualPc> StartAsync() => VirtualPc.StartAsync(new PcPlan { Memory = 512, Plug = (_network, Card), Disks = [new PcDisk(SampleDisk.Make(_folder["disk"]), Serial)] });

    // What 'bootserver pc enrol' shows to the administrator.
    private string Code() => Serve("pc", "enrol", "office").Split('\n')[0].Split(' ')[^1].Trim();

    // The catalogue's commands need no network; what serves PCs does.
    private PipedProgram Begin(params string[] arguments)
    {
        var program = _machine.Begin("ip", _network.Inside(PrivateMachine.Program, arguments));
        _running.Add(program);
        return program;
    }

    private string Serve(params string[] arguments)
    {
        var result = _machine.Serve(arguments);
        return result.Succeeded ? result.Output : throw new InvalidOperationException($"bootserver {string.Join(' ', arguments)}: {result}");
    }
}
