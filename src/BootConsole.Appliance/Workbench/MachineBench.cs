// Network, keyboard and clock of this PC, for the console.
using BootConsole.Appliance.Screens;
using BootConsole.Appliance.Setup;
using BootConsole.Images;
using BootConsole.Settings;
using BootConsole.Stores;

namespace BootConsole.Appliance.Workbench;

/// <summary>Looks at the PC itself and sets it up.</summary>
internal sealed class MachineBench(Services services, SetupPlaces places)
{
    // A person who waits for an answer, not a job that waits for its connection.
    private static readonly TimeSpan StorePatience = TimeSpan.FromSeconds(30);

    internal Task<Message> LookAsync() => Task.Run<Message>(() => new NetworkSeen(NetworkView.Look(places)));

    internal async Task<Message> ApplyAsync(PcSettings pc, CancellationToken cancel) => new NetworkApplied(await new NetworkSetup(services.Programs, places, services.Clock).RunAsync(pc, cancel));

    internal async Task<Message> TestAsync(TestNetwork test, CancellationToken cancel) => new NetworkTested(await new NetworkTest(services.Programs, places).RunAsync(test.Server, cancel));

    internal Task<Message> ListLayoutsAsync() => Task.Run<Message>(() => new LayoutsFound(new KeyboardSetup(services.Programs, places).List()));

    internal async Task<Message> LoadLayoutAsync(string layout, CancellationToken cancel) => new LayoutLoaded(await new KeyboardSetup(services.Programs, places).LoadAsync(layout, cancel));

    /// <summary>Gets this PC its key.</summary>
    internal async Task<Message> EnrolAsync(EnrolPc enrol, Action<string> say, CancellationToken cancel)
    {
        // Somebody at another console, or in the shell, was quicker.
        if (enrol.Place.HasKey) return new EnrolmentSeen(new EnrolledPc(enrol.Place.Pc, null));
        using var code = enrol.Code.ToBytes();
        return new EnrolmentSeen(await new PcEnrolment(services.Programs, services.Clock, enrol.Place, say).RunAsync(code, cancel));
    }

    /// <summary>Asks a store for its time: by the date that it gives to a new file.</summary>
    internal async Task<Message> CompareClocksAsync(StoreWay way, CancellationToken cancel)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        limit.CancelAfter(StorePatience);
        await using var store = await new StoreOpener(way.Address, way.Ssh, services.Programs).OpenForDeletingAsync(IfMissing.Refuse, limit.Token);
        return new ClocksCompared(store.Description, await StoreClock.CompareAsync(store, services.Clock, limit.Token));
    }
}
