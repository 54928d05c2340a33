// A PC emulates two processors, and mostly waits for one of them: two PCs at once keep two real ones busy, more would only wait for each other.
using BootConsole.Appliance.VmTests.Pc;
using Xunit.Abstractions;

[assembly: CollectionBehavior(MaxParallelThreads = 2)]
[assembly: TestCollectionOrderer("BootConsole.Appliance.VmTests.Pc." + nameof(LongestFirst), "BootConsole.Appliance.VmTests")]

namespace BootConsole.Appliance.VmTests.Pc;

/// <summary>Begins with the classes that take longest, so that at the end no long one runs alone.</summary>
internal sealed class LongestFirst : ITestCollectionOrderer
{
    private static readonly string[] Longest =
    [
        nameof(ShareTests), nameof(ServerEndToEndTests), nameof(BootMediaTests), nameof(EnrolTests), nameof(FaultTests), nameof(PowerCutTests), nameof(PxeServerTests), nameof(InstalledSystemTests), nameof(UnattendedTests),
    ];

    /// <inheritdoc/>
    public IEnumerable<ITestCollection> OrderTestCollections(IEnumerable<ITestCollection> testCollections) => testCollections.OrderBy(Place);

    private static int Place(ITestCollection collection) => Array.FindIndex(Longest, name => collection.DisplayName.EndsWith('.' + name, StringComparison.Ordinal)) is var place and >= 0 ? place : Longest.Length;
}
