// Media that are found by their label and mounted only for as long as a store on them is open.
using BootConsole.Core;
using BootConsole.Host;
using BootConsole.TestKit;

namespace BootConsole.Stores.Tests.Mounts;

public sealed class LabelledMediumTests
{
    private static readonly CancellationToken None = CancellationToken.None;

    public static TheoryData<string, string[]> Makers => new()
    {
        { "ext4", ["mkfs.ext4", "-q", "-F", "-L"] },
        { "xfs", ["mkfs.xfs", "-q", "-L"] },
        { "btrfs", ["mkfs.btrfs", "-q", "-L"] },
        { "fuseblk", ["mkntfs", "-Q", "-F", "-L"] },
    };

    [Theory]
    [MemberData(nameof(Makers))]
    public async Task A_medium_is_mounted_while_its_store_is_open_and_no_longer(string type, string[] maker)
    {
        using var medium = new LabelledMedium(maker, bytes: 320 << 20);
        await using (var store = await Opener(medium.Label).OpenForWritingAsync(IfMissing.Refuse, None))
        {
            Assert.Equal(($"label:{medium.Label}", type), (store.Description, Mount(medium).Type));
            Assert.Equal(Mount(medium).Folder, store.LocalFolder);
            Assert.All((string[])["rw", "nosuid", "nodev", "noexec"], option => Assert.Contains(option, Mount(medium).Options));
            await store.ReplaceAsync(StorePath.Of("file"), new byte[] { 7 }, None);
        }

        Assert.False(medium.IsMounted);
        await using (var store = await Opener(medium.Label).OpenForReadingAsync(None))
        {
            Assert.Contains("ro", Mount(medium).Options);
            Assert.Equal([7], await Contract.StoreBytes.ReadAllAsync(store, StorePath.Of("file")));
        }

        Assert.False(medium.IsMounted);
    }

    [Theory]
    [InlineData("My disk")]
    [InlineData("a'b$c\"d")]
    [InlineData("größe")]
    public async Task Odd_labels_are_found(string label)
    {
        using var medium = LabelledMedium.Ext4(label);
        await using (await Opener(label).OpenForReadingAsync(None)) Assert.True(medium.IsMounted);
    }

    [Fact]
    public async Task A_label_that_no_medium_has_is_missing()
    {
        var fault = await Assert.ThrowsAsync<StoreFault>(() => Opener("NOBODY-HAS-THIS").OpenForReadingAsync(None));
        Assert.Equal((StoreProblem.Missing, "label:NOBODY-HAS-THIS"), (fault.Problem, fault.Which));
    }

    [Fact]
    public async Task Two_media_with_one_label_are_refused_and_neither_is_mounted()
    {
        using var one = LabelledMedium.Ext4();
        using var other = LabelledMedium.Ext4(one.Label);
        var fault = await Assert.ThrowsAsync<RefusedFault>(() => Opener(one.Label).OpenForDeletingAsync(IfMissing.Refuse, None));
        Assert.Contains(one.Device, fault.Found, StringComparison.Ordinal);
        Assert.Contains(other.Device, fault.Found, StringComparison.Ordinal);
        Assert.False(one.IsMounted || other.IsMounted);
    }

    [Fact]
    public async Task A_write_protected_medium_can_be_read_and_refuses_to_be_written()
    {
        using var medium = LabelledMedium.Ext4(isReadOnly: true);
        await using (await Opener(medium.Label).OpenForReadingAsync(None)) Assert.True(medium.IsMounted);
        var fault = await Assert.ThrowsAsync<StoreFault>(() => Opener(medium.Label).OpenForWritingAsync(IfMissing.Refuse, None));
        Assert.Equal(StoreProblem.Denied, fault.Problem);
        Assert.False(medium.IsMounted);
    }

    public static TheoryData<string[], string, string[], string> NotClosed => new()
    {
        { ["mkfs.ext4", "-q", "-F", "-L"], "dumpe2fs", ["-h"], @"Filesystem features:.*needs_recovery[\s\S]*First orphan inode: +\d" },
        { ["mkfs.ext4", "-q", "-F", "-O", "orphan_file", "-L"], "dumpe2fs", ["-h"], "Filesystem features:.*orphan_present.*needs_recovery|Filesystem features:.*needs_recovery.*orphan_present" },
        { ["mkfs.ext3", "-q", "-F", "-L"], "dumpe2fs", ["-h"], "Filesystem features:.*needs_recovery" },
        { ["mkfs.xfs", "-q", "-L"], "xfs_logprint", ["-t"], "state: <DIRTY>" },
        { ["mkfs.btrfs", "-q", "-L"], "btrfs", ["inspect-internal", "dump-super"], @"(?m)^log_root\s+[1-9]" },
    };

    [Theory]
    [MemberData(nameof(NotClosed))]
    public async Task A_look_at_a_medium_that_was_not_closed_changes_nothing_on_it(string[] maker, string program, string[] arguments, string sign)
    {
        using var folder = new TempFolder();
        var (image, label) = (folder["unplugged"], PulledOut(maker, folder));
        var before = await HashAsync(image);
        using (var device = LoopDisk.Attach(image))
        {
            Assert.Matches(sign, await SystemTool.RunAsync(program, [.. arguments, device.Path]));
            await using (var store = await Opener(label).OpenForReadingAsync(None)) await store.ListAsync(StorePath.Top, None);
            Assert.Equal("0", SystemTool.Run("blockdev", "--getro", device.Path).Trim());
        }

        Assert.Equal(before, await HashAsync(image));
        using (LoopDisk.Attach(image))
        await using (var store = await Opener(label).OpenForWritingAsync(IfMissing.Refuse, None)) Assert.Equal("new"u8.ToArray(), await Contract.StoreBytes.ReadAllAsync(store, StorePath.Of("new")));
    }

    [Fact]
    public async Task What_goes_wrong_on_a_medium_is_told_by_its_label_and_not_by_where_it_is_mounted()
    {
        using var medium = LabelledMedium.Ext4();
        await using var store = await Opener(medium.Label).OpenForWritingAsync(IfMissing.Refuse, None);
        var fault = await Assert.ThrowsAsync<StoreFault>(() => store.OpenReadAsync(StorePath.Of("images/nothing"), None));
        Assert.Equal($"label:{medium.Label}/images", fault.Which);
    }

    [Fact]
    public async Task A_label_on_something_that_is_no_file_system_is_refused()
    {
        using var medium = new LabelledMedium(["mkswap", "-L"]);
        Assert.Equal("swap", (await Assert.ThrowsAsync<RefusedFault>(() => Opener(medium.Label).OpenForReadingAsync(None))).Found);
    }

    [Fact]
    public async Task What_a_killed_process_left_mounted_is_unmounted_before_the_next_mount()
    {
        using var left = LabelledMedium.Ext4();
        using var medium = LabelledMedium.Ext4();
        var folder = "/run/bootconsole/mounts/" + System.Security.Cryptography.RandomNumberGenerator.GetHexString(12);
        await using (await Opener(medium.Label).OpenForReadingAsync(None))
        {
            // As a process leaves it that was killed: its lock is gone, file and mount are not.
            Directory.CreateDirectory(folder);
            await File.WriteAllTextAsync(folder + ".lock", "");
            SystemTool.Run("mount", left.Device, folder);
        }

        Assert.True(left.IsMounted);
        await using (await Opener(medium.Label).OpenForReadingAsync(None)) Assert.Equal((false, true), (left.IsMounted, medium.IsMounted));
        Assert.False(Directory.Exists(folder));
        Assert.Empty(Directory.GetFiles("/run/bootconsole/mounts", Path.GetFileName(folder) + "*"));
    }

    // What is on a medium at the moment it is pulled out: a file is flushed, and another one was deleted while it is open.
    private static string PulledOut(string[] maker, TempFolder folder)
    {
        using var medium = new LabelledMedium(maker, bytes: 320 << 20);
        var top = Directory.CreateDirectory(folder["mounted"]).FullName;
        SystemTool.Run("mount", medium.Device, top);
        try
        {
            using var deleted = new FileStream(Path.Combine(top, "deleted"), FileMode.CreateNew);
            deleted.Write(new byte[3 << 20]);
            File.Delete(deleted.Name);
            // Through the journal to where it belongs, so that the superblock knows the deleted file.
            SystemTool.Run("fsfreeze", "--freeze", top);
            SystemTool.Run("fsfreeze", "--unfreeze", top);
            File.WriteAllText(Path.Combine(top, "new"), "new");
            SystemTool.Run("sync", Path.Combine(top, "new"));
            SystemTool.Run("dd", $"if={medium.Device}", $"of={folder["unplugged"]}", "bs=1M", "iflag=direct", "conv=sparse", "status=none");
        }
        finally
        {
            SystemTool.Run("umount", top);
        }

        return medium.Label;
    }

    private static async Task<string> HashAsync(string file)
    {
        await using var stream = File.OpenRead(file);
        return Convert.ToHexString(await System.Security.Cryptography.SHA256.HashDataAsync(stream));
    }

    private static StoreOpener Opener(string label) => new(new LabelAddress(label), new SshSettings(), new ProgramRunner());

    private static (string Folder, string Type, string[] Options) Mount(LabelledMedium medium) =>
        File.ReadLines("/proc/self/mounts").Select(line => line.Split(' ')).Where(parts => parts[0] == medium.Device).Select(parts => (parts[1], parts[2], parts[3].Split(','))).Single();
}
