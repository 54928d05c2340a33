// Shows a running job: a live bar on a terminal, a line now and then elsewhere, JSON lines for scripts.
using System.Text.Json;
using BootConsole.Core;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace BootConsole.Appliance.Output;

/// <summary>How progress is shown.</summary>
internal enum ProgressStyle
{
    /// <summary>A live picture on a terminal, repainted twice a second: a slow serial line follows that too.</summary>
    Live,

    /// <summary>A plain line every few seconds.</summary>
    Lines,

    /// <summary>A JSON line every second.</summary>
    Json,
}

/// <summary>Samples a job's progress while it runs and writes it to standard error.</summary>
/// <param name="errors">Standard error.</param>
/// <param name="style">How it is shown.</param>
/// <param name="clock">For the rates.</param>
/// <param name="note">Told of every event besides; null for nobody.</param>
internal sealed class ProgressDisplay(IAnsiConsole errors, ProgressStyle style, TimeProvider clock, Action<string>? note = null)
{
    private static readonly TimeSpan LiveEvery = TimeSpan.FromMilliseconds(500), JsonEvery = TimeSpan.FromSeconds(1), LineEvery = TimeSpan.FromSeconds(5);

    /// <summary>Runs a job under display.</summary>
    internal async Task<T> ShowAsync<T>(JobProgress progress, Func<Task<T>> job)
    {
        var sampler = new ProgressSampler(progress, clock);
        var running = job();
        if (style == ProgressStyle.Live) await ShowLiveAsync(progress, sampler, running);
        else await ShowLinesAsync(progress, sampler, running);
        foreach (var line in progress.TakeEvents()) WriteEvent(line);
        // Scripts always get the last figures, however short the job was.
        if (style == ProgressStyle.Json) WriteJson(sampler.Take());
        return await running;
    }

    private async Task ShowLiveAsync(JobProgress progress, ProgressSampler sampler, Task running)
    {
        // On leaving, Spectre shows the cursor again, whatever way the job ends: its fault is thrown by the caller's await, after the display is gone.
        await errors.Live(new Text("")).AutoClear(true).StartAsync(async context =>
        {
            while (!running.IsCompleted)
            {
                foreach (var line in progress.TakeEvents()) WriteEvent(line);
                context.UpdateTarget(ProgressView.Render(sampler.Take()));
                await Task.WhenAny(running, Task.Delay(LiveEvery, clock));
            }
        });
    }

    private async Task ShowLinesAsync(JobProgress progress, ProgressSampler sampler, Task running)
    {
        var activity = "";
        while (!running.IsCompleted)
        {
            var every = style == ProgressStyle.Json ? JsonEvery : LineEvery;
            foreach (var line in progress.TakeEvents()) WriteEvent(line);
            var sample = sampler.Take();
            if (style == ProgressStyle.Json) WriteJson(sample);
            else if (sample.Activity != activity || sample.TotalBytes > 0) errors.Profile.Out.Writer.WriteLine(PlainText.Of(ProgressView.Line(sample)));
            activity = sample.Activity;
            await Task.WhenAny(running, Task.Delay(every, clock));
        }
    }

    private void WriteEvent(string line)
    {
        note?.Invoke(line);
        if (style == ProgressStyle.Live) errors.WriteLine(PlainText.Of("• " + line));
        else if (style == ProgressStyle.Json) errors.Profile.Out.Writer.WriteLine(JsonSerializer.Serialize(new EventDocument(line), Documents.Context.EventDocument));
        else errors.Profile.Out.Writer.WriteLine(PlainText.Of("• " + line));
    }

    private void WriteJson(ProgressSample sample)
    {
        // The job has not said yet what it does.
        if (sample.Activity.Length == 0) return;
        // A limit holds bytes back and moves none.
        var rates = sample.Stages.Where(stage => stage.Stage != Stage.Limit).ToDictionary(stage => ProgressView.Key(stage.Stage), stage => Math.Round(stage.BytesPerSecond));
        var document = new ProgressDocument(
            sample.Activity, sample.DoneBytes, sample.TotalBytes, rates, sample.Bottleneck is { } stage ? ProgressView.Key(stage) : null, sample.TimeLeft?.TotalSeconds, sample.Level);
        errors.Profile.Out.Writer.WriteLine(JsonSerializer.Serialize(document, Documents.Context.ProgressDocument));
    }
}

/// <summary>A sample of progress as text. Pure.</summary>
internal static class ProgressView
{
    private const int BarCells = 40;

    /// <summary>The live picture: bar, rates, bottleneck, time left. Never a single line: to paint one anew Spectre moves up by 0 lines, which terminals take for 1, and what stood above is lost.</summary>
    internal static IRenderable Render(ProgressSample sample)
    {
        List<IRenderable> lines = [new Text(PlainText.Of(sample.Activity))];
        if (sample.TotalBytes > 0) lines.Add(new Text($"{Bar(sample)} {Share(sample)}  {ByteSize.Format(sample.DoneBytes)} of {ByteSize.Format(sample.TotalBytes)}{Left(sample)}"));
        else lines.Add(new Text(" "));
        if (sample.Stages.Count > 0) lines.Add(new Text(Rates(sample)));
        return new Rows(lines);
    }

    /// <summary>The same in one line.</summary>
    internal static string Line(ProgressSample sample) =>
        sample.TotalBytes == 0 ? sample.Activity : $"{sample.Activity}: {Share(sample)}, {ByteSize.Format(sample.DoneBytes)} of {ByteSize.Format(sample.TotalBytes)}{Left(sample)}{(Rates(sample) is { Length: > 0 } rates ? "; " + rates : "")}";

    /// <summary>A stage as people call it.</summary>
    internal static string Name(Stage stage) => stage switch
    {
        Stage.Read => "read",
        Stage.Compress => "compress",
        Stage.Send => "send",
        Stage.Limit => "limit",
        Stage.Fetch => "fetch",
        Stage.Decode => "decode",
        Stage.Write => "write",
        _ => "read back",
    };

    /// <summary>A stage as scripts call it.</summary>
    internal static string Key(Stage stage) => stage == Stage.ReadBack ? "readBack" : Name(stage);

    private static string Bar(ProgressSample sample)
    {
        var cells = (int)Math.Clamp(BarCells * (double)sample.DoneBytes / sample.TotalBytes, 0, BarCells);
        return "[" + new string('#', cells) + new string('-', BarCells - cells) + "]";
    }

    private static string Share(ProgressSample sample) =>
        string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{Math.Clamp(100.0 * sample.DoneBytes / sample.TotalBytes, 0, 100):0} %");

    private static string Left(ProgressSample sample) => sample.TimeLeft is { } left ? $", {Duration(left)} left" : "";

    private static string Rates(ProgressSample sample) =>
        string.Join(", ", sample.Stages.Where(stage => stage.Bytes > 0).Select(stage => $"{Name(stage.Stage)} {ByteSize.FormatRate(stage.BytesPerSecond)}"))
        + (sample.Bottleneck is { } bottleneck ? $"; slowest: {Name(bottleneck)}" : "") + (sample.Level is { } level ? $"; level {level}" : "");

    /// <summary>A duration as people say it: <c>2 h 05 min</c>, <c>3 min 20 s</c>, <c>12 s</c>.</summary>
    internal static string Duration(TimeSpan time) => time switch
    {
        { TotalHours: >= 1 } => $"{(int)time.TotalHours} h {time.Minutes:00} min",
        { TotalMinutes: >= 1 } => $"{time.Minutes} min {time.Seconds:00} s",
        _ => $"{Math.Max(0, (int)Math.Ceiling(time.TotalSeconds))} s",
    };
}
