// The disks of this PC: which are to be backed up, or which one is to be overwritten.
using System.Collections.Immutable;
using BootConsole.Appliance.Output;
using BootConsole.Appliance.Terminal;
using BootConsole.Core;
using BootConsole.Disks.Finding;

namespace BootConsole.Appliance.Screens;

/// <summary>Chooses disks: any number to back up, or a target for each disk of an image in turn.</summary>
/// <param name="Purpose">What they are wanted for.</param>
internal sealed record DisksScreen(DiskPurpose Purpose) : Screen
{
    /// <summary>The restore that targets are chosen for; null for a backup.</summary>
    public RestoreOrder? Restore { get; init; }

    /// <summary>Which disk of the image a target is chosen for.</summary>
    public int ImageDisk { get; init; }

    /// <summary>What was found; null while it is looked for.</summary>
    public IReadOnlyList<DiskRow>? Disks { get; init; }

    /// <summary>Disks and files that were named by their paths.</summary>
    public ImmutableList<DiskRow> Named { get; init; } = [];

    /// <summary>Paths of the disks that are marked.</summary>
    public ImmutableList<string> Marked { get; init; } = [];

    /// <summary>The row that takes the keys.</summary>
    public int Chosen { get; init; }

    /// <summary>The path that is being typed; null when none is.</summary>
    public TextField? Path { get; init; }

    /// <summary>True while the path is looked at.</summary>
    public bool IsNaming { get; init; }

    /// <summary>Why it goes no further.</summary>
    public FaultReport? Trouble { get; init; }

    internal override string Title => Purpose == DiskPurpose.Backup ? "Which disks?" : "Onto which disk?";

    internal override IReadOnlyList<string> Help => Purpose == DiskPurpose.Backup
        ?
        [
            "Mark the disks to save with the space bar; Enter goes on with the marked ones, or with the one under the pointer when none is marked. A backup only reads.",
            "A disk that cannot be used says why. P names a disk or a disk-image file by its path. R looks again after a disk was plugged in.",
        ]
        :
        [
            "Choose the disk that is to be overwritten. Everything on it is lost. Before the first byte is written you see the plan and type the disk's serial number.",
            "To make several copies of a disk at once, mark several targets with the space bar; each is confirmed by its own serial number, and they are written one after another.",
            "Disks that hold the running system, the boot medium or the store are never offered. P names a disk or a disk-image file by its path.",
        ];

    /// <summary>All rows.</summary>
    internal IReadOnlyList<DiskRow> Rows => [.. Disks ?? [], .. Named.Where(named => Disks?.Any(disk => disk.Info.CanonicalPath == named.Info.CanonicalPath) != true)];

    internal override bool StartsOver => Restore is not null;

    internal override IReadOnlyList<Effect> Begin() => [new FindDisks()];

    internal override Turn Again() => Turn.Stay(this with { Marked = Purpose == DiskPurpose.Backup ? Marked : [] }, new FindDisks());

    internal override Turn Take(Message message, Facts facts) => message switch
    {
        DisksFound found => Turn.Stay(Found(found.Disks)),
        DiskNamed named when IsNaming => Turn.Stay(Found([.. (Disks ?? []).Where(disk => disk.Info.CanonicalPath != named.Disk.Info.CanonicalPath)], named.Disk)),
        EffectFailed { Effect: FindDisks or NameDisk } failed => Turn.Stay(this with { Trouble = failed.Report, Disks = Disks ?? [], IsNaming = IsNaming && failed.Effect is not NameDisk }),
        KeyPressed pressed => Path is null ? Press(pressed.Key) : Type(pressed.Key, Path),
        _ => Turn.Stay(this),
    };

    internal override FaultReport? Obstacle => Trouble;

    internal override Prompt Ask(View view) => Disks is null || IsNaming ? new WaitPrompt(IsNaming ? $"looking at {Path?.Text}" : "looking for disks")
        : Path is not null ? new LinePrompt("Path")
        : new PickPrompt(
            Restore is null ? Title : Question(Restore, ImageDisk),
            [.. Rows.Select(disk => $"{DiskLines.Name(disk)}{(disk.Partitions.Count > 0 ? $"; {string.Join(", ", disk.Partitions.Select(DiskLines.Name))}" : "")}{(DiskLines.Refusal(disk, Purpose) is { Length: > 0 } refusal ? $". NOT OFFERED: {refusal}" : "")}")],
            MayMark);

    internal override Page Show(View view)
    {
        List<TextLine> lines = [];
        if (Restore is { } restore) lines.AddRange([.. PageText.Wrapped(Question(restore, ImageDisk), view.Width, Role.Strong), TextLine.Empty]);
        var focus = 0;
        (int, int)? cursor = null;
        if (Disks is null) lines.Add(PageText.Waiting(view, "Looking for disks"));
        if (Disks is not null && Rows.Count == 0) lines.AddRange(PageText.Wrapped("This PC shows no disk. If it has one: is it connected, and does its controller need a driver? P names a disk-image file.", view.Width, Role.Warning));
        foreach (var (index, disk) in Rows.Index())
        {
            if (index == Chosen) focus = lines.Count;
            var refusal = DiskLines.Refusal(disk, Purpose);
            var mark = refusal.Length > 0 ? " -  " : !MayMark ? "    " : Marked.Contains(disk.Info.CanonicalPath) ? "[x] " : "[ ] ";
            lines.Add(PageText.Row(view, index == Chosen, mark + DiskLines.Name(disk), refusal.Length > 0 ? Role.Dim : Role.Normal));
            if (refusal.Length > 0) lines.AddRange(PageText.Wrapped(refusal, view.Width, Role.Warning, "      not offered: "));
            if (index == Chosen || Rows.Count < 4) lines.AddRange(DiskLines.Describe(disk, view));
        }

        if (Path is { } path)
        {
            var (text, column) = path.Window(view.Width - 8);
            if (IsNaming) lines.AddRange([TextLine.Empty, PageText.Waiting(view, "Looking at it")]);
            lines.AddRange([TextLine.Empty, TextLine.Of("Path: ").And(text + " ", Role.Chosen)]);
            (focus, cursor) = (lines.Count - 1, (lines.Count - 1, 6 + column));
        }

        if (Trouble is not null)
        {
            lines.Add(TextLine.Empty);
            lines.AddRange(PageText.Trouble(Trouble, view.Width));
            focus = Math.Max(focus, Path is null ? focus : lines.Count - 1);
        }

        return new Page { Lines = lines, Focus = focus, Cursor = cursor, Keys = Keys };
    }

    private IReadOnlyList<(string, string)> Keys => Path is not null ? [("Enter", "Take it"), ("Esc", "Never mind")]
        : Purpose == DiskPurpose.Backup ? [("Space", "Mark"), ("Enter", "Go on"), ("P", "Path"), ("R", "Look again"), ("Esc", "Back")]
        : Restore is { Image.Manifest.Disks.Count: > 1 } ? [("Enter", "Choose"), ("S", "Leave out"), ("P", "Path"), ("R", "Look again"), ("Esc", "Back")]
        : [("Enter", "Choose"), ("Space", "Mark several"), ("P", "Path"), ("R", "Look again"), ("Esc", "Back")];

    // Several copies of one disk make sense; which of several disks goes onto which of several marked ones would be a guess.
    private bool MayMark => Purpose == DiskPurpose.Backup || Restore is { Image.Manifest.Disks.Count: 1 };

    private static string Question(RestoreOrder restore, int number)
    {
        var count = restore.Image.Manifest!.Disks.Count;
        var disk = restore.Image.Manifest.Disks[number];
        return $"{(count > 1 ? $"Disk {number} of {count} in the image" : "The image's disk")}: {ByteSize.Format(disk.Size)}, {(disk.Model.Length > 0 ? disk.Model : disk.Path)}{(disk.Serial.Length > 0 ? $", serial {disk.Serial}" : "")}. Onto which disk?";
    }

    private DisksScreen Found(IReadOnlyList<DiskRow> disks, DiskRow? named = null)
    {
        var next = this with { Disks = disks, Named = named is null ? Named : Named.RemoveAll(other => other.Info.CanonicalPath == named.Info.CanonicalPath).Add(named), Path = named is null ? Path : null, IsNaming = IsNaming && named is null, Trouble = null };
        var paths = next.Rows.Where(disk => DiskLines.Refusal(disk, Purpose).Length == 0).Select(disk => disk.Info.CanonicalPath).ToHashSet();
        // A disk that went away, or may not be used any more, is not marked any more either.
        var chosen = named is null ? Math.Clamp(Chosen, 0, Math.Max(0, next.Rows.Count - 1)) : next.Rows.Index().First(row => row.Item.Info.CanonicalPath == named.Info.CanonicalPath).Index;
        return next with { Marked = next.Marked.RemoveAll(path => !paths.Contains(path)), Chosen = chosen };
    }

    private Turn Press(Key key) => key switch
    {
        { Code: KeyCode.Escape or KeyCode.Interrupt } => Turn.Back(this),
        { Code: KeyCode.Enter } => Enter(),
        { Code: KeyCode.Character, Text: " " } when MayMark => Turn.Stay(Mark()),
        _ when key.Is('r') => Turn.Stay(this with { Disks = null, Chosen = 0, Trouble = null }, new FindDisks()),
        _ when key.Is('p') => Turn.Stay(this with { Path = TextField.Of("/"), Trouble = null }),
        _ when key.Is('s') && Restore is { Image.Manifest.Disks.Count: > 1 } => Choose([]),
        _ => Turn.Stay(this with { Chosen = PageText.Move(key, Chosen, Rows.Count) }),
    };

    private Turn Type(Key key, TextField path) => key.Code switch
    {
        KeyCode.Escape or KeyCode.Interrupt => Turn.Stay(this with { Path = null, IsNaming = false, Trouble = null }),
        _ when IsNaming => Turn.Stay(this),
        KeyCode.Enter => Turn.Stay(this with { IsNaming = true, Trouble = null }, new NameDisk(path.Text, Purpose)),
        _ => Turn.Stay(this with { Path = path.Take(key) }),
    };

    private DisksScreen Mark()
    {
        if (Chosen >= Rows.Count || DiskLines.Refusal(Rows[Chosen], Purpose).Length > 0) return this;
        var path = Rows[Chosen].Info.CanonicalPath;
        return this with { Marked = Marked.Contains(path) ? Marked.Remove(path) : Marked.Add(path) };
    }

    private Turn Enter()
    {
        if (Disks is null || Chosen >= Rows.Count) return Turn.Stay(this);
        if (Marked.Count > 0) return Choose([.. Marked.Select(path => Rows.First(disk => disk.Info.CanonicalPath == path))]);
        return DiskLines.Refusal(Rows[Chosen], Purpose) is { Length: > 0 } refusal
            ? Complain($"{Rows[Chosen].Info.CanonicalPath} may not be used. {refusal}", "Choose another disk, or take away what stands against it and press R.")
            : Choose([Rows[Chosen]]);
    }

    private Turn Choose(IReadOnlyList<DiskRow> disks)
    {
        if (Restore is not { } order) return Turn.Open(this, new TargetScreen(TargetPurpose.Backup) { Backup = new BackupOrder { Disks = disks } });
        if (disks.Any(disk => order.Pairs.Any(pair => pair.Target.Info.CanonicalPath == disk.Info.CanonicalPath)))
            return Complain("That disk takes another disk of the image already.", "Choose another one, or leave this disk of the image out with S.");
        var next = order with { Pairs = [.. order.Pairs, .. disks.Select(disk => (ImageDisk, disk))] };
        if (ImageDisk + 1 < order.Image.Manifest!.Disks.Count) return Turn.Open(this, this with { Restore = next, ImageDisk = ImageDisk + 1, Disks = null, Marked = [], Trouble = null, Chosen = 0 });
        return next.Pairs.Count > 0 ? Turn.Open(this, RestoreFormScreen.Of(next)) : Complain("Every disk of the image was left out.", "Choose a disk for one of them.");
    }

    private Turn Complain(string what, string remedy) => Turn.Stay(this with { Trouble = new FaultReport(what, "Nothing was written.", remedy) });
}
