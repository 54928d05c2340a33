// Which unfinished image the same command goes on with.
using BootConsole.Core;
using BootConsole.TestKit;

namespace BootConsole.Images.Tests;

public sealed class UnfinishedSearchTests
{
    private static readonly ImageId First = WriterRoom.IdOf(1), Second = WriterRoom.IdOf(2);
    private readonly WriterRoom _room = new();

    [Fact]
    public async Task The_newest_of_those_that_fit_is_found()
    {
        Assert.Null(await FindAsync(_room.Draft(WriterRoom.IdOf(9))));
        await LeaveAsync(_room.Draft(First));
        await LeaveAsync(_room.Draft(Second));
        Assert.Equal(Second.Text, (await FindAsync(_room.Draft(WriterRoom.IdOf(9))))!.Id);
        Assert.Equal(First.Text, (await FindAsync(_room.Draft(WriterRoom.IdOf(9)), only: First))!.Id);
        Assert.Null(await FindAsync(_room.Draft(WriterRoom.IdOf(9)), only: WriterRoom.IdOf(3)));
    }

    [Fact]
    public async Task Any_other_parameter_makes_it_another_image()
    {
        await LeaveAsync(_room.Draft(First));
        var fitting = _room.Draft(WriterRoom.IdOf(9));
        Assert.NotNull(await FindAsync(fitting));
        var disk = fitting.Disks[0];
        foreach (var draft in (ImageDraft[])
            [
                fitting with { Id = WriterRoom.IdOf(9, pc: "other-pc") },
                fitting with { Id = WriterRoom.IdOf(9, name: "weekly") },
                fitting with { Pad = 1 },
                fitting with { Keys = FixedKeys.Make() },
                fitting with { Disks = [disk with { Serial = "S2" }] },
                fitting with { Disks = [disk with { Size = disk.Size + 512 }] },
                fitting with { Disks = [disk with { SectorBytes = 4096 }] },
                fitting with { Disks = [disk, disk] },
                fitting with { Disks = [] },
            ])
            Assert.Null(await FindAsync(draft));
        Assert.Null(await FindAsync(fitting, kinds: [ImageKind.Incremental, ImageKind.Copy]));
        Assert.NotNull(await FindAsync(fitting, kinds: [ImageKind.Incremental, ImageKind.Full]));
        // The path may be another after a restart, and chunks stay as they were begun.
        Assert.NotNull(await FindAsync(fitting with { Disks = [disk with { Path = "/dev/sdz", ChunkBytes = 1 << 20 }] }));
    }

    [Fact]
    public async Task An_image_of_one_key_set_is_not_gone_on_with_by_another_or_in_the_clear()
    {
        _room.Keys = FixedKeys.Make();
        await FixedKeys.PublishAsync(_room.Store, _room.Keys);
        await LeaveAsync(_room.Draft(First));
        var fitting = _room.Draft(WriterRoom.IdOf(9));
        Assert.NotNull(await FindAsync(fitting));
        using var other = KeySet.MakeRandom();
        Assert.Null(await FindAsync(fitting with { Keys = other }));
        Assert.Null(await FindAsync(fitting with { Keys = null }));
    }

    [Fact]
    public async Task One_that_somebody_works_on_is_left_alone_and_an_older_one_taken()
    {
        await LeaveAsync(_room.Draft(First));
        await using (await _room.BeginAsync(_room.Draft(Second)))
        {
            Assert.Equal(First.Text, (await FindAsync(_room.Draft(WriterRoom.IdOf(9))))!.Id);
            // Its lease dies of age.
            ((FakeClock)_room.Medium.Clock).Move(Lease.DeadAfter + TimeSpan.FromSeconds(1));
            Assert.Equal(Second.Text, (await FindAsync(_room.Draft(WriterRoom.IdOf(9))))!.Id);
        }
    }

    [Fact]
    public async Task A_finished_a_deleted_and_a_damaged_one_are_not_gone_on_with()
    {
        await _room.BackUpAsync(First, WriterRoom.Disk());
        await LeaveAsync(_room.Draft(Second));
        _room.Medium.Damage(StoreNames.State(Second), bytes => bytes[..^10]);
        Assert.Null(await FindAsync(_room.Draft(WriterRoom.IdOf(9))));
    }

    private async Task LeaveAsync(ImageDraft draft)
    {
        await using (await _room.BeginAsync(draft)) { }
    }

    private Task<StateRecord?> FindAsync(ImageDraft draft, IReadOnlyList<ImageKind>? kinds = null, ImageId? only = null) =>
        UnfinishedSearch.FindAsync(_room.Store, _room.Processes, draft, kinds ?? [ImageKind.Full], only, default);
}
