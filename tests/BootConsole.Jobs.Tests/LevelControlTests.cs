// The level's controller in front of simulated pipelines: it comes to rest near the best throughput and never swings by more than one level.
using BootConsole.Codec;
using BootConsole.Core;
using BootConsole.Images;

namespace BootConsole.Jobs.Tests;

public sealed class LevelControlTests
{
    // Plain MB/s of one worker and ratio by level, as zstd has them for system disks, roughly.
    private static readonly double[] Speed = [0, 480, 380, 300, 230, 150, 110, 85, 68, 55, 38, 30, 22];
    private static readonly double[] Ratio = [0, 2.45, 2.58, 2.70, 2.73, 2.83, 2.90, 2.96, 3.00, 3.03, 3.06, 3.08, 3.10];

    public static TheoryData<int, double> Machines
    {
        get
        {
            var machines = new TheoryData<int, double>();
            foreach (var workers in (int[])[1, 2, 4, 16])
                for (var wire = 0.5; wire < 5000; wire *= 1.6) machines.Add(workers, Math.Round(wire, 1));
            return machines;
        }
    }

    [Theory]
    [MemberData(nameof(Machines))]
    public void It_comes_to_rest_near_the_best_throughput(int workers, double wire)
    {
        var control = new LevelControl(LevelControl.Start, LevelControl.MostLevel);
        var levels = Enumerable.Range(0, 900).Select(_ => Second(control, workers, wire)).ToList();
        var settled = levels[120..];
        Assert.InRange(settled.Max() - settled.Min(), 0, 1);
        var best = Enumerable.Range(1, 12).Max(level => Throughput(level, workers, wire));
        Assert.InRange(settled.Average(level => Throughput(level, workers, wire)), 0.85 * best, best * 1.001);
    }

    [Theory]
    [MemberData(nameof(Machines))]
    public void Where_two_levels_compete_the_dearer_one_is_tried_ever_more_seldom(int workers, double wire)
    {
        var control = new LevelControl(LevelControl.Start, LevelControl.MostLevel);
        var levels = Enumerable.Range(0, 3600).Select(_ => Second(control, workers, wire)).ToList();
        Assert.InRange(levels.Zip(levels.Skip(1)).Skip(1800).Count(pair => pair.First != pair.Second), 0, 10);
    }

    [Fact]
    public void A_line_that_becomes_slow_raises_the_level_and_one_that_becomes_fast_lowers_it()
    {
        var control = new LevelControl(LevelControl.Start, LevelControl.MostLevel);
        for (var second = 0; second < 60; second++) Second(control, 4, wire: 1);
        Assert.Equal(12, control.Level);
        for (var second = 0; second < 60; second++) Second(control, 4, wire: 5000);
        Assert.Equal(1, control.Level);
        for (var second = 0; second < 120; second++) Second(control, 4, wire: 1);
        Assert.Equal(12, control.Level);
    }

    [Theory]
    [InlineData(0.3, 0.3)]
    [InlineData(0.7, 0.95)]
    [InlineData(0.95, 0.95)]
    [InlineData(0.0, 0.0)]
    public void Where_neither_holds_the_job_or_both_do_the_level_stays(double compress, double wire)
    {
        var control = new LevelControl(LevelControl.Start, LevelControl.MostLevel);
        for (var second = 0; second < 1000; second++) Assert.Equal(LevelControl.Start, control.Next(new PaceSample(compress, wire)));
    }

    [Fact]
    public void One_strange_second_changes_nothing()
    {
        var control = new LevelControl(LevelControl.Start, LevelControl.MostLevel);
        for (var second = 0; second < 100; second++) Assert.Equal(3, control.Next(second % 2 == 0 ? new PaceSample(0.1, 1) : new PaceSample(0.5, 0.5)));
    }

    [Fact]
    public void The_bounds_hold_whatever_the_samples_say()
    {
        var random = new Random(1);
        var control = new LevelControl(LevelControl.Start, 9);
        for (var second = 0; second < 20_000; second++) Assert.InRange(control.Next(new PaceSample(random.Next(3) / 2.0, random.Next(3) / 2.0)), 1, 9);
    }

    [Fact]
    public void The_highest_level_leaves_four_workers_or_all_there_can_be()
    {
        for (var chunkBytes = ChunkGrid.MinChunkBytes; chunkBytes <= ChunkGrid.MaxChunkBytes; chunkBytes *= 2)
        {
            foreach (var processors in (int[])[1, 2, 4, 16, 128])
            {
                var highest = LevelControl.HighestFor(chunkBytes, processors);
                Assert.InRange(highest, LevelControl.Start + 1, LevelControl.MostLevel);
                var all = MemoryBudget.For(chunkBytes, 1, processors).Workers;
                var budget = MemoryBudget.For(chunkBytes, highest, processors);
                Assert.InRange(budget.Workers, Math.Min(4, all), all);
                Assert.True(budget.Workers * ZstdTransform.MostMemoryBytes(highest, chunkBytes) <= MemoryBudget.ContextBytes);
            }
        }

        Assert.Equal(9, LevelControl.HighestFor(1 << 20, 16));
    }

    [Fact]
    public async Task A_backup_whose_level_moves_is_whole_and_its_manifest_names_no_level()
    {
        var room = new JobRoom();
        var progress = new JobProgress();
        var source = SampleDisk.Make(SampleTable.None, 2 << 20, seed: 3);
        var result = await new BackupJob(room.Context(progress), room.Store).RunAsync([source.Plan()], JobRoom.Options with { Level = null }, default);
        Assert.Null(result.Manifest.Level);
        Assert.Equal(LevelControl.Start, progress.Level);
        await room.VerifyAsync(result.Image);
        Assert.Equal(3, (await room.BackupAsync(source)).Manifest.Level);
    }

    private static int Second(LevelControl control, int workers, double wire)
    {
        var plain = Throughput(control.Level, workers, wire);
        return control.Next(new PaceSample(Math.Min(1, plain / (workers * Speed[control.Level])), Math.Min(1, plain / Ratio[control.Level] / wire)));
    }

    private static double Throughput(int level, int workers, double wire) => Math.Min(workers * Speed[level], wire * Ratio[level]);
}
