// Which images of a real store the rules may judge.
using BootConsole.Core;
using BootConsole.Images;
using BootConsole.TestKit;
using BootConsole.TestKit.Memory;

namespace BootConsole.Jobs.Tests;

public sealed class PrunePlannerTests
{
    private static readonly RetentionRules LastOne = new() { Last = 1 };
    private readonly FakeClock _storeClock = new();
    private readonly JobRoom _room;

    public PrunePlannerTests() => _room = new JobRoom(new MemoryMedium { Clock = _storeClock });

    [Fact]
    public async Task An_unfinished_and_a_damaged_image_stay_and_do_not_count()
    {
        var old = await BackupAsync();
        var newest = await BackupAsync();
        var damaged = await BackupAsync();
        _room.Medium.Damage(StoreNames.Manifest(damaged), _ => "{"u8.ToArray());
        var unfinished = ImageId.Create(_room.Clock.GetUtcNow().AddSeconds(1), "office-pc", "backup");
        await _room.Store.CreateFolderAsync(StoreNames.Image(unfinished), default);
        await _room.Store.CreateFolderAsync(StoreNames.Disk(unfinished, 0), default);
        Assert.Equal([$"{unfinished} unfinished", $"{damaged} damaged", $"{newest} last", $"{old} no"], await PlanAsync(LastOne));
    }

    [Fact]
    public async Task An_image_dated_in_the_future_stays_and_does_not_count()
    {
        var now = _room.Clock.GetUtcNow();
        var old = await BackupAsync();
        var newest = await BackupAsync();
        _room.Clock.Set(now.AddYears(3));
        _storeClock.Set(now.AddYears(3));
        var future = await BackupAsync();
        _room.Clock.Set(now.AddMinutes(1));
        Assert.Equal([$"{future} dated", $"{newest} last", $"{old} no"], await PlanAsync(LastOne));
    }

    [Fact]
    public async Task An_image_made_while_the_clock_was_wrong_stays_and_does_not_count()
    {
        var now = _room.Clock.GetUtcNow();
        var old = await BackupAsync();
        var newest = await BackupAsync();
        _storeClock.Set(now.AddDays(900));
        _room.Clock.Set(now.AddDays(1));
        var doubtful = await BackupAsync();
        Assert.Equal([$"{doubtful} the", $"{newest} last", $"{old} no"], await PlanAsync(LastOne));
    }

    [Fact]
    public async Task Two_disks_under_one_name_are_two_histories()
    {
        var one = await BackupAsync();
        var source = SampleDisk.Make(SampleTable.None, 1 << 20, seed: 2);
        var other = (await _room.BackupAsync(source with { Disk = new TestDisk(source.Disk.Bytes) { Info = source.Disk.Info with { Serial = "S2" } } })).Image;
        var plan = await PlanAsync(LastOne);
        Assert.Equal([$"{one} last", $"{other} last"], plan.Order());
    }

    [Fact]
    public async Task Images_of_another_PC_are_not_judged_when_one_is_named()
    {
        await BackupAsync();
        Assert.Empty(await new PrunePlanner(_room.Store, _room.Clock).PlanAsync(LastOne, "another", default));
        Assert.Single(await new PrunePlanner(_room.Store, _room.Clock).PlanAsync(LastOne, "office-pc", default));
    }

    [Fact]
    public async Task Rules_that_keep_nothing_are_refused() =>
        await Assert.ThrowsAsync<RefusedFault>(() => new PrunePlanner(_room.Store, _room.Clock).PlanAsync(new RetentionRules { Last = 0 }, null, default));

    private async Task<ImageId> BackupAsync() => (await _room.BackupAsync(SampleDisk.Make(SampleTable.None, 1 << 20, seed: 1))).Image;

    private async Task<List<string>> PlanAsync(RetentionRules rules) =>
        [.. (await new PrunePlanner(_room.Store, _room.Clock).PlanAsync(rules, null, default)).Select(decision => $"{decision.Image.Id} {decision.Reason.Split(' ', ':')[0]}")];
}
