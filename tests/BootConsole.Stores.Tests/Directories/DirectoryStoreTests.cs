// What only a folder of this machine can show.
using BootConsole.Core;
using BootConsole.Host;
using BootConsole.Stores.Directories;
using BootConsole.Stores.Tests.Contract;
using BootConsole.TestKit;

namespace BootConsole.Stores.Tests.Directories;

public sealed class DirectoryStoreTests
{
    private static readonly CancellationToken None = CancellationToken.None;

    private static StorePath Path(string text) => StorePath.Of(text);

    [Fact]
    public void A_missing_folder_is_refused_or_made_inside_one_that_is_there()
    {
        using var folder = new TempFolder();
        Assert.Equal(StoreProblem.Missing, Assert.Throws<StoreFault>(() => DirectoryStore.Open(folder["a"], StoreAccess.Write)).Problem);
        Assert.Equal(StoreProblem.Missing, Assert.Throws<StoreFault>(() => DirectoryStore.Open(folder["a/b"], StoreAccess.Write, IfMissing.Create)).Problem);
        Assert.False(Directory.Exists(folder["a"]));
        using (var store = new StoreScope(DirectoryStore.Open(folder["a/"], StoreAccess.Write, IfMissing.Create))) Assert.True(Directory.Exists(folder["a"]));
        using (var store = new StoreScope(DirectoryStore.Open(folder["a"], StoreAccess.Read))) Assert.Equal(folder["a"], store.Store.Description);
    }

    [Fact]
    public async Task What_is_mounted_there_is_named_and_a_share_over_SMB_confirms_no_durability()
    {
        using var folder = new TempFolder();
        await using var export = DirectoryStore.Open(folder.Path, StoreAccess.Write, mounted: new NfsAddress("nas", 0, "/pcs"));
        await using var share = DirectoryStore.Open(folder.Path, StoreAccess.Write, mounted: new SmbAddress("nas", 0, "pcs", ""));
        Assert.Equal((true, false), (export.ConfirmsDurability, share.ConfirmsDurability));
        Assert.Equal("smb://nas/pcs/images", (await Assert.ThrowsAsync<StoreFault>(() => share.OpenReadAsync(Path("images/file"), None))).Which);
        Assert.Equal(folder.Path, share.LocalFolder);
    }

    [Fact]
    public void A_file_is_no_store()
    {
        using var folder = new TempFolder();
        File.WriteAllText(folder["file"], "");
        Assert.Throws<StoreFault>(() => DirectoryStore.Open(folder["file"], StoreAccess.Read));
        Assert.Throws<StoreFault>(() => DirectoryStore.Open(folder["file/below"], StoreAccess.Write, IfMissing.Create));
    }

    [Fact]
    public async Task The_stores_own_folder_may_be_reached_by_a_link()
    {
        using var folder = new TempFolder();
        Directory.CreateDirectory(folder["real"]);
        File.CreateSymbolicLink(folder["link"], folder["real"]);
        await using var store = DirectoryStore.Open(folder["link"], StoreAccess.Write);
        await StoreBytes.WriteAsync(store, Path("file"), [1]);
        Assert.True(File.Exists(folder["real/file"]));
    }

    [Fact]
    public async Task A_read_only_file_system_is_refused_before_any_work_and_can_be_read()
    {
        await using var disk = await SmallFileSystem.CreateAsync(2 << 20, "ro");
        var fault = Assert.Throws<StoreFault>(() => DirectoryStore.Open(disk.Path, StoreAccess.Write));
        Assert.Equal((StoreProblem.Denied, "the store is on a read-only file system"), (fault.Problem, fault.Message));
        await using var store = DirectoryStore.Open(disk.Path, StoreAccess.Read);
        Assert.Equal("lost+found", Assert.Single(await store.ListAsync(StorePath.Top, None)).Name);
    }

    [Fact]
    public async Task A_folder_that_nobody_may_change_is_refused_unless_one_below_it_may_be_written()
    {
        await using var disk = await SmallFileSystem.CreateAsync(2 << 20);
        Directory.Delete(disk.Path + "/lost+found");
        // Immutable stops root as well, as missing rights would stop anybody else.
        await SystemTool.RunAsync("chattr", "+i", disk.Path);
        try
        {
            Assert.Equal(StoreProblem.Denied, Assert.Throws<StoreFault>(() => DirectoryStore.Open(disk.Path, StoreAccess.Write)).Problem);
            await SystemTool.RunAsync("chattr", "-i", disk.Path);
            Directory.CreateDirectory(disk.Path + "/images");
            await SystemTool.RunAsync("chattr", "+i", disk.Path);
            await using var store = DirectoryStore.Open(disk.Path, StoreAccess.Write);
            await StoreBytes.WriteAsync(store, Path("images/file"), [1]);
            var fault = await Assert.ThrowsAsync<StoreFault>(() => store.CreateAsync(Path("file"), None));
            Assert.Equal(StoreProblem.Denied, fault.Problem);
            Assert.Equal(disk.Path + "/file", fault.Which);
            Assert.NotEmpty(fault.Remedy);
        }
        finally
        {
            await SystemTool.RunAsync("chattr", "-i", disk.Path);
        }
    }

    [Fact]
    public async Task A_full_disk_is_called_full_with_what_is_left()
    {
        await using var disk = await SmallFileSystem.CreateAsync(12 << 20);
        await using var store = DirectoryStore.Open(disk.Path, StoreAccess.Write);
        await StoreBytes.WriteAsync(store, Path("first"), RandomBytes.Of(1, 1_000_000));
        var fault = await Assert.ThrowsAsync<StoreFault>(() => StoreBytes.WriteAsync(store, Path("second"), new byte[30 << 20]));
        Assert.Equal((StoreProblem.Full, "the store is full"), (fault.Problem, fault.Message));
        Assert.EndsWith(" free", fault.Found, StringComparison.Ordinal);
        Assert.Equal(RandomBytes.Of(1, 1_000_000), await StoreBytes.ReadAllAsync(store, Path("first")));
        // A replacement that finds no room leaves the old file and nothing else.
        await store.RemoveAsync(Path("second"), None);
        await store.ReplaceAsync(Path("state.json"), "old"u8.ToArray(), None);
        Assert.Equal(StoreProblem.Full, (await Assert.ThrowsAsync<StoreFault>(() => store.ReplaceAsync(Path("state.json"), new byte[30 << 20], None))).Problem);
        Assert.Equal("old"u8.ToArray(), await StoreBytes.ReadAllAsync(store, Path("state.json")));
        Assert.Equal(["first", "lost+found", "state.json"], (await store.ListAsync(StorePath.Top, None)).Select(entry => entry.Name).Order());
    }

    [Fact]
    public async Task On_a_file_system_that_cannot_rename_without_replacing_nothing_is_replaced_either()
    {
        // NTFS by FUSE refuses the flag of renameat2 and has hard links.
        await using var disk = await SmallFileSystem.CreateNtfsAsync(8 << 20);
        await using var store = DirectoryStore.Open(disk.Path, StoreAccess.Write);
        await StoreBytes.WriteAsync(store, Path("one.part"), [1]);
        await StoreBytes.WriteAsync(store, Path("two.part"), [2]);
        await store.PublishAsync(Path("one.part"), Path("final"), 1, None);
        Assert.Equal(StoreProblem.Exists, (await Assert.ThrowsAsync<StoreFault>(() => store.PublishAsync(Path("two.part"), Path("final"), 1, None))).Problem);
        Assert.Equal([1], await StoreBytes.ReadAllAsync(store, Path("final")));
        Assert.Null(await store.FindAsync(Path("one.part"), None));
        await store.ReplaceAsync(Path("final"), new byte[] { 3 }, None);
        Assert.Equal([3], await StoreBytes.ReadAllAsync(store, Path("final")));
    }

    [Fact]
    public async Task Names_exchanged_for_links_between_two_calls_lead_nowhere()
    {
        // A hostile user swaps a folder and a link while a root program works: no write may ever land outside.
        using var folder = new TempFolder();
        using var outside = new TempFolder();
        Directory.CreateDirectory(folder["images"]);
        File.CreateSymbolicLink(folder["trap"], outside.Path);
        await using var store = DirectoryStore.Open(folder.Path, StoreAccess.Write);
        using var stop = new CancellationTokenSource();
        var swapping = Task.Run(() =>
        {
            while (!stop.IsCancellationRequested)
            {
                LinuxNames.Replace(folder["images"], folder["aside"]);
                LinuxNames.Replace(folder["trap"], folder["images"]);
                LinuxNames.Replace(folder["images"], folder["trap"]);
                LinuxNames.Replace(folder["aside"], folder["images"]);
            }
        });
        var (written, refused) = (0, 0);
        for (var index = 0; index < 2000; index++)
        {
            var fault = await Record.ExceptionAsync(() => StoreBytes.WriteAsync(store, Path($"images/file-{index}"), [1]));
            if (fault is null) written++;
            else Assert.Equal(StoreProblem.Missing, Assert.IsType<StoreFault>(fault).Problem);
            refused = index + 1 - written;
        }

        await stop.CancelAsync();
        await swapping;
        Assert.Empty(Directory.GetFileSystemEntries(outside.Path));
        Assert.True(written > 0 && refused > 0, $"{written} written, {refused} refused");
    }

    [Fact]
    public async Task A_large_file_does_not_fill_the_page_cache()
    {
        const int FileBytes = 400 << 20;
        using var folder = new TempFolder();
        await using var store = DirectoryStore.Open(folder.Path, StoreAccess.Write);
        var bytes = RandomBytes.Of(1, 8 << 20);
        await using (var writer = await store.CreateAsync(Path("file"), None))
        {
            for (var done = 0; done < FileBytes; done += bytes.Length) await writer.AppendAsync(bytes, None);
            await writer.FinishAsync(None);
        }

        // fincore (util-linux) counts the resident pages of a file.
        var resident = long.Parse(await SystemTool.RunAsync("fincore", "--bytes", "--noheadings", "--output", "RES", folder["file"]), System.Globalization.CultureInfo.InvariantCulture);
        Assert.InRange(resident, 0, FileBytes / 8);
    }

    private sealed class StoreScope(DirectoryStore store) : IDisposable
    {
        public DirectoryStore Store => store;

        public void Dispose() => store.DisposeAsync().AsTask().GetAwaiter().GetResult();
    }
}
