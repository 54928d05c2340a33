// A PC whose settings name an image and its disks: "restore this here?", and again when it is done.
using System.Collections.Immutable;
using BootConsole.Appliance.Output;
using BootConsole.Appliance.Terminal;
using BootConsole.Core;
using BootConsole.Disks.Finding;
using BootConsole.Images;
using BootConsole.Jobs;
using BootConsole.Settings;

namespace BootConsole.Appliance.Screens;

/// <summary>The restore that the settings describe, ready to be confirmed.</summary>
/// <param name="Store">The store's name in the settings, and the way to it.</param>
/// <param name="Image">Image id, a unique beginning of one, or <c>latest</c>.</param>
/// <param name="Disks">Which disk of the image goes where.</param>
/// <param name="Key">What opens the image; null where it is asked for, or for one that is not encrypted.</param>
/// <param name="OnlyDifferences">True to write only what differs.</param>
internal sealed record AssistantOrder(StoreWay Store, string Image, IReadOnlyList<RestoreDisk> Disks, RestoreKey? Key, bool OnlyDifferences);

/// <summary>Finds what the settings name, step by step, and asks. A screen on the way to <see cref="OverwriteScreen"/>: nothing is written without the serial number.</summary>
internal sealed record AssistantScreen(AssistantOrder Order) : Screen
{
    /// <summary>The open store; null until it is open.</summary>
    public OpenStore? Store { get; init; }

    /// <summary>The image; null until it is found.</summary>
    public ImageListing? Found { get; init; }

    /// <summary>True when the keys are at hand, or none are needed.</summary>
    public bool IsUnlocked { get; init; }

    /// <summary>The targets that are found so far.</summary>
    public ImmutableList<DiskRow> Targets { get; init; } = [];

    /// <summary>Why it goes no further.</summary>
    public FaultReport? Trouble { get; init; }

    internal override string Title => "Restore here?";

    internal override IReadOnlyList<string> Help =>
    [
        "The settings of this PC name an image and the disks that it belongs on. Enter shows the plan; the disk's serial number is typed before anything is written. Esc leads to the menu.",
        "After a restore, A on the last screen comes back here for the next PC or disk.",
    ];

    internal override bool StartsOver => true;

    internal override FaultReport? Obstacle => Trouble;

    private bool IsReady => Targets.Count == Order.Disks.Count && IsUnlocked;

    internal override IReadOnlyList<Effect> Begin() => [new OpenTheStore(Order.Store, IsForBackup: false)];

    internal override Turn Again() => Turn.Stay(new AssistantScreen(Order), Begin());

    internal override Turn Take(Message message, Facts facts) => message switch
    {
        StoreOpened opened when opened.Store.Way == Order.Store && Store is null => Turn.Stay(this with { Store = opened.Store }, new ListImages()),
        ImagesListed listed when Store is not null && Found is null => Choose(listed.Images, facts.Pc),
        KeysReady when Found is not null && !IsUnlocked => Look(this with { IsUnlocked = true }),
        DiskNamed named when IsUnlocked && !IsReady => Look(this with { Targets = Targets.Add(named.Disk) }),
        EffectFailed { Effect: OpenTheStore or ListImages or UseImageKeyFile or NameDisk } failed when !IsReady => Turn.Stay(this with { Trouble = failed.Report }),
        KeyPressed { Key.Code: KeyCode.Escape or KeyCode.Interrupt } => Turn.Back(this),
        KeyPressed { Key: var key } when key.Is('r') && Trouble is not null => Again(),
        KeyPressed { Key.Code: KeyCode.Enter } when IsReady => Turn.Open(this, new OverwriteScreen(Restore())),
        _ => Turn.Stay(this),
    };

    internal override Prompt Ask(View view) => IsReady || Trouble is not null ? new KeyPrompt() : new WaitPrompt(Step);

    internal override Page Show(View view)
    {
        List<TextLine> lines = [];
        if (Found is not null) lines.AddRange(PageText.Wrapped($"Restore image {Found.Id} here?", view.Width, Role.Strong));
        lines.AddRange([TextLine.Of($"from {Order.Store.Address}", Role.Dim), TextLine.Empty]);
        foreach (var (disk, target) in Order.Disks.Zip(Targets)) lines.AddRange(PageText.Wrapped($"disk {disk.Number} of the image onto {DiskLines.Name(target)}", view.Width));
        if (!IsReady && Trouble is null) lines.Add(PageText.Waiting(view, Step));
        if (IsReady) lines.AddRange([TextLine.Empty, .. PageText.Wrapped("Enter shows the plan. Nothing is written before the serial number is typed.", view.Width)]);
        if (Trouble is not null) lines.AddRange(PageText.Trouble(Trouble, view.Width));
        return new Page { Lines = lines, Keys = IsReady ? [("Enter", "Show the plan"), ("Esc", "Menu")] : Trouble is null ? [("Esc", "Menu")] : [("R", "Try again"), ("Esc", "Menu")] };
    }

    private string Step => Store is null ? $"opening {Order.Store.Address}" : Found is null ? "reading the list of images" : !IsUnlocked ? "opening the image's key set" : "looking for the disks";

    private RestoreOrder Restore() => new()
    {
        Store = Store!,
        Image = Found!,
        Pairs = [.. Order.Disks.Zip(Targets).Select(pair => (pair.First.Number, pair.Second))],
        Options = new RestoreOptions { OnlyDifferences = Order.OnlyDifferences },
    };

    // 'latest' is this PC's; an id or the beginning of one may be anybody's: the settings name it. A published one is meant where the store has none of its own.
    private Turn Choose(IReadOnlyList<ImageListing> images, string pc)
    {
        var fitting = images.Where(image => image.State == "done" && (Order.Image == "latest" ? image.Id.Pc == pc && image.Published is null : image.Id.Text.StartsWith(Order.Image, StringComparison.Ordinal))).ToList();
        if (fitting.Exists(image => image.Published is null)) fitting.RemoveAll(image => image.Published is not null);
        if (Order.Image == "latest" && fitting.Count > 1) fitting = [fitting[^1]];
        if (fitting is not [var found]) return Refuse(fitting.Count == 0 ? $"The store has no finished image '{Order.Image}' for {pc}." : $"Several images begin with '{Order.Image}'.");
        if (Order.Disks.FirstOrDefault(disk => disk.Number >= found.Manifest!.Disks.Count) is { } beyond) return Refuse($"The image has no disk {beyond.Number}.");
        var next = this with { Found = found };
        if (found.Manifest!.KeyId is null) return Order.Key is null ? Look(next with { IsUnlocked = true }) : Refuse("The image is not encrypted, although the settings name its key: anybody who can write to the store can have made it.");
        return Order.Key is { } key
            ? Turn.Stay(next, new UseImageKeyFile(found, key))
            : Refuse("The image is encrypted, and the settings name no key.");
    }

    // The disks one after another, for each needs the answer to the one before.
    private static Turn Look(AssistantScreen screen) => screen.IsReady
        ? Turn.Stay(screen)
        : Turn.Stay(screen, new NameDisk(screen.Order.Disks[screen.Targets.Count].Target.ToString()!, DiskPurpose.Restore));

    private Turn Refuse(string what) => Turn.Stay(this with { Trouble = new FaultReport(what, "Nothing was written.", "Correct the settings, or choose another image in the menu (Esc, Restore).") });
}
