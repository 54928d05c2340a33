// How long and how often a lost connection is tried again.
using BootConsole.Core;

namespace BootConsole.Stores;

/// <summary>How long a lost connection is tried again.</summary>
public sealed record RetryPolicy
{
    /// <summary>From the first failure on; zero ends a job with the first cut.</summary>
    public TimeSpan For { get; init; } = TimeSpan.FromHours(12);

    /// <summary>Asked at each loss, where not every one is worth the same patience; <see cref="For"/> counts without it.</summary>
    public Func<TimeSpan>? ForThisLoss { get; init; }

    /// <summary>For waiting.</summary>
    public TimeProvider Clock { get; init; } = TimeProvider.System;

    /// <summary>Told of each loss and each wait, in a sentence. May be called from several threads.</summary>
    public Action<string> Report { get; init; } = _ => { };

    /// <summary>Tries <paramref name="attempt"/> until it succeeds, with waits from one second up to a minute.</summary>
    /// <param name="loss">What happened first.</param>
    /// <param name="attempt">Throws a <see cref="TransportFault"/> that may pass to be tried again.</param>
    /// <param name="cancel">Ends the waiting.</param>
    /// <exception cref="TransportFault">The time is over, or trying again will not help.</exception>
    public async Task RecoverAsync(TransportFault loss, Func<CancellationToken, Task> attempt, CancellationToken cancel)
    {
        var most = ForThisLoss?.Invoke() ?? For;
        if (!loss.MayPass || most <= TimeSpan.Zero) throw loss;
        var started = Clock.GetTimestamp();
        var fault = loss;
        for (var wait = TimeSpan.FromSeconds(1); ; wait = TimeSpan.FromSeconds(Math.Min(60, wait.TotalSeconds * 2)))
        {
            var left = most - Clock.GetElapsedTime(started);
            if (left <= TimeSpan.Zero) throw fault;
            Report($"connection lost: {fault.Message}; trying again in {wait.TotalSeconds:0} s, for {Left(left)} more");
            await Task.Delay(wait < left ? wait : left, Clock, cancel);
            try
            {
                await attempt(cancel);
                Report("connected again");
                return;
            }
            catch (TransportFault again) when (again.MayPass)
            {
                fault = again;
            }
        }
    }

    private static string Left(TimeSpan left) => left.TotalHours >= 1 ? $"{(int)left.TotalHours} h {left.Minutes} min" : left.TotalMinutes >= 1 ? $"{(int)left.TotalMinutes} min" : $"{left.TotalSeconds:0} s";
}
