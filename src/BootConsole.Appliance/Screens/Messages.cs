// What happens to the console: keys, time, and answers to effects.
using BootConsole.Appliance.Output;
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

/// <summary>Disks were listed.</summary>
internal sealed record DisksFound(IReadOnlyList<DiskRow> Disks) : Message;

/// <summary>A disk or file that the person named is one that may be used.</summary>
internal sealed record DiskNamed(DiskRow Disk) : Message;

/// <summary>The store is open.</summary>
internal sealed record StoreOpened(OpenStore Store) : Message;

/// <summary>The images of the open store.</summary>
internal sealed record ImagesListed(IReadOnlyList<ImageListing> Images) : Message;

/// <summary>The keys are at hand.</summary>
/// <param name="Password">What they were asked for with: an earlier screen's must not be taken for this one's. Null when it was no password that was typed.</param>
internal sealed record KeysReady(TypedSecret? Password) : Message;

/// <summary>A plan was made, and waits to be run.</summary>
/// <param name="Order">What it was made for: an earlier order's plan must not be taken for this one's.</param>
/// <param name="Plan">The plan.</param>
internal sealed record PlanMade(object Order, JobPlan Plan) : Message;

/// <summary>A picture of the running job.</summary>
internal sealed record WorkProgressed(ProgressSample Sample, IReadOnlyList<string> Events, TimeSpan Elapsed) : Message;

/// <summary>The job has ended.</summary>
internal sealed record WorkEnded(WorkEnd End) : Message;

/// <summary>The event log is on a medium.</summary>
internal sealed record LogSaved(string Path) : Message;

/// <summary>An effect could not be done.</summary>
internal sealed record EffectFailed(Effect Effect, FaultReport Report) : Message;
