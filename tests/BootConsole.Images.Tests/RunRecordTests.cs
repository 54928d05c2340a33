// Records of runs: published beside the images, and the newest of each PC alone are kept.
using BootConsole.Core;
using BootConsole.TestKit;
using BootConsole.TestKit.Memory;

namespace BootConsole.Images.Tests;

public sealed class RunRecordTests
{
    private static readonly DateTimeOffset Start = new(2026, 11, 21, 6, 4, 0, TimeSpan.Zero);
    private readonly MemoryMedium _medium = new();

    private IEnumerable<string> Names => _medium.Files().Select(path => path.Text).Where(path => path.StartsWith("runs/", StringComparison.Ordinal));

    [Fact]
    public async Task The_newest_hundred_of_a_pc_are_kept_and_all_of_the_others()
    {
        await using var store = _medium.Open();
        await PublishAsync(store, RunRecords.NewId(Start.AddYears(-20), "other-pc", "backup"));
        for (var run = 0; run < RunRecords.KeptForEachPc + 5; run++) await PublishAsync(store, RunRecords.NewId(Start.AddHours(run), "office-pc", "backup"));
        Assert.Equal(RunRecords.KeptForEachPc + 1, Names.Count());
        Assert.Contains(Names, name => name.Contains("other-pc", StringComparison.Ordinal));
        Assert.DoesNotContain(Names, name => name.StartsWith("runs/2026-11-21T080400Z", StringComparison.Ordinal));
        // By a clock that is years behind, the record of now is the oldest; it stays.
        var late = RunRecords.NewId(Start.AddYears(-30), "office-pc", "backup");
        await PublishAsync(store, late);
        Assert.Contains(Names, name => name == StoreNames.Run(late).Text);
        Assert.Equal(RunRecords.KeptForEachPc + 1, Names.Count());
    }

    [Fact]
    public async Task A_record_is_no_image_and_its_name_is_read_back()
    {
        await using var store = _medium.Open();
        var run = RunRecords.NewId(Start, "office-pc", "restore");
        await PublishAsync(store, run);
        Assert.Matches("^runs/2026-11-21T060400Z_office-pc_restore-[0-9a-f]{8}[.]log$", Assert.Single(Names));
        Assert.True(StoreNames.TryParseRun(StoreNames.Run(run).Name, out var read) && read == run);
        Assert.False(StoreNames.TryParseRun("notes.log", out _));
        Assert.Empty(await ImageList.ReadAsync(store, CancellationToken.None));
    }

    [Fact]
    public async Task The_clocks_are_compared_and_nothing_is_left_of_that()
    {
        var clock = new FakeClock();
        var medium = new MemoryMedium { Clock = new FakeClock(clock.GetUtcNow().AddHours(3)) };
        await using var store = medium.Open();
        Assert.Equal(TimeSpan.FromHours(3), await RunRecords.FindClockAheadAsync(store, clock, CancellationToken.None));
        Assert.Empty(medium.Files());
    }

    private static Task PublishAsync(MemoryStore store, ImageId run) => RunRecords.PublishAsync(store, run, "text\n", CancellationToken.None);
}
