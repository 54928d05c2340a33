// What happens to the console: keys, time, and answers to effects.
using BootConsole.Appliance.Output;
using BootConsole.Appliance.Setup;
using BootConsole.Appliance.Terminal;
using BootConsole.Core;
using BootConsole.Images;

namespace BootConsole.Appliance.Screens;

/// <summary>Something that happened.</summary>
internal abstract record Message;

/// <summary>A key was pressed.</summary>
internal sealed record KeyPressed(Key Key) : Message;

/// <summary>The terminal has another size.</summary>
internal sealed record Resized(TerminalSize Size) : Message;

/// <summary>Time has passed.</summary>
internal sealed record Ticked(DateTimeOffset Now) : Message;

/// <summary>The system was told to switch the PC off or to start it anew.</summary>
internal sealed record PowerTold : Message;

/// <summary>Disks were listed.</summary>
internal sealed record DisksFound(IReadOnlyList<DiskRow> Disks) : Message;

/// <summary>A disk or file that the person named is one that may be used.</summary>
internal sealed record DiskNamed(DiskRow Disk) : Message;

/// <summary>The store is open.</summary>
internal sealed record StoreOpened(OpenStore Store) : Message;

/// <summary>The images of the open store, and those that are published in it.</summary>
internal sealed record ImagesListed(IReadOnlyList<ImageListing> Images) : Message
{
    /// <summary>What of the published ones could not be read, a sentence each.</summary>
    public IReadOnlyList<string> Troubles { get; init; } = [];
}

/// <summary>The keys are at hand.</summary>
/// <param name="Password">What they were asked for with: an earlier screen's must not be taken for this one's. Null when it was no password that was typed.</param>
internal sealed record KeysReady(TypedSecret? Password) : Message;

/// <summary>A plan was made, and waits to be run.</summary>
/// <param name="Order">What it was made for: an earlier order's plan must not be taken for this one's.</param>
/// <param name="Plan">The plan.</param>
internal sealed record PlanMade(object Order, JobPlan Plan) : Message;

/// <summary>A picture of the running job.</summary>
internal sealed record WorkProgressed(ProgressSample Sample, IReadOnlyList<string> Events, TimeSpan Elapsed) : Message
{
    /// <summary>The disks, where several are written at once; empty otherwise.</summary>
    public IReadOnlyList<WorkPart> Parts { get; init; } = [];
}

/// <summary>One of several disks that are written at once.</summary>
/// <param name="Disk">Its path.</param>
/// <param name="DoneBytes">Bytes of its present activity that are done.</param>
/// <param name="TotalBytes">Bytes of that in all; 0 when unknown.</param>
/// <param name="State">What it is at: <c>writing</c>, <c>reading back</c>, <c>done</c>, <c>FAILED</c>.</param>
internal sealed record WorkPart(string Disk, long DoneBytes, long TotalBytes, string State)
{
    /// <summary>The state of a disk that is not restored; the others go on.</summary>
    internal const string Failed = "FAILED";

    /// <summary>The state of a disk that is restored and read back.</summary>
    internal const string Done = "done";
}

/// <summary>The job has ended.</summary>
internal sealed record WorkEnded(WorkEnd End) : Message;

/// <summary>The event log is on a medium.</summary>
internal sealed record LogSaved(string Path) : Message;

/// <summary>What the network is like.</summary>
internal sealed record NetworkSeen(NetworkView View) : Message;

/// <summary>The network was set up, or not.</summary>
internal sealed record NetworkApplied(SetupReport Report) : Message;

/// <summary>How the way to the server is.</summary>
internal sealed record NetworkTested(IReadOnlyList<NetworkCheck> Checks) : Message;

/// <summary>The keyboard layouts that there are.</summary>
internal sealed record LayoutsFound(IReadOnlyList<string> Layouts) : Message;

/// <summary>A keyboard layout was loaded, or not.</summary>
internal sealed record LayoutLoaded(SetupReport Report) : Message;

/// <summary>What an enrolment is at.</summary>
internal sealed record EnrolmentProgressed(string Doing) : Message;

/// <summary>How it stands with this PC's key.</summary>
/// <param name="Pc">Null while it has none.</param>
internal sealed record EnrolmentSeen(EnrolledPc? Pc) : Message;

/// <summary>The store's clock minus this PC's.</summary>
internal sealed record ClocksCompared(string Store, TimeSpan StoreAhead) : Message;

/// <summary>An effect could not be done.</summary>
internal sealed record EffectFailed(Effect Effect, FaultReport Report) : Message;
