// Real ssh, real sshd: a line that drops, delays and truncates, and a server that is killed and comes back.
using BootConsole.TestKit;

namespace BootConsole.Jobs.Tests.Lines;

[Trait(FaultRounds.Sweep, FaultRounds.Faults)]
public sealed class LineFaultTests
{
    private const int MostCuts = 3;

    public static TheoryData<int> LineSeeds => [.. FaultRounds.Seeds(usual: 4, share: 10)];

    public static TheoryData<int> ServerSeeds => [.. FaultRounds.Seeds(usual: 3, share: 10)];

    [Theory]
    [MemberData(nameof(LineSeeds))]
    public async Task A_line_that_is_cut_closed_or_silent_after_random_bytes_costs_a_backup_two_segments_at_most(int seed)
    {
        await using var run = await LineRun.StartAsync(seed);
        await using var line = new BadLine(run.Server.Port, run.Random, (int)run.Undisturbed.Sent, 60_000);
        var result = await run.BackupAsync(line.Port, line.RepairAsync);
        await FaultTally.CheckAsync(() => run.CheckAsync(result, line.Cuts));
    }

    [Theory]
    [MemberData(nameof(LineSeeds))]
    public async Task A_line_that_is_cut_closed_or_silent_after_random_bytes_costs_a_verification_and_a_restore_nothing_but_time(int seed)
    {
        await using var run = await LineRun.StartAsync(seed);
        await using var line = new BadLine(run.Server.Port, run.Random, 60_000, run.Disk.Bytes.Length * 2);
        var target = new TestDisk(new byte[run.Disk.Bytes.Length]);
        await run.RestoreAsync(line.Port, target, line.RepairAsync);
        FaultTally.NoteCuts(line.Cuts);
        await FaultTally.CheckAsync(() => run.CheckEarlierAsync(target));
    }

    [Theory]
    [MemberData(nameof(ServerSeeds))]
    public async Task A_server_killed_at_random_moments_of_a_backup_and_started_again_costs_it_two_segments_at_most(int seed)
    {
        await using var run = await LineRun.StartAsync(seed);
        using var turn = new SemaphoreSlim(1, 1);
        var (reads, kills, isUp) = (0, 0, true);
        var next = run.Random.Next(1, run.Reads);
        run.Disk.Before = _ =>
        {
            if (kills == MostCuts || Interlocked.Increment(ref reads) != next) return;
            turn.Wait();
            try
            {
                run.Server.KillAsync().GetAwaiter().GetResult();
                (isUp, kills) = (false, kills + 1);
                next += run.Random.Next(1, run.Reads);
            }
            finally
            {
                turn.Release();
            }
        };
        var result = await run.BackupAsync(run.Server.Port, async () =>
        {
            await turn.WaitAsync();
            try
            {
                if (!isUp) await run.Server.StartAgainAsync();
                isUp = true;
            }
            finally
            {
                turn.Release();
            }
        });
        run.Disk.Before = null;
        Assert.True(kills > 0, "the server was never killed");
        await FaultTally.CheckAsync(() => run.CheckAsync(result, kills));
    }
}
