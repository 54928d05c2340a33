// From an address to a store.
using BootConsole.Core;
using BootConsole.Host;
using BootConsole.Stores.Directories;
using BootConsole.Stores.Sftp;
using BootConsole.Stores.Tests.Contract;
using BootConsole.TestKit;

namespace BootConsole.Stores.Tests;

public sealed class StoreOpenerTests(PlainSshd sshd) : IClassFixture<PlainSshd>
{
    private static readonly CancellationToken None = CancellationToken.None;

    [Fact]
    public async Task A_folder_and_a_server_are_opened_by_their_addresses()
    {
        var server = sshd.Server.Address();
        foreach (var address in new[] { server.Path, server.ToString() })
        {
            var opener = new StoreOpener(StoreAddress.Parse(address), sshd.Server.Settings, new ProgramRunner());
            await using (var store = await opener.OpenForWritingAsync(IfMissing.Refuse, None)) await store.ReplaceAsync(StorePath.Of("file"), new byte[] { 1 }, None);
            await using (var store = await opener.OpenForReadingAsync(None))
            {
                Assert.Equal([1], await StoreBytes.ReadAllAsync(store, StorePath.Of("file")));
                Assert.Equal(address, store.Description);
                Assert.Equal(address.StartsWith('/') ? typeof(DirectoryStore) : typeof(SftpStore), store.GetType());
            }

            await using (var store = await opener.OpenForDeletingAsync(IfMissing.Refuse, None)) await store.RemoveAsync(StorePath.Of("file"), None);
            Assert.Empty(Directory.GetFiles(server.Path));
        }
    }

    [Fact]
    public async Task A_missing_store_is_made_only_when_asked()
    {
        foreach (var address in new[] { sshd.Server.StoreFolder + "/by-folder", sshd.Server.Address(sshd.Server.StoreFolder + "/by-server").ToString() })
        {
            var opener = new StoreOpener(StoreAddress.Parse(address), sshd.Server.Settings, new ProgramRunner());
            foreach (var open in new Func<Task>[] { () => opener.OpenForReadingAsync(None), () => opener.OpenForWritingAsync(IfMissing.Refuse, None), () => opener.OpenForDeletingAsync(IfMissing.Refuse, None) })
                Assert.Equal(StoreProblem.Missing, (await Assert.ThrowsAsync<StoreFault>(open)).Problem);
            await using var store = await opener.OpenForWritingAsync(IfMissing.Create, None);
            Assert.Empty(await store.ListAsync(StorePath.Top, None));
        }
    }
}
