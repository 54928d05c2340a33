// Nothing stalls in silence: says what a job waits for after 30 s without movement, and ends it after a limit.
using BootConsole.Core;

namespace BootConsole.Jobs;

/// <summary>Watches a job's movements.</summary>
internal static class Watchdog
{
    private static readonly TimeSpan SayAfter = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(5);

    /// <summary>Runs a part of a job under watch.</summary>
    /// <exception cref="TransportFault">Nothing moved for the limit; the part was cancelled.</exception>
    internal static async Task RunAsync(JobContext context, Func<CancellationToken, Task> part, CancellationToken cancel)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        using var done = new CancellationTokenSource();
        var stalled = "";
        var watch = WatchAsync();
        try
        {
            await part(stop.Token);
        }
        catch (OperationCanceledException) when (stalled.Length > 0 && !cancel.IsCancellationRequested)
        {
            throw new TransportFault($"nothing moved for {context.StallLimit.TotalMinutes:0.#} minutes") { Which = stalled, MayPass = true };
        }
        finally
        {
            await done.CancelAsync();
            await watch;
        }

        async Task WatchAsync()
        {
            using var timer = new PeriodicTimer(LookEvery, context.Clock);
            var (movements, since, said) = (context.Progress.Movements, context.Clock.GetTimestamp(), false);
            try
            {
                while (await timer.WaitForNextTickAsync(done.Token))
                {
                    // The time is taken before the movements are looked at: what moves in between must not make the wait look longer.
                    var now = context.Clock.GetTimestamp();
                    if (context.Progress.Movements != movements)
                    {
                        (movements, since, said) = (context.Progress.Movements, context.Clock.GetTimestamp(), false);
                        continue;
                    }

                    var idle = context.Clock.GetElapsedTime(since, now);
                    if (idle >= SayAfter && !said)
                    {
                        said = true;
                        context.Progress.Report($"no byte moved for {idle.TotalSeconds:0} s: waiting while {context.Progress.Activity}");
                        // The report itself counts as a movement; it must not look like one.
                        movements = context.Progress.Movements;
                    }

                    if (idle < context.StallLimit) continue;
                    stalled = context.Progress.Activity;
                    await stop.CancelAsync();
                    return;
                }
            }
            catch (OperationCanceledException)
            {
                // The part has ended.
            }
        }
    }
}
