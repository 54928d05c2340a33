// The pipeline alone: order, the first fault, cancelling, and no deadlock however small the pool.
using BootConsole.Core;
using BootConsole.TestKit;

namespace BootConsole.Jobs.Tests;

public sealed class OrderedPipelineTests
{
    private const int Count = 300;

    public static TheoryData<int, int> Sizes => new() { { 1, 1 }, { 1, 3 }, { 2, 1 }, { 2, 2 }, { 3, 2 }, { 3, 4 }, { 12, 2 } };

    [Theory]
    [MemberData(nameof(Sizes))]
    public async Task Everything_is_drained_once_and_in_order_and_the_pool_comes_back(int poolItems, int workers)
    {
        var run = new Run(poolItems, workers);
        // Twice over the same pool: nothing of the first time is left in it.
        for (var time = 0; time < 2; time++)
        {
            await Eventually.EndsAsync(run.StartAsync(default));
            Assert.Equal(Enumerable.Range(0, Count).Select(number => (number, number * 2)), run.Drained);
            Assert.InRange(run.MostInFlight, 1, poolItems);
        }
    }

    [Fact]
    public async Task Nothing_to_do_is_done_at_once()
    {
        var run = new Run(2, 2) { Last = 0 };
        await Eventually.EndsAsync(run.StartAsync(default));
        Assert.Empty(run.Drained);
    }

    [Theory]
    [InlineData("fill", 1)]
    [InlineData("fill", 3)]
    [InlineData("work", 1)]
    [InlineData("work", 3)]
    [InlineData("drain", 1)]
    [InlineData("drain", 3)]
    public async Task A_fault_of_any_stage_ends_all_and_is_the_one_that_is_thrown(string stage, int poolItems)
    {
        foreach (var at in (int[])[0, 1, poolItems, 100, Count - 1])
        {
            var run = new Run(poolItems, 2) { FaultStage = stage, FaultAt = at };
            var fault = await Assert.ThrowsAsync<InvalidDataException>(() => Eventually.EndsAsync(run.StartAsync(default)));
            Assert.Equal($"{stage} {at}", fault.Message);
            Assert.Equal(Enumerable.Range(0, run.Drained.Count), run.Drained.Select(entry => entry.Number));
        }
    }

    [Fact]
    public async Task The_first_fault_wins_over_those_that_follow_from_it()
    {
        using var pool = new Pool(3);
        var stages = new PipelineStages<Item>(
            (item, _) => item.Number++ < 0 ? ValueTask.FromResult(true) : throw new InvalidDataException("first"),
            [_ => { }],
            async (_, cancel) =>
            {
                await Task.Delay(Timeout.Infinite, cancel).ContinueWith(static _ => { }, TaskScheduler.Default);
                throw new InvalidOperationException("a consequence");
            });
        pool.Items[0].Number = -1;
        Assert.Equal("first", (await Assert.ThrowsAsync<InvalidDataException>(() => Eventually.EndsAsync(OrderedPipeline.RunAsync(pool.Items, stages, new JobProgress(), default)))).Message);
    }

    [Theory]
    [InlineData("fill")]
    [InlineData("work")]
    [InlineData("drain")]
    public async Task A_cancel_at_any_stage_ends_all(string stage)
    {
        foreach (var poolItems in (int[])[1, 2, 3])
        {
            using var cancel = new CancellationTokenSource();
            var run = new Run(poolItems, 2) { FaultStage = stage, FaultAt = 50, Cancel = cancel };
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Eventually.EndsAsync(run.StartAsync(cancel.Token)));
            Assert.InRange(run.Drained.Count, 0, Count - 1);
        }
    }

    [Fact]
    public async Task A_token_that_is_cancelled_before_the_start_ends_it()
    {
        using var cancel = new CancellationTokenSource();
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Eventually.EndsAsync(new Run(2, 2).StartAsync(cancel.Token)));
    }

    [Fact]
    public async Task An_asynchronous_filler_and_drain_keep_the_order_too()
    {
        var run = new Run(3, 3) { IsAsync = true };
        await Eventually.EndsAsync(run.StartAsync(default));
        Assert.Equal(Enumerable.Range(0, Count), run.Drained.Select(entry => entry.Number));
    }

    private sealed class Item : PipelineItem
    {
        internal int Number { get; set; }

        internal int Result { get; set; }
    }

    [Fact]
    public async Task A_pause_lets_nothing_new_in_and_goes_on_where_it_was()
    {
        var run = new Run(poolItems: 4, workers: 2);
        run.Progress.Pause();
        var running = run.StartAsync(default);
        await Eventually.BecomesTrueAsync(() => run.Progress.Movements > 0, "a pause that counts as movement");
        Assert.Empty(run.Drained);
        Assert.True(run.Progress.IsPaused);
        run.Progress.GoOn();
        await Eventually.EndsAsync(running);
        Assert.Equal(run.Last, run.Drained.Count);
    }

    [Fact]
    public async Task A_paused_pipeline_can_be_cancelled()
    {
        var run = new Run(poolItems: 4, workers: 2);
        run.Progress.Pause();
        using var cancel = new CancellationTokenSource();
        var running = run.StartAsync(cancel.Token);
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Eventually.EndsAsync(running));
    }

    private sealed class Pool(int count) : IDisposable
    {
        internal List<Item> Items { get; } = [.. Enumerable.Range(0, count).Select(_ => new Item())];

        public void Dispose() => Items.ForEach(item => item.Dispose());
    }

    private sealed class Run(int poolItems, int workers)
    {
        private readonly Pool _pool = new(poolItems);
        private int _next, _inFlight, _most;

        internal int Last { get; init; } = Count;

        internal string FaultStage { get; init; } = "";

        internal int FaultAt { get; init; }

        internal CancellationTokenSource? Cancel { get; init; }

        internal bool IsAsync { get; init; }

        internal List<(int Number, int Result)> Drained { get; } = [];

        internal int MostInFlight => _most;

        internal JobProgress Progress { get; } = new();

        internal Task StartAsync(CancellationToken cancel)
        {
            _next = 0;
            Drained.Clear();
            // Workers are slow by turns, so that results are ready out of order.
            var work = Enumerable.Range(0, workers).Select(_ => (Action<Item>)(item =>
            {
                Strike("work", item.Number);
                Thread.SpinWait(item.Number % 7 * 500);
                item.Result = item.Number * 2;
            })).ToList();
            return OrderedPipeline.RunAsync(_pool.Items, new PipelineStages<Item>(FillAsync, work, DrainAsync), Progress, cancel);
        }

        private async ValueTask<bool> FillAsync(Item item, CancellationToken cancel)
        {
            if (IsAsync) await Task.Yield();
            if (_next == Last) return false;
            Strike("fill", _next);
            (item.Number, item.Result) = (_next++, -1);
            _most = Math.Max(_most, Interlocked.Increment(ref _inFlight));
            return true;
        }

        private async ValueTask DrainAsync(Item item, CancellationToken cancel)
        {
            if (IsAsync) await Task.Yield();
            Strike("drain", item.Number);
            Drained.Add((item.Number, item.Result));
            Interlocked.Decrement(ref _inFlight);
        }

        private void Strike(string stage, int number)
        {
            if (stage != FaultStage || number != FaultAt) return;
            if (Cancel is null) throw new InvalidDataException($"{stage} {number}");
            Cancel.Cancel();
        }
    }
}
