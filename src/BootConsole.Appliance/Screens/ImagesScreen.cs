// The images of a store: to restore one, to check it, to delete it.
using BootConsole.Appliance.Output;
using BootConsole.Appliance.Terminal;
using BootConsole.Core;
using BootConsole.Disks.Finding;
using BootConsole.Images;

namespace BootConsole.Appliance.Screens;

/// <summary>Lists images, those of this PC first, the newest on top; then those that are published for it.</summary>
/// <param name="Store">The open store.</param>
/// <param name="IsForRestore">True when one of them is to be restored.</param>
internal sealed record ImagesScreen(OpenStore Store, bool IsForRestore) : Screen
{
    private const int MaxNotes = 3;

    /// <summary>What was found; null while it is read.</summary>
    public IReadOnlyList<ImageListing>? Images { get; init; }

    /// <summary>What of the published images could not be read.</summary>
    public IReadOnlyList<string> Unread { get; init; } = [];

    /// <summary>The row that takes the keys.</summary>
    public int Chosen { get; init; }

    /// <summary>The image whose deletion is to be confirmed; null for none.</summary>
    public ImageListing? Deleting { get; init; }

    /// <summary>Why it goes no further.</summary>
    public FaultReport? Trouble { get; init; }

    internal override string Title => IsForRestore ? "Which image?" : "Images";

    internal override IReadOnlyList<string> Help =>
    [
        "The images of this store: those of this PC first, the newest on top. An image that is not 'done' cannot be restored; the next backup of the same name and kind goes on with an unfinished one, and so does G.",
        "Images that are published for this PC were made by others and are to be read only: they can be restored and verified, and nothing here changes or deletes them.",
        "V reads an image from the store and checks every chunk of it. K checks the stored files alone, without a password. D deletes an image and what no other image needs; it asks before.",
    ];

    internal override IReadOnlyList<Effect> Begin() => [new ListImages()];

    internal override Turn Again() => Turn.Stay(this with { Images = null, Trouble = null, Deleting = null }, new ListImages());

    internal override Turn Take(Message message, Facts facts) => message switch
    {
        ImagesListed listed => Turn.Stay(this with { Images = Sorted(listed.Images, facts.Pc), Unread = listed.Troubles, Chosen = Math.Clamp(Chosen, 0, Math.Max(0, listed.Images.Count - 1)), Trouble = null }),
        EffectFailed { Effect: ListImages } failed => Turn.Stay(this with { Trouble = failed.Report, Images = Images ?? [], Chosen = Images is null ? 0 : Chosen }),
        KeyPressed pressed => Deleting is null ? Press(pressed.Key) : Answer(pressed.Key, Deleting),
        _ => Turn.Stay(this),
    };

    internal override FaultReport? Obstacle => Trouble;

    internal override Prompt Ask(View view) => Images is null ? new WaitPrompt("reading the list of images")
        : Deleting is not null ? new KeyPrompt()
        : new PickPrompt(Title, [.. Images.Select(image => $"{image.Id}, {image.State}, {(image.Published is null ? "" : "published for this PC; ")}{string.Join("; ", Details(image, view).Select(line => line.Text.Trim()))}")]);

    internal override Page Show(View view)
    {
        List<TextLine> lines = [.. PageText.Wrapped(Store.Description, view.Width, Role.Strong), .. PageText.Contract(Store, view), TextLine.Empty];
        var focus = 0;
        if (Images is null) lines.Add(PageText.Waiting(view, "Reading the list of images"));
        if (Images is { Count: 0 } && Trouble is null) lines.AddRange(PageText.Wrapped("There is no image in this store yet.", view.Width));
        if (Images is { Count: > 0 }) lines.Add(TextLine.Of($"    {"Made",-17} {"PC",-10} {"Name",-10} {"Kind",-11} {"Stored",-9} State", Role.Dim));
        foreach (var (index, image) in (Images ?? []).Index())
        {
            if (image.Published is not null && (index == 0 || Images![index - 1].Published is null)) lines.AddRange([TextLine.Empty, TextLine.Of("  Published for this PC", Role.Strong)]);
            if (index == Chosen) focus = lines.Count;
            lines.Add(PageText.Row(view, index == Chosen, Row(image, view), image.State == "done" ? Role.Normal : Role.Warning));
            if (index == Chosen) lines.AddRange(Details(image, view));
        }

        foreach (var sentence in Unread) lines.AddRange([TextLine.Empty, .. PageText.Wrapped(sentence, view.Width, Role.Warning)]);
        if (Deleting is not null)
        {
            lines.AddRange([TextLine.Empty, .. PageText.Wrapped($"Delete {Deleting.Id}? It cannot be got back. Files that other images need stay. Y deletes it, any other key does not.", view.Width, Role.Bad)]);
            focus = lines.Count - 1;
        }

        if (Trouble is not null)
        {
            lines.AddRange([TextLine.Empty, .. PageText.Trouble(Trouble, view.Width)]);
            focus = Math.Max(focus, lines.Count - 1);
        }

        return new Page { Lines = lines, Focus = focus, Keys = Keys };
    }

    private IReadOnlyList<(string Key, string Meaning)> Keys => this switch
    {
        { Images: null } => [("Esc", "Back")],
        { Deleting: not null } => [("Y", "Delete it"), ("any other key", "Keep it")],
        { IsForRestore: true } => [("Enter", "Restore this one"), ("V", "Verify"), ("Esc", "Back")],
        { Selected.Published: not null } => [("V", "Verify"), ("K", "without keys"), ("R", "Again"), ("Esc", "Back")],
        _ => [("V", "Verify"), ("K", "without keys"), ("G", "Go on with it"), ("D", "Delete"), ("R", "Again"), ("Esc", "Back")],
    };

    private ImageListing? Selected => Images is not null && Chosen < Images.Count ? Images[Chosen] : null;

    private static string Row(ImageListing image, View view) =>
        $"  {image.Id.Time.ToOffset(view.Facts.Now.Offset):yyyy-MM-dd HH:mm}  {TextCells.Fit(image.Id.Pc, 10, view.Look.Cut),-10} {TextCells.Fit(image.Id.Name, 10, view.Look.Cut),-10} {(image.Kind is { } kind ? Commands.Names.Of(kind) : "?"),-11} {(image.Manifest is { } manifest ? ByteSize.Format(manifest.StoredBytes) : ""),-9} {image.State}";

    private static IEnumerable<TextLine> Details(ImageListing image, View view)
    {
        foreach (var disk in image.Manifest?.Disks ?? [])
        {
            var lost = disk.Unreadable.Sum(range => range.Length);
            yield return TextLine.Of(TextCells.Fit($"      {ByteSize.Format(disk.Size)}  {disk.Model}  {(disk.Serial.Length > 0 ? $"serial {disk.Serial}" : disk.Path)}", view.Width, view.Look.Cut), Role.Dim);
            if (disk.MinimumBytes is { } minimum) yield return TextLine.Of($"      needs a disk of at least {ByteSize.Format(minimum)}", Role.Dim);
            if (lost > 0) yield return TextLine.Of($"      {ByteSize.Format(lost)} could not be read when it was made", Role.Warning);
        }

        if (image.Manifest is { } manifest) yield return TextLine.Of($"      {(manifest.KeyId is null ? "not encrypted" : "encrypted")}{(manifest.ClockTrusted ? "" : "; the PC's clock was wrong")}", manifest.KeyId is null ? Role.Warning : Role.Dim);
        foreach (var note in Notes(image)) foreach (var line in PageText.Wrapped(note, view.Width, Role.Dim, "      ")) yield return line;
        if (image.Record is not null) yield return TextLine.Of(TextCells.Fit("      not finished: the same backup, started again, goes on with it", view.Width, view.Look.Cut), Role.Dim);
        foreach (var line in image.Reason.Length > 0 ? PageText.Wrapped(image.Reason, view.Width, Role.Warning, "      ") : []) yield return line;
    }

    // The list stays one: 'bootconsole show' has all of them.
    private static IEnumerable<string> Notes(ImageListing image) => (image.Manifest?.Notes ?? []).Concat(image.Manifest?.Disks.SelectMany(disk => disk.Notes) ?? []).Take(MaxNotes);

    private static IReadOnlyList<ImageListing> Sorted(IReadOnlyList<ImageListing> images, string pc) =>
        [.. images.OrderBy(image => image.Published is null ? 0 : 1).ThenBy(image => image.Id.Pc == pc ? 0 : 1).ThenByDescending(image => image.Id.Time)];

    private Turn Press(Key key)
    {
        var image = Selected;
        return (key, image) switch
        {
            ({ Code: KeyCode.Escape or KeyCode.Interrupt }, _) => Turn.Back(this),
            ({ Code: KeyCode.Enter }, not null) when IsForRestore => Restore(image),
            (_, not null) when key.Is('v') => image.State == "done" ? Verify(image) : Refuse("Only a finished image can be verified."),
            (_, not null) when key.Is('k') && !IsForRestore => image.State == "done" ? Turn.Open(this, new WorkScreen(WorkKind.Verify, image.Id.Text), new RunVerify(image, IsKeyless: true)) : Refuse("Only a finished image can be verified."),
            (_, not null) when key.Is('g') && !IsForRestore => image.Record is null ? Refuse("There is nothing to go on with: only an unfinished image can be.") : Turn.Open(this, new ResumeScreen(Store, image)),
            (_, { Published: not null }) when key.Is('d') && !IsForRestore => Refuse("A published image is to be read only: who published it removes it."),
            (_, not null) when key.Is('d') && !IsForRestore => Turn.Stay(this with { Deleting = image, Trouble = null }),
            _ when key.Is('r') => Turn.Stay(this with { Images = null, Trouble = null }, new ListImages()),
            _ => Turn.Stay(this with { Chosen = PageText.Move(key, Chosen, Images?.Count ?? 0), Trouble = null }),
        };
    }

    private Turn Answer(Key key, ImageListing image)
    {
        var next = this with { Deleting = null };
        return key.Is('y') ? Turn.Open(next, new WorkScreen(WorkKind.Delete, image.Id.Text), new RunDelete(image.Id)) : Turn.Stay(next);
    }

    private Turn Restore(ImageListing image)
    {
        if (image.Manifest is null) return Refuse($"This image is {image.State} and cannot be restored.");
        var disks = new DisksScreen(DiskPurpose.Restore) { Restore = new RestoreOrder { Store = Store, Image = image } };
        return Turn.Open(this, Unlocked(image, disks));
    }

    private Turn Verify(ImageListing image)
    {
        var work = new WorkScreen(WorkKind.Verify, image.Id.Text) { First = new RunVerify(image, IsKeyless: false) };
        return Turn.Open(this, Unlocked(image, work));
    }

    private static Screen Unlocked(ImageListing image, Screen then) => image.Manifest!.KeyId is null
        ? then
        : new PasswordScreen { Then = then, Use = secret => new UseImageKeys(image, secret), Of = $"the image {image.Id}" };

    private Turn Refuse(string what) => Turn.Stay(this with { Trouble = new FaultReport(what, "Nothing was changed.", "Choose another one.") });
}
