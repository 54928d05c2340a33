// Shows how far a stick is: one line that is written over on a terminal, a line now and then elsewhere, nothing for scripts.
using System.Globalization;
using BootConsole.Core;

namespace BootConsole.Server.Output;

/// <summary>Progress of writing a stick, on standard error.</summary>
internal static class WriteProgress
{
    private static readonly TimeSpan OnTerminal = TimeSpan.FromMilliseconds(500), Elsewhere = TimeSpan.FromSeconds(5);

    /// <summary>Shows a job's progress until it ends.</summary>
    internal static async Task ShowAsync(CommandSession session, JobProgress progress, Func<Task> job)
    {
        var clock = session.Services.Clock;
        var output = session.Services.Errors.Profile.Out;
        var sampler = new ProgressSampler(progress, clock);
        var running = job();
        var width = 0;
        while (!session.IsJson && await Task.WhenAny(running, Task.Delay(output.IsTerminal ? OnTerminal : Elsewhere, clock)) != running)
        {
            var line = PlainText.Of(Line(sampler.Take()));
            await output.Writer.WriteAsync(output.IsTerminal ? "\r" + line.PadRight(width) : line + "\n");
            width = line.Length;
        }

        if (output.IsTerminal && width > 0) await output.Writer.WriteAsync("\r" + new string(' ', width) + "\r");
        await running;
    }

    /// <summary>A sample in one line.</summary>
    internal static string Line(ProgressSample sample)
    {
        if (sample.TotalBytes == 0) return sample.Activity;
        var rate = sample.Stages.Select(stage => stage.BytesPerSecond).DefaultIfEmpty().Max();
        var left = sample.TimeLeft is { } time ? $", {(int)time.TotalMinutes}:{time.Seconds:00} left" : "";
        return string.Create(CultureInfo.InvariantCulture, $"{sample.Activity}: {100 * Math.Min(sample.DoneBytes, sample.TotalBytes) / sample.TotalBytes} %, {ByteSize.Format(sample.DoneBytes)} of {ByteSize.Format(sample.TotalBytes)}, {ByteSize.FormatRate(rate)}{left}");
    }
}
