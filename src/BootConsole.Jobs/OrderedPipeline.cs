// One filler, N workers, one drain in the filler's order, over a fixed pool of items: the shape of every flow.
using System.Runtime.ExceptionServices;
using System.Threading.Channels;
using BootConsole.Core;

namespace BootConsole.Jobs;

/// <summary>Something that passes through a pipeline again and again. Whoever holds it owns its buffers.</summary>
internal abstract class PipelineItem : IDisposable
{
    /// <summary>Given by the worker when the item may be drained.</summary>
    internal SemaphoreSlim Worked { get; } = new(0, 1);

    public virtual void Dispose() => Worked.Dispose();
}

/// <summary>The three stages of a pipeline.</summary>
/// <param name="FillAsync">Fills an item; false when there is nothing more. Called by one caller at a time.</param>
/// <param name="Work">One function a worker, each with working memory of its own. Runs on the CPU without waiting.</param>
/// <param name="DrainAsync">Takes the result, in the order of filling. Called by one caller at a time.</param>
internal sealed record PipelineStages<T>(
    Func<T, CancellationToken, ValueTask<bool>> FillAsync,
    IReadOnlyList<Action<T>> Work,
    Func<T, CancellationToken, ValueTask> DrainAsync);

/// <summary>Runs pipelines. No queue is longer than the pool, so memory is what the pool holds.</summary>
internal static class OrderedPipeline
{
    /// <summary>Runs until the filler says that there is nothing more and everything is drained.</summary>
    /// <param name="pool">The items.</param>
    /// <param name="stages">What is done with them.</param>
    /// <param name="progress">The job's; while it is paused nothing new is filled.</param>
    /// <param name="cancel">Ends the attempt.</param>
    /// <remarks>The first exception of any stage cancels all of them and is thrown when they have stopped; later ones are its consequences.</remarks>
    internal static async Task RunAsync<T>(IReadOnlyList<T> pool, PipelineStages<T> stages, JobProgress progress, CancellationToken cancel)
        where T : PipelineItem
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        var token = stop.Token;
        var free = Channel.CreateBounded<T>(pool.Count);
        var toWork = Channel.CreateBounded<T>(pool.Count);
        var toDrain = Channel.CreateBounded<T>(pool.Count);
        foreach (var item in pool) free.Writer.TryWrite(item);
        ExceptionDispatchInfo? first = null;
        List<Task> tasks = [Guard(FillAllAsync), Guard(DrainAllAsync), .. stages.Work.Select(work => Guard(() => WorkAllAsync(work)))];
        await Task.WhenAll(tasks);
        first?.Throw();
        cancel.ThrowIfCancellationRequested();

        // Border of the pipeline: whatever a stage throws stops the others and is thrown again, whole, once all have stopped.
        Task Guard(Func<Task> stage) => Task.Run(
            async () =>
            {
                try
                {
                    await stage();
                }
#pragma warning disable CA1031 // Nothing is swallowed: the first one is thrown again below.
                catch (Exception fault)
#pragma warning restore CA1031
                {
                    Interlocked.CompareExchange(ref first, ExceptionDispatchInfo.Capture(fault), null);
                    await stop.CancelAsync();
                }
            },
            CancellationToken.None);

        async Task FillAllAsync()
        {
            while (true)
            {
                var item = await free.Reader.ReadAsync(token);
                await progress.PassAsync(token);
                if (!await stages.FillAsync(item, token)) break;
                await toDrain.Writer.WriteAsync(item, token);
                await toWork.Writer.WriteAsync(item, token);
            }

            toDrain.Writer.Complete();
            toWork.Writer.Complete();
        }

        async Task WorkAllAsync(Action<T> work)
        {
            await foreach (var item in toWork.Reader.ReadAllAsync(token))
            {
                work(item);
                item.Worked.Release();
            }
        }

        async Task DrainAllAsync()
        {
            await foreach (var item in toDrain.Reader.ReadAllAsync(token))
            {
                await item.Worked.WaitAsync(token);
                await stages.DrainAsync(item, token);
                await free.Writer.WriteAsync(item, token);
            }
        }
    }
}
