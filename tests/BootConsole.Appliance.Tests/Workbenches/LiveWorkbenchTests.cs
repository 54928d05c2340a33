// The workbench with real disks-image files and a real store: what is given up stays silent, and what is cut off keeps what was sent.
using System.Collections.Concurrent;
using BootConsole.Appliance.Screens;
using BootConsole.Appliance.Workbench;
using BootConsole.Codec;
using BootConsole.Core;
using BootConsole.Disks.Finding;
using BootConsole.Host;
using BootConsole.Images;
using BootConsole.TestKit;
using Spectre.Console;

namespace BootConsole.Appliance.Tests.Workbenches;

public sealed class LiveWorkbenchTests(SampleStore sample) : IClassFixture<SampleStore>
{
    private static readonly Services Services = new()
    {
        Programs = new ProgramRunner(),
        Processes = new ProcessTable(),
        Clock = TimeProvider.System,
        MakeTransform = level => new ZstdTransform(level),
        Output = AnsiConsole.Console,
        Errors = AnsiConsole.Console,
        IsInteractive = false,
    };

    private readonly ConcurrentQueue<Message> _messages = new();

    [Fact]
    public async Task A_plan_given_up_for_the_next_wish_says_nothing_any_more()
    {
        await using var bench = Make();
        var order = await OrderAsync(bench, sample.NewFolder(), sample.Source, ImageKind.Full);
        for (var round = 0; round < 20; round++)
        {
            ConcurrentQueue<Message> late = new();
            var isGivenUp = false;
            bench.Begin(new PlanBackup(order), message => { if (Volatile.Read(ref isGivenUp)) late.Enqueue(message); });
            // At any moment of it.
            if (round > 0) await Task.Delay(round * 3);
            bench.Begin(new ListImages(), _messages.Enqueue);
            Volatile.Write(ref isGivenUp, true);
            await AnswerAsync<ImagesListed>();
            Assert.Empty(late);
        }
    }

    [Fact]
    public async Task A_backup_that_is_cut_off_by_the_end_of_the_program_keeps_what_was_sent_and_goes_on()
    {
        var (store, source) = (sample.NewFolder(), sample.NewPath(".img"));
        using (var file = File.Create(source))
            for (var part = 0; part < 12; part++) file.Write(RandomBytes.Of(part, 16 << 20));
        await using (var bench = Make())
        {
            var order = await OrderAsync(bench, store, source, ImageKind.Full);
            // No machine is too fast for the cut then.
            order = order with { Settings = order.Settings with { LimitBytesPerSecond = 40_000_000 } };
            bench.Begin(new PlanBackup(order), _messages.Enqueue);
            await AnswerAsync<PlanMade>();
            bench.Begin(new RunBackup(order), _messages.Enqueue);
            // The second table: the first segment is then certainly committed.
            await Eventually.BecomesTrueAsync(() => Files(store, "*.table.zst").Count() > 1 || _messages.Any(message => message is WorkEnded), "a segment is committed");
        }

        var end = await AnswerAsync<WorkEnded>();
        Assert.Equal(WorkOutcome.Cancelled, end.End.Outcome);
        Assert.NotEmpty(Files(store, "*.table.zst"));
        Assert.Empty(Directory.GetFiles(Path.Combine(store, "leases")));
        var kept = Files(store, "*.zst").ToDictionary(file => file, Content.Hash);
        Bootconsole.Run("backup", "--disk", source, "--store", store, "--pc", "test-pc", "--name", "backup", "--no-encryption", "--json").Succeeds();
        Assert.Single(Directory.GetDirectories(Path.Combine(store, "images")));
        Assert.All(kept, file => Assert.Equal(file.Value, Content.Hash(file.Key)));
        Bootconsole.Run("verify", "--store", store, "latest").Succeeds();
    }

    [Fact]
    public async Task A_cancel_that_comes_after_the_job_stops_nothing_else()
    {
        await using var bench = Make();
        await OrderAsync(bench, sample.NewFolder(), sample.Source, ImageKind.Full);
        bench.Begin(new ListImages(), _messages.Enqueue);
        bench.Begin(new CancelWork(Jobs.CancelChoice.CleanUp), _messages.Enqueue);
        await AnswerAsync<ImagesListed>();
    }

    [Fact]
    public async Task A_job_that_was_not_planned_is_refused()
    {
        await using var bench = Make();
        var order = await OrderAsync(bench, sample.NewFolder(), sample.Source, ImageKind.Full);
        bench.Begin(new RunBackup(order), _messages.Enqueue);
        Assert.Equal(WorkOutcome.Failed, (await AnswerAsync<WorkEnded>()).End.Outcome);
        bench.Begin(new PlanBackup(order), _messages.Enqueue);
        await AnswerAsync<PlanMade>();
        // Equal is not the same: the screen showed another plan.
        bench.Begin(new RunBackup(order with { }), _messages.Enqueue);
        Assert.Contains("not planned", (await AnswerAsync<WorkEnded>()).End.Report!.What, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_refusal_after_a_key_set_was_published_does_not_say_that_nothing_was_written()
    {
        await using var bench = Make();
        var order = await OrderAsync(bench, sample.NewFolder(), sample.Source, ImageKind.Full) with { Keys = KeySource.Password, Resume = ImageId.Create(DateTimeOffset.UtcNow, "test-pc", "gone") };
        var password = new TypedSecret();
        password.Append("correct horse");
        bench.Begin(new UseBackupKeys(password), _messages.Enqueue);
        await AnswerAsync<KeysReady>();
        bench.Begin(new PlanBackup(order), _messages.Enqueue);
        await AnswerAsync<PlanMade>();
        bench.Begin(new RunBackup(order), _messages.Enqueue);
        var report = (await AnswerAsync<WorkEnded>()).End.Report!;
        Assert.Contains("cannot be gone on with", report.What, StringComparison.Ordinal);
        Assert.DoesNotContain("Nothing was written", report.Safe, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_restore_writes_only_what_was_planned_and_confirmed_to_the_disk_that_was_chosen()
    {
        await using var bench = Make();
        var target = sample.NewDisk(SampleStore.DiskBytes);
        var blank = Content.Hash(target);
        var backup = await OrderAsync(bench, sample.Store, target, ImageKind.Full);
        bench.Begin(new ListImages(), _messages.Enqueue);
        var image = (await AnswerAsync<ImagesListed>()).Images.Single(listing => listing.Id.Text == sample.Image);
        var order = new RestoreOrder { Store = backup.Store!, Image = image, Pairs = [(0, backup.Disks[0])] };
        // The same disk for two copies.
        bench.Begin(new PlanRestore(order with { Pairs = [(0, backup.Disks[0]), (0, backup.Disks[0])] }), _messages.Enqueue);
        Assert.Contains("named twice", (await AnswerAsync<EffectFailed>()).Report.What, StringComparison.Ordinal);
        bench.Begin(new PlanRestore(order), _messages.Enqueue);
        var plan = (await AnswerAsync<PlanMade>()).Plan;
        bench.Begin(new RunRestore(order, ["yes"]), _messages.Enqueue);
        Assert.Contains("not confirmed", (await AnswerAsync<WorkEnded>()).End.Report!.What, StringComparison.Ordinal);
        // Confirmed for a plan that was refused since: it must be made again.
        bench.Begin(new RunRestore(order, [plan.Targets[0].Token]), _messages.Enqueue);
        Assert.Contains("not planned", (await AnswerAsync<WorkEnded>()).End.Report!.What, StringComparison.Ordinal);
        Assert.Equal(blank, Content.Hash(target));
        bench.Begin(new PlanRestore(order), _messages.Enqueue);
        await AnswerAsync<PlanMade>();
        bench.Begin(new RunRestore(order, [plan.Targets[0].Token]), _messages.Enqueue);
        Assert.Equal(WorkOutcome.Done, (await AnswerAsync<WorkEnded>()).End.Outcome);
        Assert.Equal(Content.Read(sample.Source, SampleStore.LinuxStart, 16 << 20), Content.Read(target, SampleStore.LinuxStart, 16 << 20));
        // Another disk under the path that was chosen.
        File.Delete(target);
        PartitionedImage.Sparse(target, 2 * SampleStore.DiskBytes);
        bench.Begin(new PlanRestore(order with { }), _messages.Enqueue);
        Assert.Contains("not the one that was chosen any more", (await AnswerAsync<EffectFailed>()).Report.What, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_published_image_is_listed_verified_and_restored_and_the_store_stays_as_it_was()
    {
        await using var bench = Make();
        var store = sample.NewFolder();
        SystemTool.Run("cp", "-a", sample.Store, Directory.CreateDirectory(Path.Combine(store, "shared")).FullName + "/head-office");
        var before = new StoreCopy(store, sample.Image).Hashes();
        var target = sample.NewDisk(SampleStore.DiskBytes);
        var opened = await OrderAsync(bench, store, target, ImageKind.Full);
        bench.Begin(new ListImages(), _messages.Enqueue);
        var image = Assert.Single((await AnswerAsync<ImagesListed>()).Images);
        Assert.Equal((sample.Image, "head-office"), (image.Id.Text, image.Published));
        foreach (var isKeyless in (bool[])[true, false])
        {
            bench.Begin(new RunVerify(image, isKeyless), _messages.Enqueue);
            Assert.Equal(WorkOutcome.Done, (await AnswerAsync<WorkEnded>()).End.Outcome);
        }

        var order = new RestoreOrder { Store = opened.Store!, Image = image, Pairs = [(0, opened.Disks[0])] };
        bench.Begin(new PlanRestore(order), _messages.Enqueue);
        var plan = (await AnswerAsync<PlanMade>()).Plan;
        bench.Begin(new RunRestore(order, [plan.Targets[0].Token]), _messages.Enqueue);
        Assert.Equal(WorkOutcome.Done, (await AnswerAsync<WorkEnded>()).End.Outcome);
        Assert.Equal(Content.Read(sample.Source, SampleStore.LinuxStart, 16 << 20), Content.Read(target, SampleStore.LinuxStart, 16 << 20));
        Assert.Equal(before, new StoreCopy(store, sample.Image).Hashes());
    }

    [Fact]
    public async Task Several_disks_are_written_at_once_and_one_that_fails_does_not_stop_the_others()
    {
        await using var bench = Make();
        string[] targets = [sample.NewDisk(SampleStore.DiskBytes), sample.NewDisk(SampleStore.DiskBytes), sample.NewDisk(SampleStore.DiskBytes)];
        await using var small = await SmallFileSystem.CreateAsync(8 << 20);
        // A file on a full medium takes nothing: that is how a disk fails in the middle.
        var failing = PartitionedImage.Sparse(Path.Combine(small.Path, "disk.img"), SampleStore.DiskBytes);
        var first = await OrderAsync(bench, sample.Store, targets[0], ImageKind.Full);
        List<DiskRow> rows = [first.Disks[0]];
        foreach (var target in targets.Skip(1).Append(failing))
        {
            bench.Begin(new NameDisk(target, DiskPurpose.Restore), _messages.Enqueue);
            rows.Add((await AnswerAsync<DiskNamed>()).Disk);
        }

        bench.Begin(new ListImages(), _messages.Enqueue);
        var image = (await AnswerAsync<ImagesListed>()).Images.Single(listing => listing.Id.Text == sample.Image);
        var order = new RestoreOrder { Store = first.Store!, Image = image, Pairs = [.. rows.Select(row => (0, row))] };
        bench.Begin(new PlanRestore(order), _messages.Enqueue);
        var plan = (await AnswerAsync<PlanMade>()).Plan;
        List<WorkProgressed> pictures = [];
        bench.Begin(new RunRestore(order, [.. plan.Targets.Select(target => target.Token)]), message =>
        {
            if (message is WorkProgressed picture) pictures.Add(picture);
            _messages.Enqueue(message);
        });
        var end = (await AnswerAsync<WorkEnded>()).End;
        Assert.Equal(WorkOutcome.Failed, end.Outcome);
        Assert.Contains("1 of 4 disks are not restored", end.Report!.What, StringComparison.Ordinal);
        Assert.Equal(3, end.Lines.Count(line => line.Contains("is restored and read back", StringComparison.Ordinal)));
        Assert.Contains(end.Lines, line => line.Contains("disk.img is NOT restored", StringComparison.Ordinal));
        foreach (var target in targets) Assert.Equal(Content.Read(sample.Source, SampleStore.LinuxStart, 16 << 20), Content.Read(target, SampleStore.LinuxStart, 16 << 20));
        Assert.Contains(pictures, picture => picture.Parts.Count == 4);
    }

    [Fact]
    public async Task A_machine_that_was_not_started_from_a_medium_is_looked_at_and_not_changed()
    {
        await using var bench = Make();
        bench.Begin(new LookAtNetwork(), _messages.Enqueue);
        await AnswerAsync<NetworkSeen>();
        bench.Begin(new ApplyNetwork(new Settings.PcSettings { Name = "test-pc" }), _messages.Enqueue);
        Assert.Contains("not started from a BootConsole medium", (await AnswerAsync<EffectFailed>()).Report.What, StringComparison.Ordinal);
        bench.Begin(new LoadLayout("us"), _messages.Enqueue);
        Assert.Contains("not started from a BootConsole medium", (await AnswerAsync<EffectFailed>()).Report.What, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_clock_of_a_store_is_compared_and_nothing_stays_behind()
    {
        await using var bench = Make();
        var store = sample.NewFolder();
        var before = Directory.GetFileSystemEntries(store);
        bench.Begin(new CompareClocks(new StoreWay("", StoreAddress.Parse(store), new SshSettings())), _messages.Enqueue);
        Assert.InRange((await AnswerAsync<ClocksCompared>()).StoreAhead.Duration(), TimeSpan.Zero, TimeSpan.FromSeconds(30));
        Assert.Equal(before, Directory.GetFileSystemEntries(store));
    }

    [Fact]
    public async Task A_log_is_saved_whole_or_not_at_all()
    {
        await using var bench = Make();
        var path = sample.NewPath(".log");
        bench.Begin(new SaveLog(path, ["one", "two"]), _messages.Enqueue);
        await AnswerAsync<LogSaved>();
        Assert.Equal("one\ntwo\n", File.ReadAllText(path));
        bench.Begin(new SaveLog(path, ["three"]), _messages.Enqueue);
        Assert.Contains("exists", (await AnswerAsync<EffectFailed>()).Report.What, StringComparison.Ordinal);
        Assert.Equal("one\ntwo\n", File.ReadAllText(path));
        await using var full = await SmallFileSystem.CreateAsync(1 << 20);
        var log = Path.Combine(full.Path, "bootconsole.log");
        bench.Begin(new SaveLog(log, [new string('x', 2 << 20)]), _messages.Enqueue);
        Assert.Contains("No space left", (await AnswerAsync<EffectFailed>()).Report.What, StringComparison.Ordinal);
        Assert.False(File.Exists(log));
    }

    private static IEnumerable<string> Files(string store, string pattern) => Directory.EnumerateFiles(store, pattern, SearchOption.AllDirectories);

    private static LiveWorkbench Make() => new(Services, ThisPc.Describe("test-pc"), TimeSpan.FromMinutes(1));

    private async Task<BackupOrder> OrderAsync(LiveWorkbench bench, string store, string disk, ImageKind kind)
    {
        bench.Begin(new OpenTheStore(new StoreWay("", StoreAddress.Parse(store), new SshSettings()), IsForBackup: true), _messages.Enqueue);
        var opened = await AnswerAsync<StoreOpened>();
        bench.Begin(new NameDisk(disk, DiskPurpose.Backup), _messages.Enqueue);
        var named = await AnswerAsync<DiskNamed>();
        return new BackupOrder { Disks = [named.Disk], Store = opened.Store, Kind = kind, Keys = KeySource.None, Verify = false };
    }

    // The next answer of a kind; pictures of the work in between do not count.
    private async Task<T> AnswerAsync<T>()
        where T : Message
    {
        T? answer = null;
        await Eventually.BecomesTrueAsync(
            () =>
            {
                while (answer is null && _messages.TryDequeue(out var message))
                {
                    answer = message as T;
                    if (answer is null && message is not WorkProgressed) Assert.Fail($"{typeof(T).Name} was expected: {message}");
                }

                return answer is not null;
            },
            typeof(T).Name);
        return answer!;
    }
}
