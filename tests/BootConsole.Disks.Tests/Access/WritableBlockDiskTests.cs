// Writing real block devices, and refusing to.
using BootConsole.Core;
using BootConsole.Disks.Access;
using BootConsole.Host;
using BootConsole.TestKit;

namespace BootConsole.Disks.Tests.Access;

public sealed class WritableBlockDiskTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(512)]
    [InlineData(4096)]
    public async Task What_was_written_zeroed_and_flushed_is_on_the_medium(int sectorBytes)
    {
        var expected = new byte[4 << 20];
        new Random(sectorBytes).NextBytes(expected);
        File.WriteAllBytes(_folder["disk.img"], expected);
        using var loop = LoopDisk.Attach(_folder["disk.img"], sectorBytes);
        var info = await Devices.DescribeAsync(loop);
        using (var disk = OpenDisk.ForWriting(info))
        {
            Write(disk, expected, sectorBytes, 3 * sectorBytes);
            Write(disk, expected, (1 << 20) + sectorBytes, 2 << 20);
            disk.Zero(new ByteRange(1 << 20, sectorBytes));
            expected.AsSpan(1 << 20, sectorBytes).Clear();
            disk.Zero(new ByteRange(3 << 20, 1 << 20));
            expected.AsSpan(3 << 20).Clear();
            disk.Zero(default);
            disk.Flush();
            var own = new byte[expected.Length];
            disk.Read(0, own);
            Assert.True(expected.AsSpan().SequenceEqual(own));
        }

        using var fresh = OpenDisk.ForReading(info);
        var copy = new byte[expected.Length];
        fresh.Read(0, copy);
        Assert.True(expected.AsSpan().SequenceEqual(copy));
        Assert.True(expected.AsSpan().SequenceEqual(File.ReadAllBytes(loop.BackingFile)));
    }

    [Fact]
    public async Task A_discarded_range_costs_no_space()
    {
        File.WriteAllBytes(_folder["disk.img"], Enumerable.Repeat((byte)7, 8 << 20).ToArray());
        using var loop = LoopDisk.Attach(_folder["disk.img"]);
        using (var disk = OpenDisk.ForWriting(await Devices.DescribeAsync(loop)))
        {
            Assert.True(disk.TryDiscard(new ByteRange(1 << 20, 6 << 20)));
            disk.Flush();
        }

        using var image = OpenDisk.ForReading(ImageFileProbe.Describe(loop.BackingFile));
        Assert.True(image.KnownZeros(new ByteRange(0, 8 << 20)).Contains(new ByteRange(1 << 20, 6 << 20)));
    }

    [Fact]
    public async Task Ranges_that_are_not_whole_sectors_are_the_callers_mistake()
    {
        using var loop = LoopDisk.Create(_folder["disk.img"], 1 << 20, sectorBytes: 4096);
        using var disk = OpenDisk.ForWriting(await Devices.DescribeAsync(loop));
        Assert.ThrowsAny<ArgumentException>(() => disk.Write(512, new byte[4096]));
        Assert.ThrowsAny<ArgumentException>(() => disk.Write(0, new byte[512]));
        Assert.ThrowsAny<ArgumentException>(() => disk.Zero(new ByteRange(0, 100)));
        Assert.ThrowsAny<ArgumentException>(() => disk.TryDiscard(new ByteRange(0, 2 << 20)));
        Assert.Throws<DiskFault>(() => disk.Write(1 << 20, new byte[4096]));
    }

    [Fact]
    public async Task A_mounted_device_is_refused_and_its_mount_point_named()
    {
        using var loop = LoopDisk.Create(_folder["disk.img"], 16 << 20);
        SystemTool.Run("mkfs.ext4", "-q", loop.Path);
        var info = await Devices.DescribeAsync(loop);
        using var mount = MountedFolder.Mount(loop.Path, _folder["a folder"]);
        var fault = Assert.Throws<RefusedFault>(() => OpenDisk.ForWriting(info));
        Assert.Equal($"{loop.Path} is mounted at {mount.Path}", fault.Found);
    }

    [Fact]
    public async Task A_device_that_another_program_holds_is_refused()
    {
        using var loop = LoopDisk.Create(_folder["disk.img"], 1 << 20);
        var info = await Devices.DescribeAsync(loop);
        using var holder = OpenDisk.ForWriting(info);
        var fault = Assert.Throws<RefusedFault>(() => OpenDisk.ForWriting(info));
        Assert.Equal("another program has it open", fault.Found);
    }

    [Fact]
    public async Task Swap_in_use_is_refused_and_named()
    {
        using var loop = LoopDisk.Create(_folder["disk.img"], 16 << 20);
        SystemTool.Run("mkswap", loop.Path);
        var info = await Devices.DescribeAsync(loop);
        SystemTool.Run("swapon", loop.Path);
        try
        {
            var fault = Assert.Throws<RefusedFault>(() => OpenDisk.ForWriting(info));
            Assert.Equal($"{loop.Path} is in use as swap", fault.Found);
        }
        finally
        {
            SystemTool.Run("swapoff", loop.Path);
        }
    }

    [Fact]
    public async Task A_read_only_device_is_refused()
    {
        PartitionedImage.Sparse(_folder["disk.img"], 1 << 20);
        using var loop = LoopDisk.Attach(_folder["disk.img"], isReadOnly: true);
        var info = await Devices.DescribeAsync(loop);
        Assert.Throws<RefusedFault>(() => OpenDisk.ForWriting(info));
        using var disk = OpenDisk.ForReading(info);
        disk.Read(0, new byte[512]);
    }

    [Fact]
    public async Task A_device_made_read_only_later_is_refused_too()
    {
        using var loop = LoopDisk.Create(_folder["disk.img"], 1 << 20);
        var info = await Devices.DescribeAsync(loop);
        SystemTool.Run("blockdev", "--setro", loop.Path);
        try
        {
            Assert.Equal("the disk is read-only", Assert.Throws<RefusedFault>(() => OpenDisk.ForWriting(info)).Message);
        }
        finally
        {
            // The kernel keeps the flag when the loop device is detached, for whoever has it next.
            SystemTool.Run("blockdev", "--setrw", loop.Path);
        }
    }

    [Fact]
    public async Task Asking_for_the_partitions_anew_may_fail_without_harm()
    {
        using var loop = LoopDisk.Create(_folder["disk.img"], 1 << 20);
        using var disk = OpenDisk.ForWriting(await Devices.DescribeAsync(loop));
        Assert.False(disk.TryRereadPartitions());
    }

    [Fact]
    public async Task A_write_the_device_cannot_keep_is_a_fault_with_its_range()
    {
        // The backing file lies on a file system too small for it.
        using var small = LoopDisk.Create(_folder["small.img"], 8 << 20);
        SystemTool.Run("mkfs.ext4", "-q", "-O", "^has_journal", small.Path);
        using var mount = MountedFolder.Mount(small.Path, _folder["small"]);
        using var loop = LoopDisk.Create(Path.Combine(mount.Path, "disk.img"), 64 << 20);
        var info = await Devices.DescribeAsync(loop);
        using var disk = OpenDisk.ForWriting(info);
        using var memory = new AlignedMemory(1 << 20);
        new Random(1).NextBytes(memory.GetSpan());
        var fault = Assert.Throws<DiskFault>(() =>
        {
            for (var offset = 0; offset < 64 << 20; offset += 1 << 20) disk.Write(offset, memory.GetSpan());
            disk.Flush();
        });
        Assert.Equal(loop.Path, fault.Which);
    }

    private static void Write(IWritableDisk disk, byte[] expected, int offset, int count)
    {
        var bytes = new byte[count];
        new Random(offset).NextBytes(bytes);
        disk.Write(offset, bytes);
        bytes.CopyTo(expected, offset);
    }
}
