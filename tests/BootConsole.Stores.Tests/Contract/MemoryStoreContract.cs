// The contract, held by the memory store.
using BootConsole.TestKit.Memory;

namespace BootConsole.Stores.Tests.Contract;

public sealed class MemoryStoreContract : StoreContract
{
    private protected override Task<StorePlace> MakePlaceAsync()
    {
        var medium = new MemoryMedium();
        return Task.FromResult(new StorePlace(() => Task.FromResult<IDeleteStore>(medium.Open()), "", () => ValueTask.CompletedTask));
    }
}
