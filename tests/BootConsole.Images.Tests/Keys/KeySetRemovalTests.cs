// Key sets go with the last image that names them, and never before.
using BootConsole.Core;
using BootConsole.Stores;
using BootConsole.TestKit.Memory;

namespace BootConsole.Images.Tests;

public sealed class KeySetRemovalTests
{
    private static readonly ImageId First = WriterRoom.IdOf(1), Second = WriterRoom.IdOf(2);
    private static readonly StorePath Folder = StoreNames.KeySet(FixedKeys.Id);
    private WriterRoom _room = new();

    [Fact]
    public async Task It_goes_with_the_last_image_that_names_it()
    {
        await MakeAsync();
        await _room.BackUpAsync(First, WriterRoom.Disk());
        await _room.BackUpAsync(Second, WriterRoom.Disk(5));
        await DeleteAsync(First);
        Assert.NotEmpty(await KeyWraps.ListAsync(_room.Store, FixedKeys.Id, default));
        await DeleteAsync(Second);
        Assert.Null(await _room.Store.FindAsync(Folder, default));
    }

    [Fact]
    public async Task It_stays_for_an_unfinished_image_and_goes_with_that()
    {
        await MakeAsync();
        await _room.BackUpAsync(First, WriterRoom.Disk());
        await using (await _room.BeginAsync(_room.Draft(Second))) { }
        await DeleteAsync(First);
        Assert.NotEmpty(await KeyWraps.ListAsync(_room.Store, FixedKeys.Id, default));
        await DeleteAsync(Second);
        Assert.Null(await _room.Store.FindAsync(Folder, default));
    }

    [Fact]
    public async Task It_stays_for_a_deleted_image_whose_segments_another_one_needs()
    {
        await MakeAsync();
        var full = await _room.BackUpAsync(First, WriterRoom.Disk());
        var child = await _room.BackUpAsync(Second, WriterRoom.Disk(), ImageKind.Incremental, full);
        await DeleteAsync(First);
        Assert.Equal(WriterRoom.Disk(), await WriterRoom.ReadAsync(await _room.OpenAsync(child.Id)));
        using (await OpenAsync()) { }
        await DeleteAsync(Second);
        Assert.Null(await _room.Store.FindAsync(Folder, default));
    }

    [Fact]
    public async Task One_that_is_marked_as_kept_stays_without_an_image()
    {
        await MakeAsync();
        await _room.BackUpAsync(First, WriterRoom.Disk());
        await KeyWraps.KeepAsync(_room.Store, FixedKeys.Id, default);
        await KeyWraps.KeepAsync(_room.Store, FixedKeys.Id, default);
        Assert.Single(await KeyWraps.ListAsync(_room.Store, FixedKeys.Id, default));
        await DeleteAsync(First);
        using (await OpenAsync()) { }
        Assert.NotNull(await _room.Store.FindAsync(StoreNames.KeptKeySet(FixedKeys.Id), default));
    }

    [Fact]
    public async Task It_stays_while_any_job_works_that_may_be_about_to_use_it()
    {
        await MakeAsync();
        await _room.BackUpAsync(First, WriterRoom.Disk());
        var clear = new WriterRoom(_room.Medium);
        await using (await clear.BeginAsync(clear.Draft(Second))) await DeleteAsync(First);
        using (await OpenAsync()) { }
    }

    [Fact]
    public async Task Key_sets_that_the_deleted_image_did_not_name_are_left_alone()
    {
        await MakeAsync();
        await _room.BackUpAsync(First, WriterRoom.Disk());
        using var other = KeySet.MakeRandom();
        await FixedKeys.PublishAsync(_room.Store, other);
        await DeleteAsync(First);
        Assert.Equal([other.Id], await KeyWraps.ListSetsAsync(_room.Store, default));
    }

    [Fact]
    public async Task Wherever_the_deletion_is_cut_an_image_that_is_there_can_still_be_opened()
    {
        var (removed, kept) = (0, 0);
        for (var operation = 1; ; operation++)
        {
            _room = new WriterRoom();
            await MakeAsync();
            await _room.BackUpAsync(First, WriterRoom.Disk());
            await FixedKeys.PublishEscrowAsync(_room.Store, _room.Keys!);
            _room.Medium.Plan = FaultPlan.Cut(operation, operation % 2 == 0 ? FaultMoment.Before : FaultMoment.After);
            var end = await Record.ExceptionAsync(() => DeleteAsync(First));
            _room.Medium.Plan = null;
            _room.Medium.Crash(operation);
            _room.Die();
            if ((await ImageList.ReadAsync(_room.Store, default)).Any(listing => listing.Manifest is not null))
            {
                kept++;
                using (await OpenAsync()) Assert.Equal(WriterRoom.Disk(), await WriterRoom.ReadAsync(await _room.OpenAsync(First)));
            }
            else
            {
                removed++;
                // The next deletion goes on with it.
                await new ImageRemoval(_room.Store, _room.Processes).SweepAsync(default);
                Assert.DoesNotContain(_room.Medium.Files(), file => file.Text.StartsWith("images/", StringComparison.Ordinal));
            }

            if (end is null) break;
        }

        Assert.True(removed > 5 && kept > 0, $"{removed} removed, {kept} kept");
    }

    [Fact]
    public async Task A_folder_with_what_is_not_of_the_format_stays_and_the_deletion_is_none_the_worse_for_it()
    {
        await MakeAsync();
        await _room.BackUpAsync(First, WriterRoom.Disk());
        await _room.Store.CreateFolderAsync(Folder / "by-hand", default);
        await DeleteAsync(First);
        Assert.Null(await _room.Store.FindAsync(StoreNames.Image(First), default));
    }

    private async Task MakeAsync()
    {
        _room.Keys = FixedKeys.Make();
        await FixedKeys.PublishAsync(_room.Store, _room.Keys);
    }

    private Task<RemovalResult> DeleteAsync(ImageId id) => new ImageRemoval(_room.Store, _room.Processes).DeleteAsync(id, default);

    private async Task<KeySet> OpenAsync()
    {
        using var password = FixedKeys.PasswordOf(FixedKeys.Password);
        return await KeyWraps.OpenAsync(_room.Store, FixedKeys.Id, [password], isPinned: false, default);
    }
}
