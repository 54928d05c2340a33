// An unfinished backup that is gone on with: finds the disks that it was begun with.
using System.Collections.Immutable;
using BootConsole.Appliance.Output;
using BootConsole.Appliance.Terminal;
using BootConsole.Disks.Finding;
using BootConsole.Images;
using BootConsole.Settings;

namespace BootConsole.Appliance.Screens;

/// <summary>On the way from an unfinished image to its password and its plan.</summary>
/// <param name="Store">The open store.</param>
/// <param name="Image">An unfinished image with its state record.</param>
internal sealed record ResumeScreen(OpenStore Store, ImageListing Image) : Screen
{
    /// <summary>The disks that are found so far.</summary>
    public ImmutableList<DiskRow> Disks { get; init; } = [];

    /// <summary>Why it goes no further.</summary>
    public FaultReport? Trouble { get; init; }

    internal override string Title => "Go on with a backup";

    internal override IReadOnlyList<string> Help => ["A backup that was cut off is gone on with: what was sent stays, what has changed on the disks since is sent again. The image is then of the disks as they are now. The disks are found by their serial numbers."];

    internal override FaultReport? Obstacle => Trouble;

    internal override IReadOnlyList<Effect> Begin() => [Look(0)];

    internal override Turn Again() => Turn.Back(this);

    internal override Turn Take(Message message, Facts facts) => message switch
    {
        DiskNamed named when Trouble is null && Disks.Count < Image.Record!.Disks.Count => Found(Disks.Add(named.Disk), facts),
        EffectFailed { Effect: NameDisk } failed => Turn.Stay(this with { Trouble = failed.Report }),
        KeyPressed { Key.Code: KeyCode.Escape or KeyCode.Interrupt } => Turn.Back(this),
        _ => Turn.Stay(this),
    };

    internal override Prompt Ask(View view) => Trouble is null ? new WaitPrompt("looking for the disks") : new KeyPrompt();

    internal override Page Show(View view)
    {
        List<TextLine> lines = [.. PageText.Wrapped($"{Image.Id}", view.Width, Role.Strong), TextLine.Empty];
        foreach (var disk in Disks) lines.AddRange(PageText.Wrapped(DiskLines.Name(disk), view.Width));
        lines.AddRange(Trouble is null ? [PageText.Waiting(view, "Looking for the disks")] : PageText.Trouble(Trouble, view.Width));
        return new Page { Lines = lines, Keys = [("Esc", "Back")] };
    }

    private Turn Found(ImmutableList<DiskRow> disks, Facts facts)
    {
        var (next, record) = (this with { Disks = disks }, Image.Record!);
        // Else a record that somebody altered would have the rest of the disk stored in the clear.
        if (record.KeyId is null && facts.Backup?.Encryption is (PasswordEncryption or RecipientsEncryption))
            return Turn.Stay(this with { Trouble = new FaultReport("The unfinished backup is not encrypted, although the settings want it to be.", "Nothing was written.", "Begin a new backup.") });
        if (disks.Count < record.Disks.Count) return Turn.Stay(next, next.Look(disks.Count));
        var settings = (facts.Backup ?? new BackupSettings { Level = 3 }) with { Pad = (byte)record.Pad };
        var order = new BackupOrder { Settings = settings, Level = settings.Level, Disks = disks, Store = Store, Name = Image.Id.Name, Kind = record.Kind, Keys = record.KeyId is null ? KeySource.None : KeySource.Password, Resume = Image.Id };
        return Turn.Replace(next, record.KeyId is { } key ? PasswordScreen.ForResume(order, key) : new ConfirmScreen(order));
    }

    private NameDisk Look(int number)
    {
        var disk = Image.Record!.Disks[number];
        return new NameDisk(disk.Serial.Length > 0 ? $"serial:{disk.Serial}" : disk.Wwn.Length > 0 ? $"wwn:{disk.Wwn}" : disk.Path, DiskPurpose.Backup);
    }
}
