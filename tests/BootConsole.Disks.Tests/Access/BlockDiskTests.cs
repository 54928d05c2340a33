// Reading real block devices.
using BootConsole.Core;
using BootConsole.Disks.Access;
using BootConsole.Disks.Finding;
using BootConsole.Host;
using BootConsole.TestKit;

namespace BootConsole.Disks.Tests.Access;

public sealed class BlockDiskTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(512)]
    [InlineData(4096)]
    public async Task A_device_reads_the_bytes_of_its_medium_at_any_alignment(int sectorBytes)
    {
        var bytes = new byte[3 << 20];
        new Random(sectorBytes).NextBytes(bytes);
        File.WriteAllBytes(_folder["disk.img"], bytes);
        using var loop = LoopDisk.Attach(_folder["disk.img"], sectorBytes);
        using var disk = OpenDisk.ForReading(await Devices.DescribeAsync(loop));
        Assert.Equal(sectorBytes, disk.Info.SectorBytes);
        Assert.Equal(bytes.Length, disk.Info.Length);
        using var memory = new AlignedMemory(bytes.Length);
        disk.Read(0, memory.GetSpan());
        Assert.True(memory.GetSpan().SequenceEqual(bytes));
        foreach (var (offset, count) in new[] { (1, 1), (511, 2), (4097, 1_500_000), (bytes.Length - 3, 3), (sectorBytes, sectorBytes) })
        {
            var buffer = new byte[count];
            disk.Read(offset, buffer);
            Assert.Equal(bytes[offset..(offset + count)], buffer);
        }
    }

    [Fact]
    public async Task A_device_whose_length_is_no_multiple_of_4096_reads_to_its_last_byte()
    {
        var bytes = new byte[(1 << 20) + 512];
        new Random(1).NextBytes(bytes);
        File.WriteAllBytes(_folder["disk.img"], bytes);
        using var loop = LoopDisk.Attach(_folder["disk.img"]);
        using var disk = OpenDisk.ForReading(await Devices.DescribeAsync(loop));
        var buffer = new byte[100];
        disk.Read(bytes.Length - 100, buffer);
        Assert.Equal(bytes[^100..], buffer);
        Assert.Throws<DiskFault>(() => disk.Read(bytes.Length - 99, buffer));
    }

    [Fact]
    public async Task Another_disk_at_the_same_path_is_refused()
    {
        using var first = LoopDisk.Create(_folder["first.img"], 1 << 20);
        var chosen = await Devices.DescribeAsync(first);
        Assert.NotNull(chosen.Sequence);
        first.Detach();
        PartitionedImage.Sparse(_folder["second.img"], 1 << 20);
        SystemTool.Run("losetup", first.Path, _folder["second.img"]);
        try
        {
            Assert.Contains("sequence", Assert.Throws<RefusedFault>(() => OpenDisk.ForReading(chosen)).Expected, StringComparison.Ordinal);
            Assert.Throws<RefusedFault>(() => OpenDisk.ForWriting(chosen));
        }
        finally
        {
            SystemTool.Run("losetup", "--detach", first.Path);
        }
    }

    [Fact]
    public async Task A_device_that_lost_its_medium_is_gone_not_worn()
    {
        using var loop = LoopDisk.Create(_folder["disk.img"], 1 << 20);
        using var disk = OpenDisk.ForReading(await Devices.DescribeAsync(loop));
        disk.Read(0, new byte[4096]);
        using (var stream = new FileStream(loop.BackingFile, FileMode.Open)) stream.SetLength(0);
        loop.TakeNewLength();
        var fault = Assert.Throws<DiskFault>(() => disk.Read(4096, new byte[4096]));
        Assert.Equal(DiskProblem.Gone, fault.Problem);
    }

    [Fact]
    public async Task An_unreadable_sector_of_a_device_is_a_fault_that_says_so()
    {
        File.WriteAllBytes(_folder["disk.img"], new byte[1 << 20]);
        using var faulty = FaultyDisk.WithBadRanges(_folder["disk.img"], new ByteRange(65536, 4096));
        using var loop = LoopDisk.Attach(faulty.Path, isReadOnly: true);
        using var disk = OpenDisk.ForReading(await Devices.DescribeAsync(loop));
        var fault = Assert.Throws<DiskFault>(() => disk.Read(0, new byte[131072]));
        Assert.Equal(DiskProblem.BadSectors, fault.Problem);
        Assert.NotNull(fault.Range);
        disk.Read(131072, new byte[4096]);
    }

    [Theory]
    [InlineData(Errno.EIO, DiskProblem.BadSectors)]
    [InlineData(Errno.ENODATA, DiskProblem.BadSectors)]
    [InlineData(Errno.EILSEQ, DiskProblem.BadSectors)]
    [InlineData(Errno.ENODEV, DiskProblem.Gone)]
    [InlineData(Errno.ENXIO, DiskProblem.Gone)]
    [InlineData(Errno.ENOMEDIUM, DiskProblem.Gone)]
    [InlineData(Errno.EINVAL, DiskProblem.Other)]
    public void Error_numbers_are_told_apart(Errno error, DiskProblem expected)
    {
        var fault = DiskErrors.Fault(new SystemCallException("read", "/dev/sda", error), "read", new ByteRange(0, 512), isGone: false);
        Assert.Equal(expected, fault.Problem);
        Assert.Equal(new ByteRange(0, 512), fault.Range);
    }

    [Fact]
    public void An_unplugged_disk_that_answers_EIO_is_gone()
    {
        var fault = DiskErrors.Fault(new SystemCallException("read", "/dev/sda", Errno.EIO), "read", range: null, isGone: true);
        Assert.Equal(DiskProblem.Gone, fault.Problem);
    }
}
