// PCs that boot from `bootserver serve`: known ones come to the console, others to a menu that changes nothing.
using System.Globalization;
using System.Text;
using BootConsole.Appliance.VmTests.Pc;
using BootConsole.Host;
using BootConsole.TestKit;
using Xunit.Abstractions;

namespace BootConsole.Appliance.VmTests;

public sealed class PxeServerTests(ITestOutputHelper output) : IAsyncLifetime
{
    private const string Known = "52:54:00:12:34:56", Unknown = "52:54:00:65:43:21";

    // OVMF tries PXE first where it may.
    private static readonly string[] HttpAlone = ["-fw_cfg", "name=opt/org.tianocore/IPv4PXESupport,string=n", "-fw_cfg", "name=opt/org.tianocore/IPv6PXESupport,string=n"];

    private readonly TempFolder _folder = new();
    private PrivateNetwork? _network;
    private PipedProgram? _server;

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        if (_server is not null)
        {
            _server.Kill();
            await _server.DisposeAsync();
        }

        if (_network is not null) await _network.DisposeAsync();
        _folder.Dispose();
    }

    [Theory]
    [InlineData(Firmware.Bios)]
    [InlineData(Firmware.Uefi)]
    public async Task A_known_PC_comes_to_the_console_beside_the_DHCP_server_of_its_network(Firmware firmware)
    {
        await ServeAsync(hasDhcpServer: true);
        using var pc = await StartAsync(firmware, Known);
        await ShowsConsoleAsync(pc);
        pc.Report(output, $"{firmware}, proxy");
    }

    [Fact]
    public async Task A_known_PC_that_boots_only_what_Secure_Boot_vouches_for_comes_to_the_console()
    {
        await ServeAsync(hasDhcpServer: false, "--dhcp", "full", "--range", "192.0.2.100,192.0.2.150");
        using var pc = await StartAsync(Firmware.SecureBoot, Known);
        await ShowsConsoleAsync(pc);
        pc.Report(output, "Secure Boot, full");
    }

    [Theory]
    [InlineData(Firmware.Bios)]
    [InlineData(Firmware.Uefi)]
    public async Task A_PC_that_nobody_knows_says_so_and_starts_from_its_first_disk(Firmware firmware)
    {
        await ServeAsync(hasDhcpServer: true);
        using var pc = await StartAsync(firmware, Unknown, new PcDisk(BootsAlone(), "ITSOWN"));
        await pc.SaysAsync($"The network card {Unknown} is not known", "Start this PC from its first disk");
        if (firmware == Firmware.Bios) await pc.SaysAsync("its own disk");
        pc.Report(output, $"{firmware}, unknown");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_known_PC_whose_firmware_boots_over_HTTP_comes_to_the_console_and_TFTP_has_no_part_in_it(bool hasDhcpServer)
    {
        await ServeAsync(hasDhcpServer, hasDhcpServer ? [] : ["--dhcp", "full", "--range", "192.0.2.100,192.0.2.150"]);
        using var pc = await StartAsync(Firmware.Uefi, Known, HttpAlone);
        await ShowsConsoleAsync(pc);
        // A kernel and a root by TFTP are tens of thousands of them.
        Assert.InRange(SentDatagrams(), 1, 200);
        pc.Report(output, hasDhcpServer ? "HTTP, proxy" : "HTTP, full");
    }

    [Fact]
    public async Task A_PC_that_nobody_knows_and_that_boots_over_HTTP_says_so()
    {
        await ServeAsync(hasDhcpServer: true);
        using var pc = await StartAsync(Firmware.Uefi, Unknown, HttpAlone);
        await pc.SaysAsync($"The network card {Unknown} is not known", "Start this PC from its first disk");
        pc.Report(output, "HTTP, unknown");
    }

    // It has no key: the first screen is the way to one, with the menu behind it.
    private static async Task ShowsConsoleAsync(VirtualPc pc)
    {
        await pc.ShowsAsync("matrix-pc", "Enrol this PC", "Esc Menu");
        await pc.PressAsync("Escape", "0 Enrol", "Back up");
    }

    private async Task ServeAsync(bool hasDhcpServer, params string[] more)
    {
        var root = _folder["server"];
        Directory.CreateDirectory(root);
        NetworkBootServer.Make(root);
        foreach (var line in (string[][])[["base", "import", BootParts.Folder], ["contract", "add", "basic"], ["pc", "add", "matrix-pc", "--contract", "basic", "--mac", Known]]) SystemTool.Run(BootParts.Server, [.. line, "--root", root]);
        _network = PrivateNetwork.Make(hasDhcpServer);
        _server = PipedProgram.Start("ip", _network.Inside(BootParts.Server, ["serve", "--interface", PrivateNetwork.Interface, "--serial", "ttyS0", "--root", root, .. more]));
        using var reader = new StreamReader(_server.Output, leaveOpen: true);
        while (await Eventually.EndsAsync(reader.ReadLineAsync()) is { } line)
            if (line.Contains("Ctrl-C ends it.", StringComparison.Ordinal)) return;
        throw new InvalidOperationException(_server.Errors);
    }

    private long SentDatagrams()
    {
        var lines = _network!.Try("cat", "/proc/net/snmp").Output.Split('\n').Where(line => line.StartsWith("Udp: ", StringComparison.Ordinal)).Select(line => line.Split(' ')).ToList();
        return long.Parse(lines[1][Array.IndexOf(lines[0], "OutDatagrams")], CultureInfo.InvariantCulture);
    }

    private Task<VirtualPc> StartAsync(Firmware firmware, string card, params PcDisk[] disks) => StartAsync(firmware, card, [], disks);

    private Task<VirtualPc> StartAsync(Firmware firmware, string card, string[] more, params PcDisk[] disks) => VirtualPc.StartAsync(new PcPlan { Firmware = firmware, Memory = 512, Plug = (_network!, card), Disks = disks, More = more });

    // A first sector that says what it is through the BIOS's serial call, and stops.
    private string BootsAlone()
    {
        var text = Encoding.ASCII.GetBytes("its own disk\0");
        // cs: mov si,0x7c14; l: lodsb; test al,al; jz e; mov ah,1; xor dx,dx; int 0x14; jmp l; e: hlt; jmp e
        byte[] code = [0x31, 0xC0, 0x8E, 0xD8, 0xBE, 0x16, 0x7C, 0xAC, 0x84, 0xC0, 0x74, 0x07, 0xB4, 0x01, 0x99, 0xCD, 0x14, 0xEB, 0xF4, 0xF4, 0xEB, 0xFD];
        var sector = new byte[1 << 20];
        code.CopyTo(sector, 0);
        text.CopyTo(sector, code.Length);
        (sector[510], sector[511]) = (0x55, 0xAA);
        File.WriteAllBytes(_folder["disk"], sector);
        return _folder["disk"];
    }
}
