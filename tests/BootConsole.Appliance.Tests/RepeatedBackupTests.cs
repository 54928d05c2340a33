// The program killed at random moments, and a store that fills up: the same command again, until the image is there and equal.
using BootConsole.TestKit;

namespace BootConsole.Appliance.Tests;

[Trait(FaultRounds.Sweep, FaultRounds.Faults)]
public sealed class RepeatedBackupTests : IAsyncLifetime
{
    private const int MostKills = 3;

    private readonly TempFolder _folder = new();
    private PrivateSshd _server = null!;

    public static TheoryData<int> KillSeeds => [.. FaultRounds.Seeds(usual: 2, share: 20)];

    public static TheoryData<int> FullSeeds => [.. FaultRounds.Seeds(usual: 2, share: 20)];

    public async Task InitializeAsync()
    {
        _server = await PrivateSshd.StartAsync();
        File.WriteAllText(_folder["known_hosts"], _server.KnownHostsLine + "\n");
    }

    public async Task DisposeAsync()
    {
        await _server.DisposeAsync();
        _folder.Dispose();
    }

    [Theory]
    [MemberData(nameof(KillSeeds))]
    public async Task A_program_killed_at_random_moments_goes_on_by_the_same_command(int seed)
    {
        const int bytes = 48 << 20;
        var random = new Random(seed);
        using var backup = new RepeatedBackup(_server.Address().ToString(), Access, bytes, seed);
        for (var kills = 0; ; kills++)
        {
            var running = backup.Start();
            var until = Size() + random.Next(bytes);
            if (kills < MostKills) await Eventually.BecomesTrueAsync(() => running.HasEnded || Size() >= until, "the store grows");
            if (kills < MostKills) running.Send(Signal.Kill);
            var run = running.WaitForEnd();
            if (run.ExitCode != 137)
            {
                await FaultTally.CheckAsync(() => Task.Run(() => backup.RequireEqual(run, _server.StoreFolder)));
                return;
            }

            FaultTally.NoteCuts();
            await FaultTally.CheckAsync(() => Task.Run(backup.RequireWhole));
        }
    }

    [Theory]
    [MemberData(nameof(FullSeeds))]
    public async Task A_store_that_fills_up_is_named_and_the_same_command_goes_on_when_there_is_room(int seed)
    {
        const int bytes = 24 << 20;
        var random = new Random(seed);
        await using var disk = await SmallFileSystem.CreateAsync(56 << 20);
        var store = Directory.CreateDirectory(Path.Combine(disk.Path, "store")).FullName;
        // By turns the medium is this PC's and the server's.
        var isRemote = seed % 2 == 0;
        using var backup = new RepeatedBackup(isRemote ? _server.Address(store).ToString() : store, isRemote ? Access : [], bytes, seed);
        var ballast = Path.Combine(disk.Path, "ballast");
        SystemTool.Run("fallocate", "-l", $"{new DriveInfo(disk.Path).AvailableFreeSpace - random.Next(1 << 20, bytes - (1 << 20))}", ballast);
        backup.Start().WaitForEnd().ReportsJson(1, "failed", "the store is full", "Earlier images", "Free some space", "started again goes on");
        FaultTally.NoteCuts();
        await FaultTally.CheckAsync(() => Task.Run(backup.RequireWhole));
        File.Delete(ballast);
        var run = backup.Start().WaitForEnd();
        await FaultTally.CheckAsync(() => Task.Run(() => backup.RequireEqual(run, store)));
    }

    private string[] Access => ["--identity", Path.Combine(_server.Folder, "id"), "--known-hosts", _folder["known_hosts"]];

    // Files come and go meanwhile.
    private long Size()
    {
        try
        {
            return new DirectoryInfo(_server.StoreFolder).EnumerateFiles("*", SearchOption.AllDirectories).Sum(file => file.Exists ? file.Length : 0);
        }
        catch (IOException)
        {
            return 0;
        }
    }
}
