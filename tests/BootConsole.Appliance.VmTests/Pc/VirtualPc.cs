// A PC that is switched on: its serial console as a terminal, its power switch, its cables.
using System.Diagnostics;
using System.Globalization;
using BootConsole.TestKit;

namespace BootConsole.Appliance.VmTests.Pc;

/// <summary>A running PC. Dispose pulls the plug.</summary>
internal sealed class VirtualPc : IDisposable
{
    /// <summary>How long a boot or a job may take before a test fails; a passing test never depends on it.</summary>
    internal static readonly TimeSpan Limit = TimeSpan.FromSeconds(int.TryParse(Environment.GetEnvironmentVariable("BOOTCONSOLE_VM_LIMIT"), CultureInfo.InvariantCulture, out var seconds) ? seconds : 480);

    private readonly TempFolder _folder;
    private readonly TerminalWindow _serial;
    private readonly Stopwatch _time = Stopwatch.StartNew();

    private VirtualPc(TempFolder folder, TerminalWindow serial) => (_folder, _serial) = (folder, serial);

    /// <summary>What the serial console shows now.</summary>
    internal string Screen => _serial.Screen;

    /// <summary>Since it was switched on.</summary>
    internal TimeSpan Uptime => _time.Elapsed;

    /// <summary>All that came over the serial line so far, control sequences included.</summary>
    internal string Log => File.Exists(_folder["serial.log"]) ? File.ReadAllText(_folder["serial.log"]) : "";

    /// <summary>True until it was switched off, or switched itself off or started anew.</summary>
    internal bool IsOn => File.Exists(_folder["pid"]) && Directory.Exists($"/proc/{Pid}");

    private string Pid => File.ReadAllText(_folder["pid"]).Trim();

    /// <summary>Switches a PC on.</summary>
    internal static async Task<VirtualPc> StartAsync(PcPlan plan)
    {
        var folder = new TempFolder();
        // The log takes what the terminal is sent; the window stays when QEMU ends.
        var window = new TerminalWindow(80, 25, ["sh", "-c", "log=$1; shift; \"$@\" 2>&1 | tee \"$log\"; echo '' '--- off' >> \"$log\"; sleep infinity", "sh", folder["serial.log"], .. QemuArguments.Of(plan, folder.Path)]);
        var pc = new VirtualPc(folder, window);
        try
        {
            await Eventually.BecomesTrueAsync(() => pc.IsOn || pc.Log.Contains("--- off", StringComparison.Ordinal), () => pc.Log, Limit, TimeSpan.FromMilliseconds(50));
            return pc.IsOn ? pc : throw new InvalidOperationException(pc.Log);
        }
        catch
        {
            pc.Dispose();
            throw;
        }
    }

    /// <summary>Waits until the serial console shows all words; where the screen breaks its lines does not matter.</summary>
    internal Task ShowsAsync(params string[] words) => WaitAsync(() => Joined(Screen) is var screen && words.All(word => screen.Contains(word, StringComparison.Ordinal)), $"'{string.Join("', '", words)}'");

    /// <summary>Waits until all words came over the serial line at some time.</summary>
    internal Task SaysAsync(params string[] words) => WaitAsync(() => Log is var log && words.All(word => log.Contains(word, StringComparison.Ordinal)), $"'{string.Join("', '", words)}'");

    /// <summary>Waits until something holds, as long as the PC is on.</summary>
    internal Task UntilAsync(Func<bool> condition, string what) => WaitAsync(condition, what);

    /// <summary>Waits until what came over the serial line is as it shall be.</summary>
    internal Task SaysAsync(Predicate<string> condition, string what) => WaitAsync(() => condition(Log), what);

    /// <summary>Waits until the PC is off.</summary>
    internal Task EndsAsync() => WaitAsync(() => !IsOn, "power off");

    /// <summary>Presses a key at the serial console, as tmux calls it, and waits for words.</summary>
    internal Task PressAsync(string key, params string[] words)
    {
        _serial.Press(key);
        return ShowsAsync(words);
    }

    /// <summary>Types text and Enter at the serial console, and waits for words.</summary>
    internal Task EnterAsync(string text, params string[] words)
    {
        _serial.Type(text);
        return ShowsAsync(words);
    }

    /// <summary>Types text at the serial console.</summary>
    internal void Write(string text) => _serial.Write(text);

    /// <summary>Pulls the plug: what the guest has not flushed is lost to it, what it has flushed is in the files.</summary>
    internal void PullThePlug()
    {
        if (!IsOn) return;
        SystemTool.Try("kill", "-9", Pid);
        SpinWait.SpinUntil(() => !IsOn);
    }

    /// <summary>Opens the monitor.</summary>
    internal Task<Monitor> OpenMonitorAsync() => Monitor.OpenAsync(_folder["qmp"]);

    /// <summary>Writes how long something took to the test's output.</summary>
    internal void Report(Xunit.Abstractions.ITestOutputHelper output, string what) => output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{what}: {Uptime.TotalSeconds:0.0} s"));

    public void Dispose()
    {
        PullThePlug();
        if (Environment.GetEnvironmentVariable("BOOTCONSOLE_VM_LOGS") is { Length: > 0 } kept)
            File.WriteAllText(Path.Combine(Directory.CreateDirectory(kept).FullName, $"{DateTime.UtcNow:HHmmss.fff}.log"), Log);
        _serial.Dispose();
        _folder.Dispose();
    }

    // A PC that is off will not show anything more.
    private async Task WaitAsync(Func<bool> condition, string what)
    {
        var isOff = false;
        await Eventually.BecomesTrueAsync(() => condition() || (isOff = !IsOn), () => $"{what}\n{Tail()}", Limit, TimeSpan.FromMilliseconds(100));
        if (isOff && !condition()) throw new InvalidOperationException($"the PC went off before {what}\n{Tail()}");
    }

    private static string Joined(string screen) => string.Join(' ', screen.Split((char[])[' ', '\n'], StringSplitOptions.RemoveEmptyEntries));

    private string Tail() => $"--- screen\n{Screen}\n--- log\n{Log[Math.Max(0, Log.Length - 4000)..]}";
}
