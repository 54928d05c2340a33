// Does what the screens ask for: with real disks, stores and jobs, one thing at a time.
using System.Text;
using BootConsole.Appliance.Commands;
using BootConsole.Appliance.Output;
using BootConsole.Appliance.Screens;
using BootConsole.Appliance.Setup;
using BootConsole.Core;
using BootConsole.Disks.Finding;
using BootConsole.Images;
using BootConsole.Jobs;

namespace BootConsole.Appliance.Workbench;

/// <summary>The workbench of the program. What prepares (lists, plans) is given up for the next thing that is asked for; a job is not.</summary>
internal sealed class LiveWorkbench : IWorkbench
{
    // A job waits for its connection overnight; a person at a list wants to know.
    private static readonly TimeSpan SampleEvery = TimeSpan.FromMilliseconds(250), RetryLists = TimeSpan.FromSeconds(5);

    private readonly Services _services;
    private readonly StoreBench _store;
    private readonly BackupBench _backups;
    private readonly RestoreBench _restores;
    private readonly MachineBench _machine;
    private readonly Lock _turn = new();
    private Task _running = Task.CompletedTask;
    private CancellationTokenSource _current = new();
    private volatile bool _isPreparing = true;
    private bool _isPaused;
    private JobProgress? _progress;
    private CancelChoice _onCancel = CancelChoice.Keep;

    /// <param name="services">The implementations.</param>
    /// <param name="pc">This PC.</param>
    /// <param name="retryFor">How long a lost connection is tried again.</param>
    /// <param name="places">Where the booted PC keeps its set-up; null for the real one.</param>
    internal LiveWorkbench(Services services, PcRecord pc, TimeSpan retryFor, SetupPlaces? places = null)
    {
        _services = services;
        // What the store reports (a lost line, a wait) belongs to the job that runs.
        _store = new StoreBench(services, pc.Name, line => _progress?.Report(line), () => _isPreparing ? RetryLists : retryFor);
        _backups = new BackupBench(services, _store, pc);
        _restores = new RestoreBench(services, _store);
        _machine = new MachineBench(services, places ?? new SetupPlaces());
    }

    public void Begin(Effect effect, Action<Message> post)
    {
        switch (effect)
        {
            case CancelWork cancel:
                _onCancel = cancel.Choice;
                lock (_turn)
                {
                    if (!_isPreparing) _current.Cancel();
                }

                return;
            case PauseWork pause:
                lock (_turn) Pause(pause.IsPaused);
                return;
            case ForgetSecret forget:
                forget.Secret.Clear();
                return;
        }

        lock (_turn)
        {
            if (_isPreparing) _current.Cancel();
            var cancel = _current = new CancellationTokenSource();
            var before = _running;
            (_isPreparing, _isPaused) = (!IsJob(effect), false);
            Action<Message> answer = IsJob(effect) ? post : message => PostUnlessGivenUp(message, post, cancel.Token);
            _running = Task.Run(async () =>
            {
                await before;
                // A disk that was planned to be read may be the one that is to be written now.
                if (effect is PlanRestore) _backups.Dispose();
                await DoAsync(effect, answer, cancel.Token);
            });
        }
    }

    private static bool IsJob(Effect effect) => effect is RunBackup or RunRestore or RunVerify or RunDelete;

    private void Pause(bool isPaused)
    {
        _isPaused = isPaused;
        if (isPaused) _progress?.Pause();
        else _progress?.GoOn();
        _restores.Shared?.Pause(isPaused);
    }

    // Once something else was asked for, a late answer would be taken for the new one's.
    private void PostUnlessGivenUp(Message message, Action<Message> post, CancellationToken cancel)
    {
        lock (_turn)
        {
            if (!cancel.IsCancellationRequested) post(message);
        }
    }

    public async ValueTask DisposeAsync()
    {
        Task running;
        lock (_turn)
        {
            _current.Cancel();
            running = _running;
        }

        await running;
        _backups.Dispose();
        await _store.DisposeAsync();
    }

    private async Task DoAsync(Effect effect, Action<Message> post, CancellationToken cancel)
    {
        try
        {
            cancel.ThrowIfCancellationRequested();
            await WorkAsync(effect, post, cancel);
        }
#pragma warning disable CA1031 // The border of the screens: everything becomes words on one of them.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            var isJob = IsJob(effect);
            // Something else was asked for meanwhile; nobody waits for this any more.
            if (!isJob && cancel.IsCancellationRequested) return;
            var hasWritten = isJob && _progress is { } progress && (progress[Stage.Send].Bytes > 0 || progress[Stage.Write].Bytes > 0 || (effect is RunBackup && _backups.HasPublishedKeys));
            var code = ExitCodes.Of(exception, hasWritten, cancel.IsCancellationRequested);
            var report = FaultReport.Of(exception, code, Safe(effect, isCleanedUp: code == ExitCode.Cancelled && _onCancel == CancelChoice.CleanUp));
            post(isJob ? new WorkEnded(new WorkEnd(code == ExitCode.Cancelled ? WorkOutcome.Cancelled : WorkOutcome.Failed, [], report)) : new EffectFailed(effect, report));
        }
    }

    private Task WorkAsync(Effect effect, Action<Message> post, CancellationToken cancel) => effect switch
    {
        FindDisks => FindDisksAsync(post, cancel),
        NameDisk name => NameDiskAsync(name, post, cancel),
        OpenTheStore open => AnswerAsync(async () => new StoreOpened(await _store.OpenAsync(open, cancel)), post),
        ListImages => AnswerAsync(async () => await _store.ListAsync(cancel), post),
        UseBackupKeys keys => AnswerAsync(async () => { await _store.UseBackupKeysAsync(keys.Password, keys.KeyId, cancel); return new KeysReady(keys.Password); }, post),
        UseImageKeys keys => AnswerAsync(async () => { await _store.UseImageKeysAsync(keys.Image, keys.Password, cancel); return new KeysReady(keys.Password); }, post),
        UseImageKeyFile keys => AnswerAsync(async () => { await _store.UseImageKeyFileAsync(keys.Image, keys.Key, cancel); return new KeysReady(null); }, post),
        PlanBackup plan => ShowAsync(progress => AnswerAsync(async () => new PlanMade(plan.Order, await _backups.PlanAsync(plan.Order, progress, cancel)), post), post),
        PlanRestore plan => ShowAsync(progress => AnswerAsync(async () => new PlanMade(plan.Order, await _restores.PlanAsync(plan.Order, progress, cancel)), post), post),
        RunBackup run => JobAsync(progress => _backups.RunAsync(run.Order, progress, () => _onCancel, cancel), post),
        RunRestore run => JobAsync(progress => _restores.RunAsync(run.Order, run.Tokens, progress, cancel), post),
        RunVerify run => JobAsync(progress => VerifyAsync(run, progress, cancel), post),
        RunDelete run => JobAsync(progress => DeleteAsync(run, progress, cancel), post),
        SaveLog save => AnswerAsync(() => SaveAsync(save), post),
        TurnOff off => AnswerAsync(async () => { await new PcPower(_services.Programs).DoAsync(off.Action, cancel); return new PowerTold(); }, post),
        LookAtNetwork => AnswerAsync(_machine.LookAsync, post),
        ApplyNetwork apply => AnswerAsync(() => _machine.ApplyAsync(apply.Pc, cancel), post),
        TestNetwork test => AnswerAsync(() => _machine.TestAsync(test, cancel), post),
        ListLayouts => AnswerAsync(_machine.ListLayoutsAsync, post),
        LoadLayout load => AnswerAsync(() => _machine.LoadLayoutAsync(load.Layout, cancel), post),
        EnrolPc enrol => AnswerAsync(() => _machine.EnrolAsync(enrol, step => post(new EnrolmentProgressed(step)), cancel), post),
        LookForKey look => AnswerAsync(() => Task.FromResult<Message>(new EnrolmentSeen(look.Place.HasKey ? new EnrolledPc(look.Place.Pc, null) : null)), post),
        CompareClocks compare => AnswerAsync(() => _machine.CompareClocksAsync(compare.Way, cancel), post),
        _ => throw new InvalidOperationException($"nobody does {effect.GetType().Name}"),
    };

    private static async Task AnswerAsync(Func<Task<Message>> work, Action<Message> post) => post(await work());

    private Task JobAsync(Func<JobProgress, Task<WorkEnd>> job, Action<Message> post)
    {
        _onCancel = CancelChoice.Keep;
        return ShowAsync(async progress => post(new WorkEnded(await job(progress))), post);
    }

    // Samples the progress while the work runs, and once more when it has ended.
    private async Task ShowAsync(Func<JobProgress, Task> work, Action<Message> post)
    {
        var progress = new JobProgress();
        lock (_turn)
        {
            _restores.ForgetShared();
            // A person may be quicker than the job.
            _progress = progress;
            Pause(_isPaused);
        }

        var (sampler, started) = (new ProgressSampler(progress, _services.Clock), _services.Clock.GetTimestamp());
        // On a thread of its own, so that the work's first synchronous part cannot hold the samples back.
        var running = Task.Run(() => work(progress));
        while (!running.IsCompleted)
        {
            Sample();
            await Task.WhenAny(running, Task.Delay(SampleEvery, _services.Clock));
        }

        Sample();
        await running;

        void Sample()
        {
            var (whole, parts) = _restores.Shared?.TryTake() ?? (sampler.Take(), []);
            IReadOnlyList<string> events = [.. progress.TakeEvents(), .. _restores.Shared?.TakeEvents() ?? []];
            post(new WorkProgressed(whole, events, _services.Clock.GetElapsedTime(started)) { Parts = parts });
        }
    }

    private async Task FindDisksAsync(Action<Message> post, CancellationToken cancel)
    {
        var inventory = await new DiskFinder(_services.Programs).FindAsync(DiskSurvey.Surroundings(_store.Store?.LocalFolder), cancel);
        List<DiskRow> rows = [];
        foreach (var disk in inventory.Disks.Where(disk => !disk.IsLoop))
        {
            var found = await DiskSurvey.LookAsync(_services.Programs, disk.Info, cancel);
            rows.Add(Row(disk.Info, found, Refusal(disk, DiskPurpose.Backup) is { Length: > 0 } refusal ? refusal : found.Trouble, Refusal(disk, DiskPurpose.Restore)));
        }

        post(new DisksFound(rows));
    }

    private async Task NameDiskAsync(NameDisk name, Action<Message> post, CancellationToken cancel)
    {
        var inventory = await new DiskFinder(_services.Programs).FindAsync(DiskSurvey.Surroundings(_store.Store?.LocalFolder), cancel);
        var info = new DiskSelector(inventory).Resolve(name.Path, name.Purpose, null);
        post(new DiskNamed(Row(info, await DiskSurvey.LookAsync(_services.Programs, info, cancel), "", "")));
    }

    private static DiskRow Row(Disks.DiskInfo info, SurveyedDisk found, string backupRefusal, string restoreRefusal) => new(
        info,
        [.. found.Partitions.Select(part => new PartitionRow(part.Partition.Number, part.Partition.Range, part.Content.Kind, part.Content.Label.Length > 0 ? part.Content.Label : part.Partition.Name))],
        backupRefusal,
        restoreRefusal);

    private static string Refusal(FoundDisk disk, DiskPurpose purpose) => disk.Refusals.FirstOrDefault(refusal => refusal.Forbids(purpose))?.Sentence ?? "";

    private async Task<WorkEnd> VerifyAsync(RunVerify run, JobProgress progress, CancellationToken cancel)
    {
        var job = new VerifyJob(_services.MakeJobContext() with { Progress = progress }, _store.SourceOf(run.Image));
        if (!run.IsKeyless) await _store.OpenImageAsync(run.Image, cancel);
        var result = run.IsKeyless ? await job.RunKeylessAsync(run.Image.Id, cancel) : await job.RunAsync(run.Image.Id, _store.Keys, cancel);
        return new WorkEnd(WorkOutcome.Done, [VerifyWords.Describe(run.Image.Id, result, run.IsKeyless)], null);
    }

    private async Task<WorkEnd> DeleteAsync(RunDelete run, JobProgress progress, CancellationToken cancel)
    {
        progress.Begin($"deleting {run.Image}", 0);
        var report = await new ImageRemoval(_store.ForWriting, _services.Processes).DeleteAllAsync([run.Image], cancel);
        if (report.Images.FirstOrDefault(image => image.Refusal is not null) is { } refused) throw refused.Refusal!;
        return new WorkEnd(WorkOutcome.Done, [.. report.Images.Select(RemovalWords.Describe)], null);
    }

    private static async Task<Message> SaveAsync(SaveLog save)
    {
        // A new file, whole or not at all, and on the medium when this says that it is.
        await using var file = new FileStream(save.Path, FileMode.CreateNew, FileAccess.Write);
        try
        {
            await file.WriteAsync(Encoding.UTF8.GetBytes(string.Concat(save.Lines.Select(line => line + "\n"))));
            file.Flush(flushToDisk: true);
        }
        catch
        {
            File.Delete(save.Path);
            throw;
        }

        return new LogSaved(save.Path);
    }

    private static string Safe(Effect effect, bool isCleanedUp) => effect switch
    {
        RunBackup when isCleanedUp => "Earlier images are as they were, and the disks were only read. What was sent was removed from the store.",
        RunBackup => "Earlier images are as they were, and the disks were only read. What was sent stays in the store: the same backup, started again, goes on from there.",
        RunRestore => RestoreWords.Safe,
        RunVerify => "Nothing was changed; the image stays as it is.",
        RunDelete => "Other images are as they were; an image half deleted is no longer listed and its rest goes with the next deletion.",
        _ => "Nothing was written.",
    };
}
