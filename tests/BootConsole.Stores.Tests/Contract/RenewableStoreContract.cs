// The contract, held by stores that connect again: over memory, and over a bare sftp-server.
using BootConsole.Stores.Sftp;
using BootConsole.TestKit;
using BootConsole.TestKit.Memory;

namespace BootConsole.Stores.Tests.Contract;

public sealed class RenewableMemoryContract : StoreContract
{
    private protected override Task<StorePlace> MakePlaceAsync()
    {
        var medium = new MemoryMedium();
        return Task.FromResult(new StorePlace(async () => await RenewableStore.OpenAsync(_ => Task.FromResult<IDeleteStore>(medium.Open()), new RetryPolicy(), None), "", () => ValueTask.CompletedTask));
    }
}

public sealed class RenewableSftpContract : FolderBackedContract
{
    private protected override Task<StorePlace> MakePlaceAsync()
    {
        var folder = new TempFolder();
        return Task.FromResult(new StorePlace(
            async () => await RenewableStore.OpenAsync(
                async cancel => await SftpStore.OpenChildAsync("/usr/lib/openssh/sftp-server", [], folder.Path, StoreAccess.Write, IfMissing.Refuse, cancel), new RetryPolicy(), None),
            folder.Path,
            () =>
            {
                folder.Dispose();
                return ValueTask.CompletedTask;
            }));
    }
}
