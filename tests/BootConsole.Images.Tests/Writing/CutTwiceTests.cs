// Images that are cut off more than once, at every pair of operations: what was trusted after the first cut must still be there after the second.
using BootConsole.Core;
using BootConsole.TestKit.Memory;

namespace BootConsole.Images.Tests;

public sealed class CutTwiceTests
{
    private static readonly ImageId Parent = WriterRoom.IdOf(0), Child = WriterRoom.IdOf(1);

    [Theory]
    [InlineData(ImageKind.Full, false, false)]
    [InlineData(ImageKind.Incremental, false, false)]
    [InlineData(ImageKind.Incremental, true, false)]
    [InlineData(ImageKind.Incremental, false, true)]
    public async Task However_often_it_is_cut_an_image_reads_as_the_disk_was_at_the_end(ImageKind kind, bool isEncrypted, bool losesPower)
    {
        var runs = 0;
        // Steps that have no factor in common with each other or with what a segment takes, so that the pairs spread.
        for (var first = 3; ; first += 11)
        {
            var isFirstOver = true;
            for (var second = 2; ; second += 9)
            {
                var (room, disk, parent) = await MakeAsync(kind, isEncrypted);
                disk = WriterRoom.Change(disk, (1, 21), (2, 22), (5, 25));
                var wasCut = await TryAsync(room, disk, kind, parent, first, losesPower);
                disk = WriterRoom.Change(disk, (1, 31), (6, 36));
                var wasCutAgain = await TryAsync(room, disk, kind, parent, second, losesPower);
                disk = WriterRoom.Change(disk, (2, 1), (8, 38));
                room.Die();
                if (await room.Store.FindAsync(StoreNames.Manifest(Child), default) is not null) break;
                var image = await room.GoOnAsync(Child, disk, kind, parent is null ? null : await room.OpenAsync(Parent));
                Assert.Equal(disk, await WriterRoom.ReadAsync(image));
                isFirstOver &= !wasCut;
                runs++;
                if (!wasCutAgain) break;
            }

            if (isFirstOver) break;
        }

        Assert.True(runs > 50, $"{runs} runs");
    }

    private static async Task<(WriterRoom Room, byte[] Disk, ImageReader? Parent)> MakeAsync(ImageKind kind, bool isEncrypted)
    {
        var room = new WriterRoom();
        if (isEncrypted)
        {
            room.Keys = FixedKeys.Make();
            await FixedKeys.PublishAsync(room.Store, room.Keys);
        }

        var disk = WriterRoom.Disk();
        return (room, disk, kind == ImageKind.Full ? null : await room.BackUpAsync(Parent, disk));
    }

    private static async Task<bool> TryAsync(WriterRoom room, byte[] disk, ImageKind kind, ImageReader? parent, int operation, bool losesPower)
    {
        room.Die();
        var again = parent is null ? null : await room.OpenAsync(parent.Id);
        room.Medium.Plan = FaultPlan.Cut(operation);
        var end = await Record.ExceptionAsync(() => room.GoOnAsync(Child, disk, kind, again));
        room.Medium.Plan = null;
        if (losesPower) room.Medium.Crash(operation);
        if (end is null) return false;
        Assert.IsType<TransportFault>(end);
        return true;
    }
}
