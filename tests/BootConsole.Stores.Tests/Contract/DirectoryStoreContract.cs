// The contract, held by a folder of this machine.
using BootConsole.Stores.Directories;
using BootConsole.TestKit;

namespace BootConsole.Stores.Tests.Contract;

public sealed class DirectoryStoreContract : FolderBackedContract
{
    private protected override Task<StorePlace> MakePlaceAsync()
    {
        var folder = new TempFolder();
        return Task.FromResult(new StorePlace(() => Task.FromResult<IDeleteStore>(DirectoryStore.Open(folder.Path, StoreAccess.Write)), folder.Path, () =>
        {
            folder.Dispose();
            return ValueTask.CompletedTask;
        }));
    }
}
