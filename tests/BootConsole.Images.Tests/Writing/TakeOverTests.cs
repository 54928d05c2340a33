// Taking over an unfinished image: whose lease lives is left alone, whose does not has lost the image for good.
using BootConsole.Core;
using BootConsole.Stores;
using BootConsole.TestKit;
using BootConsole.TestKit.Memory;

namespace BootConsole.Images.Tests;

public sealed class TakeOverTests
{
    private static readonly ImageId Id = WriterRoom.IdOf(1);
    private readonly WriterRoom _room = new();
    private readonly FakeProcesses _other = new() { Self = new JobIdentity("other-pc", "boot-9", 1, 1) };
    private readonly FakeClock _otherClock = new();
    private TimeSpan? _waited;

    private FakeClock StoreClock => (FakeClock)_room.Medium.Clock;

    [Fact]
    public async Task The_image_of_a_living_job_is_refused_and_stays_as_it_is()
    {
        await using var owner = await _room.BeginAsync(_room.Draft(Id));
        var before = await StateAsync();
        var leases = Leases();
        // To the very second.
        StoreClock.Move(Lease.DeadAfter);
        var fault = await Assert.ThrowsAsync<RefusedFault>(() => TakeOverAsync());
        Assert.Equal(("another job makes this image", "process 4711 on this-pc"), (fault.Message, fault.Found));
        Assert.Equal(before.Token, (await StateAsync()).Token);
        Assert.Equal(leases, Leases());
        await _room.WriteAsync(owner, WriterRoom.Disk());
    }

    [Fact]
    public async Task A_lease_that_is_renewed_lives_for_hours()
    {
        await using var owner = await _room.BeginAsync(_room.Draft(Id));
        for (var minute = 0; minute < 60; minute++)
        {
            StoreClock.Move(TimeSpan.FromMinutes(1));
            var now = StoreClock.GetUtcNow();
            _room.Clock.Move(Lease.RenewEvery);
            await Eventually.BecomesTrueAsync(() => _room.Store.FindAsync(Leases()[0], default).GetAwaiter().GetResult()!.Modified == now, "the lease is renewed");
        }

        await Assert.ThrowsAsync<RefusedFault>(() => TakeOverAsync());
    }

    [Fact]
    public async Task An_owner_of_another_machine_whose_lease_is_too_old_gets_a_minute_to_notice_and_has_then_lost_the_image()
    {
        await using var owner = await _room.BeginAsync(_room.Draft(Id));
        var former = (await StateAsync()).Token;
        StoreClock.Move(Lease.DeadAfter + TimeSpan.FromSeconds(1));
        var taking = TakeOverAsync();
        await Eventually.BecomesTrueAsync(() => _waited is not null && _otherClock.Timers == 2, "the new owner waits");
        Assert.Equal(TimeSpan.FromSeconds(60), _waited);
        // The record is the new owner's already, or the old one could not notice.
        Assert.NotEqual(former, (await StateAsync()).Token);
        Assert.Contains("taken this image over", (await Assert.ThrowsAsync<RefusedFault>(() => _room.WriteAsync(owner, WriterRoom.Disk()))).Message, StringComparison.Ordinal);
        Assert.Null(await _room.Store.FindAsync(StoreNames.Manifest(Id), default));
        _otherClock.Move(TimeSpan.FromSeconds(59.9));
        Assert.False(taking.IsCompleted);
        _otherClock.Move(TimeSpan.FromSeconds(0.1));
        await using var image = await Eventually.EndsAsync(taking);
        Assert.True(image.IsResumed);
        // Not removed by its loser, not recorded as failed by him.
        await owner.DiscardAsync(default);
        await owner.RecordFailureAsync("too late", default);
        Assert.Equal(JobState.Running, (await StateAsync()).State);
        await _room.WriteAsync(image, WriterRoom.Disk());
        Assert.Equal(WriterRoom.Disk(), await WriterRoom.ReadAsync(await _room.OpenAsync(Id)));
    }

    [Fact]
    public async Task An_owner_whose_process_is_known_to_be_gone_is_not_waited_for()
    {
        await (await _room.BeginAsync(_room.Draft(Id))).RecordSuspensionAsync(default);
        Assert.Single(Leases());
        _other.Gone.Add(_room.Processes.Self);
        await using var image = await Eventually.EndsAsync(TakeOverAsync());
        Assert.Null(_waited);
        Assert.Equal(((await StateAsync()).Token, JobState.Running), (Assert.Single(Leases()).Name.Split('.')[^1], (await StateAsync()).State));
    }

    [Fact]
    public async Task An_owner_that_gave_its_lease_back_is_not_waited_for()
    {
        await using (var owner = await _room.BeginAsync(_room.Draft(Id))) await owner.RecordSuspensionAsync(default);
        await using var image = await Eventually.EndsAsync(TakeOverAsync());
        Assert.Null(_waited);
    }

    [Fact]
    public async Task An_image_that_its_owner_finishes_at_the_last_moment_is_his()
    {
        await using var owner = await _room.BeginAsync(_room.Draft(Id));
        // He read the record once more, found it his, and publishes while the other one takes over.
        var manifest = await ManifestAsync();
        StoreClock.Move(Lease.DeadAfter + TimeSpan.FromSeconds(1));
        var taking = TakeOverAsync();
        await Eventually.BecomesTrueAsync(() => _waited is not null && _otherClock.Timers == 2, "the new owner waits");
        await StoreBytes.PublishAsync(_room.Store, StoreNames.Manifest(Id), manifest, default);
        _otherClock.Move(ImageWriter.TakeOverWait);
        await Assert.ThrowsAsync<RefusedFault>(() => Eventually.EndsAsync(taking));
        Assert.Equal(manifest, _room.Medium.ReadAll(StoreNames.Manifest(Id)));
    }

    [Fact]
    public async Task Of_two_that_take_over_at_once_one_gets_the_image()
    {
        await using (await _room.BeginAsync(_room.Draft(Id))) { }
        var record = await StateAsync();
        await using var first = await Eventually.EndsAsync(TakeOverAsync());
        // The second one found the same record, a moment earlier.
        var late = new FakeProcesses { Self = new JobIdentity("third-pc", "boot-3", 3, 3) };
        await Assert.ThrowsAsync<RefusedFault>(() => ImageWriter.ResumeAsync(_room.Store, _room.Draft(Id), record, late, _otherClock, _ => { }, default));
        await _room.WriteAsync(first, WriterRoom.Disk());
    }

    [Fact]
    public async Task A_cancel_while_waiting_leaves_the_image_unfinished_and_no_lease()
    {
        await using var owner = await _room.BeginAsync(_room.Draft(Id));
        StoreClock.Move(Lease.DeadAfter + TimeSpan.FromSeconds(1));
        var before = Leases();
        using var cancel = new CancellationTokenSource();
        var taking = TakeOverAsync(cancel.Token);
        await Eventually.BecomesTrueAsync(() => _waited is not null && _otherClock.Timers == 2, "the new owner waits");
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Eventually.EndsAsync(taking));
        Assert.Equal(before, Leases());
        Assert.NotNull(await _room.Store.FindAsync(StoreNames.State(Id), default));
    }

    [Fact]
    public async Task Parts_that_a_cut_left_are_cleared_away()
    {
        await using (var owner = await _room.BeginAsync(_room.Draft(Id)))
        {
            using var zstd = new Codec.ZstdTransform(3);
            await using var writer = await _room.OpenDiskAsync(owner, zstd);
            foreach (var path in (StorePath[])[StoreNames.Image(Id) / "image.json.0123456789abcdef.part", StoreNames.Disk(Id, 0) / "layout.json.0123456789abcdef.part"])
                await StoreBytes.PublishAsync(_room.Store, path, new byte[3], default);
        }

        await using var image = await Eventually.EndsAsync(TakeOverAsync());
        Assert.DoesNotContain(_room.Medium.Files(), file => StoreNames.IsPart(file.Name));
    }

    [Fact]
    public async Task A_key_set_that_lost_its_wraps_since_is_noticed_before_anything_is_sent()
    {
        _room.Keys = FixedKeys.Make();
        var wrap = await FixedKeys.PublishAsync(_room.Store, _room.Keys);
        await using (await _room.BeginAsync(_room.Draft(Id))) { }
        await _room.Store.RemoveAsync(StoreNames.KeySet(FixedKeys.Id) / wrap.Name, default);
        await Assert.ThrowsAsync<KeyFault>(() => Eventually.EndsAsync(TakeOverAsync()));
        await Assert.ThrowsAsync<KeyFault>(() => _room.BeginAsync(_room.Draft(WriterRoom.IdOf(2))));
    }

    [Fact]
    public async Task A_key_set_that_loses_its_wraps_while_the_image_is_made_is_noticed_before_the_manifest()
    {
        _room.Keys = FixedKeys.Make();
        var wrap = await FixedKeys.PublishAsync(_room.Store, _room.Keys);
        await using var image = await _room.BeginAsync(_room.Draft(Id));
        await _room.Store.RemoveAsync(StoreNames.KeySet(FixedKeys.Id) / wrap.Name, default);
        await Assert.ThrowsAsync<KeyFault>(() => _room.WriteAsync(image, WriterRoom.Disk()));
        Assert.Null(await _room.Store.FindAsync(StoreNames.Manifest(Id), default));
    }

    private Task<ImageWriter> TakeOverAsync(CancellationToken cancel = default) => Task.Run(async () =>
        await ImageWriter.ResumeAsync(_room.Medium.Open(), _room.Draft(Id), await StateAsync(), _other, _otherClock, time => _waited = time, cancel), CancellationToken.None);

    private async Task<StateRecord> StateAsync() => (await StoreSurvey.TryReadStateAsync(_room.Medium.Open(), Id, default))!;

    private List<StorePath> Leases() => [.. _room.Medium.Files().Where(file => file.Text.StartsWith("leases/", StringComparison.Ordinal))];

    private static async Task<byte[]> ManifestAsync()
    {
        var room = new WriterRoom();
        await room.BackUpAsync(Id, WriterRoom.Disk());
        return room.Medium.ReadAll(StoreNames.Manifest(Id));
    }
}
