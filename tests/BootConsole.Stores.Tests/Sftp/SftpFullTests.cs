// A server's disk that is full, read-only or broken, seen through SFTP.
using BootConsole.Core;
using BootConsole.Stores.Sftp;
using BootConsole.Stores.Tests.Contract;
using BootConsole.TestKit;

namespace BootConsole.Stores.Tests.Sftp;

public sealed class SftpFullTests
{
    private static readonly CancellationToken None = CancellationToken.None;

    private static Task<SftpStore> OpenAsync(string folder, StoreAccess access = StoreAccess.Write) =>
        SftpStore.OpenChildAsync("/usr/lib/openssh/sftp-server", [], folder, access, IfMissing.Refuse, None);

    [Fact]
    public async Task A_full_disk_is_called_full_with_what_is_left_and_earlier_files_stay()
    {
        await using var disk = await SmallFileSystem.CreateAsync(12 << 20);
        await using var store = await OpenAsync(disk.Path);
        await StoreBytes.WriteAsync(store, StorePath.Of("first"), RandomBytes.Of(1, 1_000_000));
        var fault = await Assert.ThrowsAsync<StoreFault>(() => StoreBytes.WriteAsync(store, StorePath.Of("second"), new byte[30 << 20]));
        Assert.Equal(StoreProblem.Full, fault.Problem);
        Assert.Equal("the store is full", fault.Message);
        Assert.EndsWith("free", fault.Found, StringComparison.Ordinal);
        Assert.Contains("/second at byte ", fault.Which, StringComparison.Ordinal);
        Assert.Equal(RandomBytes.Of(1, 1_000_000), await StoreBytes.ReadAllAsync(store, StorePath.Of("first")));
        // Removing makes room again.
        await store.RemoveAsync(StorePath.Of("second"), None);
        await StoreBytes.WriteAsync(store, StorePath.Of("third"), new byte[1_000_000]);
    }

    [Fact]
    public async Task A_disk_without_room_for_another_name_is_called_full()
    {
        await using var disk = await SmallFileSystem.CreateAsync(2 << 20);
        await using var store = await OpenAsync(disk.Path);
        var fault = await Assert.ThrowsAsync<StoreFault>(async () =>
        {
            for (var index = 0; ; index++) await StoreBytes.WriteAsync(store, StorePath.Of($"file-{index}"), []);
        });
        Assert.Equal((StoreProblem.Full, "no more files can be made"), (fault.Problem, fault.Found));
    }

    [Fact]
    public async Task A_read_only_disk_is_refused_before_any_work()
    {
        await using var disk = await SmallFileSystem.CreateAsync(2 << 20, "ro");
        var fault = await Assert.ThrowsAsync<StoreFault>(() => OpenAsync(disk.Path));
        Assert.Equal((StoreProblem.Denied, "the server's file system is read-only"), (fault.Problem, fault.Message));
        await using var store = await OpenAsync(disk.Path, StoreAccess.Read);
        Assert.Single(await store.ListAsync(StorePath.Top, None), entry => entry.Name == "lost+found");
    }

    [Fact]
    public async Task A_disk_that_turns_read_only_is_named()
    {
        await using var disk = await SmallFileSystem.CreateAsync(2 << 20);
        await using var store = await OpenAsync(disk.Path);
        await SystemTool.RunAsync("mount", "-o", "remount,ro", disk.Path);
        var fault = await Assert.ThrowsAsync<StoreFault>(() => store.CreateFolderAsync(StorePath.Of("folder"), None));
        Assert.Equal((StoreProblem.Denied, "the server's file system is read-only"), (fault.Problem, fault.Found));
    }

    [Fact]
    public async Task A_file_beyond_the_accounts_limit_ends_in_a_fault()
    {
        // RLIMIT_FSIZE kills the server's process at the exact byte: the session drops without a word. Where the write before it was cut short there, its failure is told in time, or not.
        using var folder = new TempFolder();
        await using var store = await SftpStore.OpenChildAsync("prlimit", ["--fsize=1000000", "/usr/lib/openssh/sftp-server"], folder.Path, StoreAccess.Write, IfMissing.Refuse, None);
        var fault = await Assert.ThrowsAnyAsync<Fault>(() => Eventually.EndsAsync(StoreBytes.WriteAsync(store, StorePath.Of("file"), new byte[2_000_000])));
        Assert.True(fault is TransportFault or StoreFault { Problem: StoreProblem.Other or StoreProblem.Full }, $"{fault}");
    }
}
