// What the person has chosen so far, and what the workbench says of disks, stores, plans and jobs.
using BootConsole.Appliance.Output;
using BootConsole.Core;
using BootConsole.Disks;
using BootConsole.Images;
using BootConsole.Jobs;
using BootConsole.Settings;

namespace BootConsole.Appliance.Screens;

/// <summary>A disk as the lists show it.</summary>
/// <param name="Info">Who it is.</param>
/// <param name="Partitions">What is on it, in order of position.</param>
/// <param name="BackupRefusal">Why it may not be backed up; empty when it may.</param>
/// <param name="RestoreRefusal">Why it may not be overwritten; empty when it may.</param>
internal sealed record DiskRow(DiskInfo Info, IReadOnlyList<PartitionRow> Partitions, string BackupRefusal, string RestoreRefusal);

/// <summary>A partition as the lists show it.</summary>
/// <param name="Number">Its number.</param>
/// <param name="Range">Its bytes.</param>
/// <param name="FileSystem">What is on it; empty when unknown.</param>
/// <param name="Label">Label of the file system or name of the partition; may be empty.</param>
internal sealed record PartitionRow(int Number, ByteRange Range, string FileSystem, string Label);

/// <summary>A way to a store.</summary>
/// <param name="Name">What the person calls it.</param>
/// <param name="Address">Where it is.</param>
/// <param name="Ssh">How it is reached.</param>
internal sealed record StoreWay(string Name, StoreAddress Address, SshSettings Ssh);

/// <summary>What is known of the open store.</summary>
/// <param name="Way">How it was reached.</param>
/// <param name="Description">What it says of itself.</param>
/// <param name="FreeBytes">Free space; null when it does not say.</param>
/// <param name="HasKeys">True when this PC has a key set in it that a password opens.</param>
/// <param name="Contract">What its server says of the contract; null when it says nothing.</param>
internal sealed record OpenStore(StoreWay Way, string Description, long? FreeBytes, bool HasKeys, StoreContract? Contract = null);

/// <summary>What is to be backed up, and how.</summary>
internal sealed record BackupOrder
{
    /// <summary>The disks, in the order of the image's disk numbers.</summary>
    public required IReadOnlyList<DiskRow> Disks { get; init; }

    /// <summary>The store; null until it is open.</summary>
    public OpenStore? Store { get; init; }

    /// <summary>The user's part of the image's id.</summary>
    public string Name { get; init; } = "backup";

    /// <summary>How the image is made.</summary>
    public ImageKind Kind { get; init; } = ImageKind.Full;

    /// <summary>zstd level; null for one that follows the slowest stage.</summary>
    public int? Level { get; init; } = 3;

    /// <summary>For whom the image is encrypted.</summary>
    public KeySource Keys { get; init; } = KeySource.Password;

    /// <summary>What the settings file says of this PC's backups; the defaults without one.</summary>
    public BackupSettings Settings { get; init; } = new() { Level = 3 };

    /// <summary>True to read everything back from the store afterwards.</summary>
    public bool Verify { get; init; } = true;

    /// <summary>When it begins.</summary>
    public JobStart At { get; init; } = new StartNow();

    /// <summary>The unfinished image to go on with; null for a new one, or whichever fits.</summary>
    public ImageId? Resume { get; init; }
}

/// <summary>Where the keys of a backup come from.</summary>
internal enum KeySource
{
    /// <summary>From a password that is typed.</summary>
    Password,

    /// <summary>From what the settings file names: recipients, a table key, a password file.</summary>
    Settings,

    /// <summary>From nowhere: anybody with access to the store can read the image.</summary>
    None,
}

/// <summary>What is to be restored where, and how.</summary>
internal sealed record RestoreOrder
{
    /// <summary>The store.</summary>
    public required OpenStore Store { get; init; }

    /// <summary>The image; a finished one.</summary>
    public required ImageListing Image { get; init; }

    /// <summary>What goes where: numbers of the image's disks, with disks of this PC. One disk of an image may go onto several.</summary>
    public IReadOnlyList<(int Disk, DiskRow Target)> Pairs { get; init; } = [];

    /// <summary>How.</summary>
    public RestoreOptions Options { get; init; } = new();
}

/// <summary>A plan, in words.</summary>
/// <param name="Sentences">What will be done.</param>
/// <param name="Targets">What is overwritten, with what must be typed for it; empty for a backup.</param>
internal sealed record JobPlan(IReadOnlyList<string> Sentences, IReadOnlyList<(string Disk, string Token)> Targets);

/// <summary>How a job ended.</summary>
/// <param name="Outcome">Whether it is done.</param>
/// <param name="Lines">What was done, a sentence each; of a job for several disks, what became of each. Empty when nothing is done.</param>
/// <param name="Report">What went wrong; null for a job that is done.</param>
internal sealed record WorkEnd(WorkOutcome Outcome, IReadOnlyList<string> Lines, FaultReport? Report);

/// <summary>Kinds of ends.</summary>
internal enum WorkOutcome
{
    /// <summary>Done and checked.</summary>
    Done,

    /// <summary>Done, and something could not be read.</summary>
    DoneWithLoss,

    /// <summary>Cancelled.</summary>
    Cancelled,

    /// <summary>Refused or failed.</summary>
    Failed,
}
