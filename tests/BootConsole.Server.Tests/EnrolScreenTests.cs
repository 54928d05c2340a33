// The console's way to a key, by keys alone, with the real server at the other end.
using BootConsole.TestKit;

namespace BootConsole.Server.Tests;

public sealed class EnrolScreenTests : IAsyncLifetime
{
    private const string Silent = "import socket\ns=socket.create_server(('192.0.2.1',9090)); print('up',flush=True)\nheld=[]\nwhile True: held.append(s.accept())";

    private readonly ServeRoom _room = new();

    private string Settings => _room["pc/etc/bootconsole.toml"];

    private string Key => _room["pc/etc/bootconsole/id_ed25519"];

    public async Task InitializeAsync()
    {
        _room.Run("pc", "add", "office", "--contract", "basic", "--mac", "52:54:00:12:34:56").Succeeds();
        await _room.ServeAsync();
        SystemTool.Run("sh", "-c", "mkdir \"$1\" && cd \"$1\" && cpio --quiet -id < \"$2\"", "sh", _room["pc"], _room.Served("pcs/office/pc.img"));
        File.WriteAllText(Settings, File.ReadAllText(Settings).Replace("\"/etc/bootconsole/id_ed25519\"", $"\"{Key}\"", StringComparison.Ordinal));
    }

    public Task DisposeAsync() => _room.DisposeAsync().AsTask();

    [Fact]
    public async Task Codes_that_were_replaced_or_used_are_refused_with_a_way_on_and_the_right_one_gives_the_key()
    {
        var old = Open();
        var code = Open();
        using var window = Console();
        await window.ShowsAsync("Enrol this PC", "http://192.0.2.1:8080/enrol", Fingerprint(), "Esc Menu");
        window.Type(old);
        await window.ShowsAsync("Trouble: The server does not take this code for this PC: office.", "Safe:    No disk was touched", "bootserver pc enrol office");
        Assert.False(File.Exists(Key));
        window.Press("DC");
        await window.ShowsAsync("0 of 12");
        window.Type(code.ToLowerInvariant().Replace('-', ' '));
        // Nobody answers under the server's name: the key is there all the same, and so it is said.
        await window.ShowsAsync("office has its key.", "until it is switched off", "Trouble:", "The key is there, and the code is spent.");
        Assert.Contains("office/1", SystemTool.Run("ssh-keygen", "-L", "-f", Key + "-cert.pub"), StringComparison.Ordinal);
        Assert.Equal("600", SystemTool.Run("stat", "-c", "%a", Key).Trim());
        window.Press("Enter");
        await window.ShowsAsync("▶ 1  Back up");
        Assert.DoesNotContain("Enrol", window.Screen, StringComparison.Ordinal);
        window.Press("5");
        await window.ShowsAsync("office has its key");
        foreach (var typed in (string[])[old, code]) Assert.DoesNotContain(typed[..4], window.Screen, StringComparison.OrdinalIgnoreCase);

        // Another start of the PC: that code is spent.
        File.Delete(Key);
        using var again = Console();
        await again.ShowsAsync("Esc Menu");
        again.Type(code);
        await again.ShowsAsync("Trouble: The server does not take this code");
        Assert.False(File.Exists(Key));
    }

    [Fact]
    public async Task A_server_that_says_nothing_can_be_given_up_and_the_code_counts_still()
    {
        await using var silent = Host.PipedProgram.Start("ip", _room.Network.Inside("python3", "-c", Silent));
        using (var reader = new StreamReader(silent.Output, leaveOpen: true)) await Eventually.EndsAsync(reader.ReadLineAsync());
        var settings = File.ReadAllText(Settings);
        File.WriteAllText(Settings, settings.Replace(":8080/", ":9090/", StringComparison.Ordinal));
        var code = Open();
        using (var window = Console())
        {
            await window.ShowsAsync("Esc Menu");
            window.Type(code);
            await window.ShowsAsync("Asking http://192.0.2.1:9090/enrol, 30 seconds at most", "Esc Give up");
            window.Press("Escape");
            await window.ShowsAsync("Trouble: Given up.", "No disk was touched, and this PC has no key", "Enter Enrol");
        }

        silent.Kill();
        File.WriteAllText(Settings, settings);
        using var right = Console();
        await right.ShowsAsync("Esc Menu");
        right.Type(code);
        await right.ShowsAsync("office has its key.");
    }

    private TerminalWindow Console() => new(80, 30, ["ip", .. _room.Network.Inside("env", $"DOTNET_ROOT={Bootserver.DotnetRoot}", "LC_ALL=C.UTF-8", Path.Combine(Bootserver.Folder, "bootconsole"), "--config", Settings)]);

    private string Open() => _room.Run("pc", "enrol", "office", "--json").Succeeds().Document().GetProperty("code").GetString()!;

    private string Fingerprint() => SystemTool.Run("ssh-keygen", "-l", "-f", Path.Combine(_room.Root, "etc/host_ca.pub")).Split(' ')[1];
}
