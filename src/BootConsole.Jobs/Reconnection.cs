// Goes on after the line to the store was lost: the part of a job that was cut is prepared and run again.
using BootConsole.Core;
using BootConsole.Stores;

namespace BootConsole.Jobs;

/// <summary>Runs the parts of a job that write to a store.</summary>
internal static class Reconnection
{
    /// <summary>Runs <paramref name="part"/> under watch; after a loss that may pass, connects again and runs it anew.</summary>
    /// <param name="context">The surroundings.</param>
    /// <param name="store">The store; only one that can connect again is tried again.</param>
    /// <param name="retryFor">How long.</param>
    /// <param name="part">Safe to run again after <paramref name="prepare"/>.</param>
    /// <param name="prepare">Run in the new connection: looks whether the image is still the job's, and clears away what was open.</param>
    /// <param name="cancel">Ends the job.</param>
    internal static async Task RunAsync(
        JobContext context, IDeleteStore store, TimeSpan retryFor, Func<CancellationToken, Task> part, Func<CancellationToken, Task> prepare, CancellationToken cancel)
    {
        while (true)
        {
            try
            {
                await Watchdog.RunAsync(context, part, cancel);
                return;
            }
            catch (TransportFault loss) when (loss.MayPass && store is IRenewable && retryFor > TimeSpan.Zero && !cancel.IsCancellationRequested)
            {
                var activity = context.Progress.Activity;
                context.Progress.Begin("connecting again", 0);
                var policy = new RetryPolicy { For = retryFor, Clock = context.Clock, Report = context.Progress.Report };
                await policy.RecoverAsync(loss, token => RenewAsync((IRenewable)store, prepare, token), cancel);
                context.Progress.Begin(activity, 0);
            }
        }
    }

    private static async Task RenewAsync(IRenewable store, Func<CancellationToken, Task> prepare, CancellationToken cancel)
    {
        await store.ReconnectAsync(cancel);
        await prepare(cancel);
    }
}
