// frame-speed [FRAMES]: milliseconds for one picture of the busiest screen, a job at work with eight disks, from the message to the bytes for the terminal. The aim is 20 ms.
using System.Diagnostics;
using System.Globalization;
using BootConsole.Appliance.Screens;
using BootConsole.Appliance.Terminal;
using BootConsole.Core;

var frames = args.Length > 0 ? int.Parse(args[0], CultureInfo.InvariantCulture) : 500;
foreach (var size in (TerminalSize[])[new(80, 25), new(120, 40), new(300, 100)])
    foreach (var (name, look) in new[] { ("Unicode", Look.Unicode), ("ASCII", Look.Ascii) }) Measure(size, name, look);

void Measure(TerminalSize size, string name, Look look)
{
    var facts = new Facts { Pc = "office-pc", Program = "bootconsole", Now = DateTimeOffset.UnixEpoch };
    var model = ConsoleModel.Of(facts, size) with { Screens = [new WelcomeScreen(), new WorkScreen(WorkKind.Restore, "/dev/sda")] };
    var painter = new FramePainter(look);
    var times = new double[frames];
    long characters = 0;
    for (var frame = 0; frame < frames; frame++)
    {
        var started = Stopwatch.GetTimestamp();
        (model, _) = model.Take(Picture(frame));
        characters += painter.Paint(ConsoleView.Draw(model, look)).Length;
        times[frame] = Stopwatch.GetElapsedTime(started).TotalMilliseconds;
    }

    // The first one pays for the compiler, once.
    var first = times[0];
    Array.Sort(times);
    Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{size.Columns,3} x {size.Rows,-3} {name,-8} median {times[frames / 2]:0.00} ms, 99 of 100 below {times[frames * 99 / 100]:0.00} ms, first {first:0.0} ms, {characters / frames} characters a picture"));
}

static WorkProgressed Picture(int frame) => new(
    new ProgressSample("restoring 8 disks", (long)frame << 30, 600L << 30, [.. Enum.GetValues<Stage>().Select(stage => new StageSample(stage, (long)frame << 20, frame * 1e6, frame % 100 / 100.0))], Stage.Write, TimeSpan.FromSeconds(frame)),
    [$"event {frame}: the connection was lost; trying again in 1 s"],
    TimeSpan.FromSeconds(frame))
{
    Parts = [.. Enumerable.Range(0, 8).Select(disk => new WorkPart($"/dev/sd{(char)('b' + disk)}", (long)frame << 30, 600L << 30, "writing"))],
};
