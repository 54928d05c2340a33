// Brings the records of unattended runs into the store, and keeps them on this PC until the store is in reach again.
using System.Text;
using BootConsole.Core;
using BootConsole.Images;
using BootConsole.Stores;

namespace BootConsole.Appliance.Unattended;

/// <summary>Keeps records. Never throws: a record that cannot be kept is said, and harms no job.</summary>
/// <param name="folder">Where records wait on this PC.</param>
/// <param name="say">Told of what the person should know.</param>
internal sealed class RecordKeeper(string folder, Action<string> say)
{
    private const int MostWaiting = 20;
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(1);

    /// <summary>Keeps a record on this PC.</summary>
    internal void KeepHere(ImageId run, string text)
    {
        try
        {
            Directory.CreateDirectory(folder);
            File.WriteAllText(Path.Combine(folder, StoreNames.Run(run).Name), text, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false));
            foreach (var (path, _) in Waiting().SkipLast(MostWaiting)) File.Delete(path);
            say($"The record of this run is kept in {folder}; the next run of this PC that reaches the store takes it there.");
        }
        catch (Exception refusal) when (refusal is IOException or UnauthorizedAccessException)
        {
            say($"The record of this run could not be kept in {folder}: {refusal.Message}");
        }
    }

    /// <summary>Brings a record and those that wait here into the store; keeps it here when that does not work.</summary>
    /// <param name="run">The run.</param>
    /// <param name="write">Writes the record, told how far the store's clock is ahead of this PC's.</param>
    /// <param name="open">Opens the store; null when it is known to be out of reach.</param>
    /// <param name="clock">The clock.</param>
    internal async Task PublishAsync(ImageId run, Func<TimeSpan?, string> write, Func<CancellationToken, Task<IDeleteStore>>? open, TimeProvider clock)
    {
        if (open is not null)
        {
            try
            {
                // Not the run's own token: a run that was cancelled is recorded too.
                using var limit = new CancellationTokenSource(Limit, clock);
                await using var store = await open(limit.Token);
                var ahead = await RunRecords.FindClockAheadAsync(store, clock, limit.Token);
                await RunRecords.PublishAsync(store, run, write(ahead), limit.Token);
                say($"Record of this run: {StoreNames.Run(run)} in the store.");
                await TakeWaitingAsync(store, limit.Token);
                return;
            }
            catch (Exception refusal) when (refusal is Fault or OperationCanceledException)
            {
                say($"The record of this run did not reach the store: {(refusal is Fault ? refusal.Message : "it took too long")}.");
            }
        }

        KeepHere(run, write(null));
    }

    private async Task TakeWaitingAsync(IDeleteStore store, CancellationToken cancel)
    {
        try
        {
            foreach (var (path, run) in Waiting().ToList())
            {
                await RunRecords.PublishAsync(store, run, await File.ReadAllTextAsync(path, cancel), cancel);
                File.Delete(path);
                say($"An earlier record was taken to the store: {StoreNames.Run(run)}.");
            }
        }
        catch (Exception refusal) when (refusal is IOException or UnauthorizedAccessException)
        {
            say($"Records in {folder} cannot be read: {refusal.Message}");
        }
    }

    // In order of their times.
    private IEnumerable<(string Path, ImageId Run)> Waiting()
    {
        if (!Directory.Exists(folder)) yield break;
        foreach (var path in Directory.GetFiles(folder).Order(StringComparer.Ordinal))
            if (StoreNames.TryParseRun(Path.GetFileName(path), out var run)) yield return (path, run);
    }
}
