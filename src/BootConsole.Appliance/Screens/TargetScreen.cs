// Where images go, or where they are: the stores of the settings, a folder, or a server.
using System.Collections.Immutable;
using BootConsole.Appliance.Output;
using BootConsole.Appliance.Terminal;
using BootConsole.Core;
using BootConsole.Stores;

namespace BootConsole.Appliance.Screens;

/// <summary>What the store is opened for.</summary>
internal enum TargetPurpose
{
    /// <summary>A backup goes there.</summary>
    Backup,

    /// <summary>A restore comes from there.</summary>
    Restore,

    /// <summary>Its images are looked at, verified, deleted.</summary>
    Manage,
}

/// <summary>Chooses and opens a store.</summary>
/// <param name="Purpose">What for.</param>
internal sealed record TargetScreen(TargetPurpose Purpose) : Screen
{
    private const string Address = "Folder or server", Identity = "Key for ssh", KnownHosts = "Known hosts", Jump = "Jump host";

    /// <summary>The backup that is prepared; null for all else.</summary>
    public BackupOrder? Backup { get; init; }

    /// <summary>The row that takes the keys; the last one is for an address that is typed.</summary>
    public int Chosen { get; init; }

    /// <summary>The address that is typed; null in the list.</summary>
    public Form? Typed { get; init; }

    /// <summary>Partitions of USB disks that can be a store, with what a list says of each.</summary>
    public ImmutableList<(StoreWay Way, string About)> Media { get; init; } = [];

    /// <summary>The store that is being opened; null when none is.</summary>
    public StoreWay? Opening { get; init; }

    /// <summary>Why it goes no further.</summary>
    public FaultReport? Trouble { get; init; }

    internal override string Title => Purpose == TargetPurpose.Backup ? "Where to?" : "From where?";

    internal override IReadOnlyList<string> Help =>
    [
        "A store is where images lie: a folder of this machine, a medium that is named by the label of its file system, a share of a server (NFS, SMB), or a folder on a server that speaks SFTP, as sftp://user@host:port/path.",
        "A server is known by its host key. Without a known hosts file of its own, ssh's usual files count, and nothing is ever asked: a server that is not known is refused.",
        "Media and shares are mounted only as long as they are used here. With a settings file its stores are listed, with keys and everything.",
    ];

    internal override IReadOnlyList<Effect> Begin() => [new FindDisks()];

    internal override Turn Again() => Turn.Stay(this with { Opening = null });

    internal override Turn Take(Message message, Facts facts) => message switch
    {
        StoreOpened opened when Opening == opened.Store.Way && Purpose == TargetPurpose.Backup && opened.Store.Contract?.WhyNoBackup is { } why => Turn.Stay(this with { Opening = null, Trouble = new FaultReport(why, "Nothing was written.", "Choose another store, delete an image that is no longer needed, or ask whoever keeps the server.") }),
        StoreOpened opened when Opening == opened.Store.Way => Turn.Open(this with { Opening = null, Trouble = null }, Next(opened.Store, facts)),
        EffectFailed { Effect: OpenTheStore effect } failed when Opening == effect.Way => Turn.Stay(this with { Opening = null, Trouble = failed.Report }),
        DisksFound found => Turn.Stay(this with { Media = [.. MediaOf(found.Disks)] }),
        KeyPressed { Key.Code: KeyCode.Escape or KeyCode.Interrupt } => Typed is null || facts.Stores.Count == 0 ? Turn.Back(this) : Turn.Stay(this with { Typed = null, Opening = null, Trouble = null }),
        KeyPressed when Opening is not null => Turn.Stay(this),
        KeyPressed pressed => Current(facts) is { } form ? Type(pressed.Key, form) : Press(pressed.Key, facts),
        _ => Turn.Stay(this),
    };

    internal override FaultReport? Obstacle => Trouble;

    internal override Prompt Ask(View view) => Opening is { } way ? new WaitPrompt($"opening {way.Address}")
        : Current(view.Facts) is { } form ? new FormPrompt(form)
        : new PickPrompt(Title, [.. view.Facts.Stores.Select(store => $"{store.Name}: {store.Address}"), .. Media.Select(medium => $"{medium.Way.Address}: {medium.About}"), "Another folder or server"]);

    internal override Page Show(View view)
    {
        List<TextLine> lines = [.. PageText.Wrapped(Purpose == TargetPurpose.Backup ? "Where is the image to go?" : "Where are the images?", view.Width, Role.Strong), TextLine.Empty];
        var focus = 0;
        (int Line, int Column)? cursor = null;
        if (Current(view.Facts) is { } form)
        {
            var (shown, at, column) = form.Show(view);
            (focus, cursor) = (lines.Count + at, column is { } place ? (lines.Count + place.Line, place.Column) : null);
            lines.AddRange(shown);
            if (Media.Count > 0) lines.AddRange([TextLine.Empty, .. PageText.Wrapped("USB disks that can hold a store; type what stands first:", view.Width)]);
            foreach (var (medium, about) in Media) lines.Add(TextLine.Of(TextCells.Fit($"  {medium.Address}  {about}", view.Width, view.Look.Cut), Role.Dim));
        }
        else
        {
            foreach (var (index, store) in view.Facts.Stores.Index()) lines.Add(PageText.Row(view, index == Chosen, $"{store.Name,-14}{store.Address}"));
            foreach (var (index, (medium, about)) in Media.Index()) lines.Add(PageText.Row(view, view.Facts.Stores.Count + index == Chosen, $"{medium.Address}  {about}"));
            lines.Add(PageText.Row(view, Chosen == view.Facts.Stores.Count + Media.Count, "Another folder or server"));
            focus = 2 + Chosen;
        }

        if (Opening is { } way) lines.AddRange([TextLine.Empty, PageText.Waiting(view, $"Opening {way.Address}")]);
        if (Trouble is not null) lines.AddRange([TextLine.Empty, .. PageText.Trouble(Trouble, view.Width)]);
        return new Page { Lines = lines, Focus = focus, Cursor = Opening is null ? cursor : null, Keys = [("Enter", "Open"), ("Esc", "Back")] };
    }

    private Form? Current(Facts facts) => Typed ?? (facts.Stores.Count == 0 ? Blank() : null);

    private static Form Blank() => Form.Of(
        new TypedField(Address, "A folder, sftp://user@host:port/path, label:NAME, nfs://host/export, smb://host/share.", new TextField()),
        new TypedField(Identity, "File of the private key; empty for ssh's own choice. Not used for a folder.", new TextField()),
        new TypedField(KnownHosts, "File with the server's host key; empty for ssh's own files.", new TextField()),
        new TypedField(Jump, "A relay on the way, user@host:port; empty for none.", new TextField()));

    private Turn Press(Key key, Facts facts)
    {
        if (key.Code != KeyCode.Enter) return Turn.Stay(this with { Chosen = PageText.Move(key, Chosen, facts.Stores.Count + Media.Count + 1) });
        if (Chosen < facts.Stores.Count) return Open(facts.Stores[Chosen]);
        return Chosen < facts.Stores.Count + Media.Count ? Open(Media[Chosen - facts.Stores.Count].Way) : Turn.Stay(this with { Typed = Blank(), Trouble = null });
    }

    private Turn Type(Key key, Form form)
    {
        if (key.Code != KeyCode.Enter) return Turn.Stay(this with { Typed = form.Take(key) });
        try
        {
            var ssh = new SshSettings { IdentityFile = form[Identity].Trim(), KnownHostsFile = form[KnownHosts].Trim(), Jump = form[Jump].Trim() };
            return (this with { Typed = form }).Open(new StoreWay("", StoreAddress.Parse(form[Address].Trim()), ssh));
        }
        catch (UsageFault fault)
        {
            return Turn.Stay(this with { Typed = form, Trouble = FaultReport.Of(fault, ExitCode.Usage, "Nothing was written.") with { Remedy = "Give a folder, or sftp://user@host:port/path." } });
        }
    }

    // What is plugged in to hold backups, not the PC's own disks, and not what is to be saved itself; any other medium can be typed. A label that stands twice is refused when it is opened.
    private IEnumerable<(StoreWay Way, string About)> MediaOf(IReadOnlyList<DiskRow> disks) =>
        from disk in disks
        where disk.Info.Attachment == "usb"
        where Backup?.Disks.Any(source => source.Info.CanonicalPath == disk.Info.CanonicalPath) != true
        from partition in disk.Partitions
        where StoreOpener.CanMount(partition.FileSystem) && partition.Label.Length > 0 && !partition.Label.Contains('/', StringComparison.Ordinal)
        select (new StoreWay("", new LabelAddress(partition.Label), new SshSettings()), $"{partition.FileSystem}, {ByteSize.Format(partition.Range.Length)}, on {disk.Info.CanonicalPath} {disk.Info.Model}".TrimEnd());

    private Turn Open(StoreWay way) => Turn.Stay(this with { Opening = way, Trouble = null }, new OpenTheStore(way, Purpose == TargetPurpose.Backup));

    private Screen Next(OpenStore store, Facts facts) => Purpose == TargetPurpose.Backup ? BackupFormScreen.Of(Backup! with { Store = store }, facts.Backup) : new ImagesScreen(store, IsForRestore: Purpose == TargetPurpose.Restore);
}
