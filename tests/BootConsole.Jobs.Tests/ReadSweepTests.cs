// Restores and verifications whose store fails at every operation: named, never a wrong success, and the image stays as it was.
using BootConsole.Core;
using BootConsole.Images;
using BootConsole.TestKit;
using BootConsole.TestKit.Memory;

namespace BootConsole.Jobs.Tests;

[Trait(FaultRounds.Sweep, FaultRounds.Faults)]
public sealed class ReadSweepTests
{
    private const byte Junk = 0xA5;
    private const int DiskBytes = 2 << 20;

    public static TheoryData<string, bool> Ways => new() { { "cut", false }, { "cut", true }, { "denied once", true }, { "other for ever", false } };

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task A_restore_whose_store_fails_at_any_operation_leaves_no_mixture_and_is_gone_on_with(string way, bool isEncrypted)
    {
        var (room, source, image) = await MakeAsync(isEncrypted);
        var whole = RoundTripTests.Restored(source, Target().Bytes, 0xE5, SampleDisk.ChunkBytes);
        var strikes = 0;
        for (var operation = 1; ; operation++)
        {
            var target = Target();
            room.Medium.Plan = PlanOf(way, operation);
            var end = await Record.ExceptionAsync(() => room.RestoreAsync(image, target));
            if (IsOver(room, operation)) break;
            strikes++;
            FaultTally.NoteCuts();
            await FaultTally.CheckAsync(async () =>
            {
                if (end is null) Assert.Equal(whole, target.Bytes);
                else Assert.IsAssignableFrom<Fault>(end);
                if (end is not null && target.Writes == 0) Assert.Equal(Target().Bytes, target.Bytes);
                else if (end is not null) Assert.DoesNotContain(target.Bytes[..(34 * 512)].Concat(target.Bytes[^(33 * 512)..]), value => value != 0);
                await room.VerifyAsync(image);
                await room.RestoreAsync(image, target, 0, new RestoreOptions { OnlyDifferences = true });
                Assert.Equal(whole, target.Bytes);
            });
        }

        Assert.True(strikes > 30, $"only {strikes} operations could fail");
    }

    [Theory]
    [InlineData("cut", false)]
    [InlineData("cut", true)]
    [InlineData("denied once", false)]
    [InlineData("other for ever", true)]
    public async Task A_verification_whose_store_fails_at_any_operation_never_says_that_all_is_well_nor_that_anything_is_bad(string way, bool isKeyless)
    {
        var (room, _, image) = await MakeAsync(isEncrypted: true);
        var (strikes, failed, before) = (0, 0, room.Medium.Files().Where(file => file.Folder != StoreNames.Leases).ToList());
        for (var operation = 1; ; operation++)
        {
            room.Medium.Plan = PlanOf(way, operation);
            var end = await Record.ExceptionAsync(() => isKeyless ? room.VerifyKeylessAsync(image) : room.VerifyAsync(image));
            if (IsOver(room, operation)) break;
            strikes++;
            failed += end is null ? 0 : 1;
            FaultTally.NoteCuts();
            await FaultTally.CheckAsync(async () =>
            {
                if (end is not null) Assert.True(end is TransportFault or StoreFault, $"operation {operation}: {end}");
                Assert.Equal(before, room.Medium.Files().Where(file => file.Folder != StoreNames.Leases));
                await room.VerifyAsync(image);
            });
        }

        // Taking and giving back the lease may fail unheard; looking at the image may not.
        Assert.True(strikes > 20 && failed > strikes - 12, $"{failed} of {strikes} operations that failed were told");
    }

    private static bool IsOver(JobRoom room, int operation)
    {
        var isOver = room.Medium.Operations < operation;
        room.Medium.Plan = null;
        room.Store = room.Medium.Open();
        return isOver;
    }

    private static FaultPlan PlanOf(string way, int operation) => way switch
    {
        "cut" => FaultPlan.Cut(operation),
        "denied once" => FaultPlan.Refuse(operation, StoreProblem.Denied),
        _ => FaultPlan.Refuse(operation, StoreProblem.Other) with { StaysBroken = true },
    };

    private static TestDisk Target() => new([.. Enumerable.Repeat(Junk, DiskBytes)]);

    private static async Task<(JobRoom Room, SampleDisk Source, ImageId Image)> MakeAsync(bool isEncrypted)
    {
        var room = new JobRoom { SegmentBytes = 200_000 };
        if (isEncrypted) await room.EncryptAsync();
        var source = SampleDisk.Make(SampleTable.Gpt, DiskBytes, seed: 6);
        return (room, source, (await room.BackupAsync(source, 0xE5)).Image);
    }
}
