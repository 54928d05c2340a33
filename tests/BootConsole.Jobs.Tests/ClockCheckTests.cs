// A PC whose clock is not the store's: said at the start, recorded in the image, and no reason to fail.
using BootConsole.Core;
using BootConsole.TestKit;
using BootConsole.TestKit.Memory;

namespace BootConsole.Jobs.Tests;

public sealed class ClockCheckTests
{
    private readonly FakeClock _storeClock = new();

    [Theory]
    [InlineData(301, "5 min 01 s behind")]
    [InlineData(-302, "5 min 02 s ahead of")]
    [InlineData(7500, "2 h 05 min behind")]
    [InlineData(-7500, "2 h 05 min ahead of")]
    [InlineData(20 * 365.25 * 86_400, "7305 days behind")]
    [InlineData(-20 * 365.25 * 86_400, "7305 days ahead of")]
    public async Task A_difference_is_shown_and_recorded_and_the_image_is_whole(double storeAheadSeconds, string words)
    {
        var (room, result, events) = await BackUpAsync(storeAheadSeconds);
        Assert.False(result.Manifest.ClockTrusted);
        Assert.Contains($"clock is {words} the store's", Assert.Single(result.Manifest.Notes), StringComparison.Ordinal);
        Assert.Equal(result.Manifest.Notes[0], Assert.Single(events));
        await room.VerifyAsync(result.Image);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(299)]
    [InlineData(-299)]
    public async Task Five_minutes_are_no_difference(double storeAheadSeconds)
    {
        var (_, result, events) = await BackUpAsync(storeAheadSeconds);
        Assert.True(result.Manifest.ClockTrusted);
        Assert.Empty(result.Manifest.Notes);
        Assert.Empty(events);
    }

    [Fact]
    public async Task It_is_shown_before_the_first_byte_is_read()
    {
        var room = new JobRoom(new MemoryMedium { Clock = _storeClock });
        _storeClock.Set(_storeClock.GetUtcNow().AddYears(1));
        var source = SampleDisk.Make(SampleTable.None, 256 << 10);
        var plan = source.Plan();
        var progress = new JobProgress();
        List<string> shownAtFirstRead = [];
        source.Disk.Before = _ => shownAtFirstRead.AddRange(progress.TakeEvents());
        await room.BackupAsync([plan], progress: progress);
        Assert.Single(shownAtFirstRead);
    }

    private async Task<(JobRoom Room, BackupResult Result, IReadOnlyList<string> Events)> BackUpAsync(double storeAheadSeconds)
    {
        var room = new JobRoom(new MemoryMedium { Clock = _storeClock });
        // The room's clock moves by a second before each backup.
        _storeClock.Set(room.Clock.GetUtcNow().AddSeconds(1 + storeAheadSeconds));
        var progress = new JobProgress();
        var result = await room.BackupAsync([SampleDisk.Make(SampleTable.None, 256 << 10).Plan()], progress: progress);
        return (room, result, progress.TakeEvents());
    }
}
