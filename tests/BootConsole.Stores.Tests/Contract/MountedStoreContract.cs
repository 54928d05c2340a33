// The contract, held by a medium that is mounted for as long as the store is open.
using BootConsole.Core;
using BootConsole.Host;
using BootConsole.TestKit;

namespace BootConsole.Stores.Tests.Contract;

public sealed class MountedStoreContract : StoreContract
{
    private protected override Task<StorePlace> MakePlaceAsync()
    {
        var medium = LabelledMedium.Empty();
        var opener = new StoreOpener(new LabelAddress(medium.Label), new SshSettings(), new ProgramRunner());
        return Task.FromResult(new StorePlace(async () => await opener.OpenForDeletingAsync(IfMissing.Refuse, CancellationToken.None), "", () =>
        {
            medium.Dispose();
            return ValueTask.CompletedTask;
        }));
    }
}
