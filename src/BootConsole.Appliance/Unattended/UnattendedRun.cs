// An unattended run: waits, tries, tries again, records, and does what comes after. The one place where its parts meet.
using BootConsole.Appliance.Commands;
using BootConsole.Appliance.Output;
using BootConsole.Appliance.Screens;
using BootConsole.Appliance.Setup;
using BootConsole.Core;
using BootConsole.Disks;
using BootConsole.Host;
using BootConsole.Images;
using BootConsole.Jobs;
using BootConsole.Settings;
using BootConsole.Stores;

namespace BootConsole.Appliance.Unattended;

/// <summary>How a run ended.</summary>
/// <param name="Code">Its exit code.</param>
/// <param name="ToMenu">True when the menu is to be opened.</param>
/// <param name="End">What the menu shows first; null when a key was pressed before the job began.</param>
internal sealed record RunEnd(ExitCode Code, bool ToMenu, WorkEnd? End);

/// <summary>Does what <c>[job]</c> says.</summary>
/// <param name="session">The run.</param>
/// <param name="file">The settings file.</param>
/// <param name="settings">What it says; the job is a backup or a restore.</param>
/// <param name="keeper">Keeps the records.</param>
/// <param name="power">The PC's power.</param>
/// <param name="random">Where the jitter comes from.</param>
internal sealed class UnattendedRun(CommandSession session, string file, ApplianceSettings settings, RecordKeeper keeper, PcPower power, Random random)
{
    // Long enough to be read by somebody who walks by, and to press a key.
    private static readonly TimeSpan FailureStays = TimeSpan.FromSeconds(60), SuccessStays = TimeSpan.FromSeconds(10);

    private readonly TimeProvider _clock = session.Services.Clock;
    private readonly RetryPlan _retry = new((settings.Backup ?? new BackupSettings()).RetryFor);
    private StartDelay? _delay;
    private bool _isDue, _isMenuWanted;

    /// <summary>True when a person can be shown the menu.</summary>
    internal static bool HasTerminal(CommandSession session)
    {
        using var device = session.IsJson ? null : TerminalDevice.TryOpen();
        return device is not null;
    }

    private WorkKind Kind => settings.Job.Action == JobAction.Restore ? WorkKind.Restore : WorkKind.Backup;

    /// <summary>Runs to the end.</summary>
    internal async Task<RunEnd> RunAsync()
    {
        Tell($"Unattended {JobArguments.Describe(settings)}.");
        long? firstFailure = null;
        for (var tries = 1; ; tries++)
        {
            var end = await TryAsync(tries);
            if (_isMenuWanted) return new RunEnd(ExitCode.Done, ToMenu: true, null);
            if (end.IsDone || end.Code == ExitCode.Cancelled) return await EndAsync(end);
            firstFailure ??= _clock.GetTimestamp();
            var wait = settings.Job.OnFailure == JobFailure.Retry && RetryPlan.MayPass(end.Fault!) ? _retry.WaitAfter(tries, _clock.GetElapsedTime(firstFailure.Value)) : null;
            if (wait is null) return await EndAsync(end);
            FaultOutput.WriteLines(session.Services, end.Report!);
            Tell($"Try {tries} failed; trying again in {ProgressView.Duration(wait.Value)}.");
            if (!await TryWaitAsync(wait.Value)) return session.Cancel.IsCancellationRequested ? await EndAsync(Cancelled()) : new RunEnd(ExitCode.Done, ToMenu: true, null);
        }
    }

    private async Task<TryEnd> TryAsync(int number)
    {
        var (started, notes) = (_clock.GetUtcNow(), new RunNotes(_clock));
        var action = settings.Job.Action.ToString().ToLowerInvariant();
        var pc = ThisPc.Describe(settings.Pc.Name);
        foreach (var (key, value) in ((string, string)[])[("bootconsole-run", "1"), ("program", Services.ProgramName), ("pc", $"{pc.Name} ({string.Join(", ", ((string[])[pc.Product, pc.Uuid, pc.Firmware]).Where(text => text.Length > 0))})"), ("job", JobArguments.Describe(settings)), ("try", $"{number}"), ("started", RunNotes.Time(started))])
            notes.Add(key, value);
        var end = await new UnattendedTry(session, file, settings, notes).RunAsync(_isDue ? null : WaitForStartAsync, isCheckedFirst: settings.Job.At is not StartNow, CountDownAsync);
        if (_isMenuWanted) notes.Event("A key was pressed: to the menu.");
        // What the network keeps away cannot be recorded there either; a host key that is wrong least of all.
        var isReachable = end.Fault is not TransportFault && EnrolmentPlace.MissingForJob(settings) is null;
        await keeper.PublishAsync(RunRecords.NewId(started, pc.Name, action), ahead => notes.Text + end.Footer(_clock.GetUtcNow(), ahead), isReachable ? OpenStoreAsync : null, _clock);
        return end;
    }

    private async Task WaitForStartAsync()
    {
        _delay ??= StartDelay.Of(settings.Job, settings.Pc.TimeZone, random, _clock.GetUtcNow());
        if (_delay.Jitter > TimeSpan.Zero) Tell($"Random delay: {ProgressView.Duration(_delay.Jitter)} of at most {ProgressView.Duration(settings.Job.Jitter)}.");
        // A restore counts down when it knows what it overwrites; a backup does so now, where no longer wait gives the time for a key.
        var least = Kind == WorkKind.Restore ? _clock.GetUtcNow() : _clock.GetUtcNow().AddSeconds(settings.Job.CountdownSeconds);
        var delay = _delay;
        await WaitAsync(now => delay.IsNow ? least : Later(delay.Next(now), least));
        _isDue = true;
    }

    private async Task CountDownAsync(ImageId image, IReadOnlyList<DiskInfo> disks)
    {
        foreach (var disk in disks)
            Tell($"{disk.Path} ({ByteSize.Format(disk.Length)}{(disk.Model.Length > 0 ? ", " + disk.Model : "")}{(disk.Serial.Length > 0 ? ", serial " + disk.Serial : "")}) will be OVERWRITTEN with image {image}.");
        var due = _clock.GetUtcNow().AddSeconds(settings.Job.CountdownSeconds);
        await WaitAsync(_ => due);
    }

    private static DateTimeOffset Later(DateTimeOffset one, DateTimeOffset other) => one > other ? one : other;

    // Ends with a cancellation when a key was pressed; then the menu is wanted.
    private async Task WaitAsync(Func<DateTimeOffset, DateTimeOffset> next)
    {
        await using var keys = new KeyWatch(isWanted: !session.IsJson);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(session.Cancel, keys.Pressed);
        var display = new CountdownDisplay(session.Services.Errors, session.ProgressStyle, _delay?.Zone ?? _clock.LocalTimeZone, keys.HasKeyboard ? "A key leads to the menu." : "A signal ends it.");
        try
        {
            await display.ShowAsync(show => new StartWait(_clock).UntilAsync(next, show, either.Token));
        }
        catch (OperationCanceledException) when (keys.Pressed.IsCancellationRequested && !session.Cancel.IsCancellationRequested)
        {
            _isMenuWanted = true;
            throw;
        }
    }

    // False when a key was pressed, or the run was cancelled.
    private async Task<bool> TryWaitAsync(TimeSpan time)
    {
        var due = _clock.GetUtcNow() + time;
        try
        {
            await WaitAsync(_ => due);
            return true;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    private async Task<RunEnd> EndAsync(TryEnd end)
    {
        if (end.Report is { } report) FaultOutput.Write(session.Services, session.IsJson, report, end.Code);
        else session.Answer(end.Document ?? new JobDocument { Outcome = ExitCodes.Outcome(end.Code) }, Documents.Context.JobDocument);
        if (end.Code == ExitCode.Cancelled) return new RunEnd(end.Code, ToMenu: false, null);
        PowerAction? action = end.IsDone
            ? settings.Job.Afterwards switch { JobEnd.PowerOff => PowerAction.Off, JobEnd.Reboot => PowerAction.Reboot, _ => null }
            : settings.Job.OnFailure == JobFailure.PowerOff ? PowerAction.Off : null;
        if (action is not null && !await PowerAsync(action.Value, end)) return new RunEnd(end.Code, ToMenu: false, null);
        var hasTerminal = HasTerminal(session);
        if (!hasTerminal && action is null) session.Say("There is no terminal for the menu: this run ends here.");
        return new RunEnd(end.Code, hasTerminal, end.ToScreen(Kind));
    }

    // True when the menu is wanted instead.
    private async Task<bool> PowerAsync(PowerAction action, TryEnd end)
    {
        var what = action == PowerAction.Off ? "switched off" : "restarted";
        if (!power.IsOurs)
        {
            session.Say($"This is not the boot environment: the PC is left as it is. There it would be {what} now.");
            return false;
        }

        session.Say($"The PC will be {what}.");
        if (!await TryWaitAsync(end.IsDone ? SuccessStays : FailureStays)) return !session.Cancel.IsCancellationRequested;
        try
        {
            await power.DoAsync(action, session.Cancel);
            return false;
        }
        catch (HostFault fault)
        {
            FaultOutput.WriteLines(session.Services, FaultReport.Of(fault, ExitCode.Failed, "The job itself has ended as told above."));
            return true;
        }
    }

    private async Task<IDeleteStore> OpenStoreAsync(CancellationToken cancel) =>
        await SettingsStore.Opener(file, Kind == WorkKind.Restore ? settings.Restore!.Store : settings.Backup!.Store, session.Services.Programs).OpenForDeletingAsync(IfMissing.Refuse, cancel);

    private static TryEnd Cancelled() => new(ExitCode.Cancelled, null, null, FaultReport.Of(new OperationCanceledException(), ExitCode.Cancelled, "Nothing was running."));

    // For people a line; for scripts an event.
    private void Tell(string line)
    {
        if (session.IsJson) session.Services.Errors.Profile.Out.Writer.WriteLine(System.Text.Json.JsonSerializer.Serialize(new EventDocument(line), Documents.Context.EventDocument));
        else session.Say(line);
    }
}
