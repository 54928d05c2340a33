// One try of an unattended job: the command that the settings describe, run with nobody to ask, and noted down.
using System.CommandLine;
using BootConsole.Appliance.Commands;
using BootConsole.Appliance.Output;
using BootConsole.Appliance.Setup;
using BootConsole.Core;
using BootConsole.Disks.Finding;
using BootConsole.Settings;

namespace BootConsole.Appliance.Unattended;

/// <summary>Runs the backup or restore of a settings file.</summary>
/// <param name="session">The run.</param>
/// <param name="file">The settings file.</param>
/// <param name="settings">What it says.</param>
/// <param name="notes">Takes what happens.</param>
internal sealed class UnattendedTry(CommandSession session, string file, ApplianceSettings settings, RunNotes notes)
{
    private JobDocument? _document;

    /// <summary>Runs the job.</summary>
    /// <param name="wait">Waits for the time to begin; null when it has come.</param>
    /// <param name="isCheckedFirst">True to find out before the wait what would be refused.</param>
    /// <param name="beforeWriting">Called before a restore writes.</param>
    /// <returns>The end, whatever it is; never throws.</returns>
    internal async Task<TryEnd> RunAsync(Func<Task>? wait, bool isCheckedFirst, Func<ImageId, IReadOnlyList<Disks.DiskInfo>, Task> beforeWriting)
    {
        CommandSession? inner = null;
        try
        {
            await NoteDisksAsync();
            // Before the wait: a PC that shall begin at night says in the evening that it cannot.
            if (EnrolmentPlace.MissingForJob(settings) is { } place) throw NoKey(place);
            inner = MakeSession();
            var code = settings.Job.Action == JobAction.Backup
                ? await BackUpAsync(inner, wait, isCheckedFirst)
                : await RestoreAsync(inner, wait, isCheckedFirst, beforeWriting);
            return new TryEnd(code, _document, null, null);
        }
#pragma warning disable CA1031 // The border of the job: whatever ended it is recorded, told, and followed by what the settings say.
        catch (Exception fault)
#pragma warning restore CA1031
        {
            var code = ExitCodes.Of(fault, inner?.HasWritten ?? false, session.Cancel.IsCancellationRequested);
            return new TryEnd(code, null, fault, FaultReport.Of(fault, code, Safe));
        }
    }

    private static KeyFault NoKey(EnrolmentPlace place) => new("this PC has no key yet, so its server does not let it in")
    {
        Which = place.IdentityFile,
        Remedy = $"Enrol it at its console, by the code that 'bootserver pc enrol {place.Pc}' shows on the server. A PC that shall work without anybody boots from a stick ('bootserver bootimage build {place.Pc}').",
    };

    private string Safe => settings.Job.Action == JobAction.Restore ? RestoreWords.Safe : BackupWords.Safe;

    private static async Task<ExitCode> BackUpAsync(CommandSession inner, Func<Task>? wait, bool isCheckedFirst)
    {
        if (wait is not null && !isCheckedFirst)
        {
            await wait();
            wait = null;
        }

        return await BackupCommand.RunAsync(inner, wait);
    }

    private async Task<ExitCode> RestoreAsync(CommandSession inner, Func<Task>? wait, bool isCheckedFirst, Func<ImageId, IReadOnlyList<Disks.DiskInfo>, Task> beforeWriting)
    {
        var manner = new RestoreManner { LatestOf = settings.Pc.Name, MayMakeFiles = false };
        if (wait is not null)
        {
            if (isCheckedFirst) await RestoreCommand.RunAsync(inner, manner with { IsRehearsal = true });
            await wait();
        }

        return await RestoreCommand.RunAsync(inner, manner with { BeforeWriting = beforeWriting });
    }

    private CommandSession MakeSession()
    {
        // Nobody is there: what would be asked for is refused.
        var services = session.Services with { IsInteractive = false };
        var arguments = settings.Job.Action == JobAction.Backup ? JobArguments.Of(settings.Backup!, file) : JobArguments.Of(settings.Restore!, file);
        var parsed = new RootCommand { CommonOptions.Json, BackupCommand.Make(services), RestoreCommand.Make(services) }.Parse(arguments);
        if (parsed.Errors.Count > 0) throw UsageFaults.Of(parsed);
        return new CommandSession(services, parsed, session.IsJson, session.Cancel) { ProgressStyle = session.ProgressStyle, Note = notes.Event, TakeDocument = document => _document = document };
    }

    private async Task NoteDisksAsync()
    {
        var inventory = await new DiskFinder(session.Services.Programs).FindAsync(DiskSurvey.Surroundings(storeFolder: null), session.Cancel);
        foreach (var disk in inventory.Disks.Where(disk => !disk.IsLoop))
            notes.Add("disk", $"{disk.Info.Path} {ByteSize.Format(disk.Info.Length)}, model '{disk.Info.Model}', serial '{disk.Info.Serial}', {disk.Info.Attachment}");
    }
}
