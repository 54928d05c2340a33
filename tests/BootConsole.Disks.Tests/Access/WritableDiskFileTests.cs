// Writing disk-image files.
using BootConsole.Core;
using BootConsole.Disks.Access;
using BootConsole.TestKit;

namespace BootConsole.Disks.Tests.Access;

public sealed class WritableDiskFileTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_new_image_file_is_sparse_private_and_never_made_over_another()
    {
        using (var disk = WritableDiskFile.Create(_folder["disk.img"], 1L << 40, 4096))
        {
            Assert.Equal(1L << 40, disk.Info.Length);
            Assert.Equal(4096, disk.Info.SectorBytes);
            disk.Write((1L << 40) - 4096, new byte[4096]);
            disk.Flush();
        }

        Assert.Equal("600", SystemTool.Run("stat", "--format=%a", _folder["disk.img"]).Trim());
        Assert.InRange(long.Parse(SystemTool.Run("stat", "--format=%b", _folder["disk.img"]), System.Globalization.CultureInfo.InvariantCulture), 0, 1000);
        Assert.Throws<RefusedFault>(() => WritableDiskFile.Create(_folder["disk.img"], 1 << 20, 512));
        Assert.Equal(1L << 40, new FileInfo(_folder["disk.img"]).Length);
    }

    [Fact]
    public void Nothing_is_left_when_a_new_file_cannot_have_its_length()
    {
        Assert.Throws<RefusedFault>(() => WritableDiskFile.Create(_folder["disk.img"], 1000, 512));
        Assert.ThrowsAny<Fault>(() => WritableDiskFile.Create(_folder["huge.img"], 1L << 62, 512));
        Assert.Empty(Directory.EnumerateFileSystemEntries(_folder.Path));
    }

    [Fact]
    public void Zeroing_punches_holes_and_the_rest_stays()
    {
        var expected = new byte[4 << 20];
        new Random(4).NextBytes(expected);
        File.WriteAllBytes(_folder["disk.img"], expected);
        using (var disk = OpenDisk.ForWriting(ImageFileProbe.Describe(_folder["disk.img"])))
        {
            disk.Zero(ByteRange.FromEnds(512, 3 << 20));
            disk.Write(1 << 20, expected.AsSpan(0, 1536));
            Assert.True(disk.TryDiscard(new ByteRange(3 << 20, 4096)));
            Assert.False(disk.TryRereadPartitions());
            disk.Flush();
        }

        expected.AsSpan(512, (3 << 20) - 512).Clear();
        expected.AsSpan(0, 1536).CopyTo(expected.AsSpan(1 << 20));
        expected.AsSpan(512, 1024).CopyTo(expected.AsSpan((1 << 20) + 512));
        expected.AsSpan(3 << 20, 4096).Clear();
        var found = File.ReadAllBytes(_folder["disk.img"]);
        Assert.Equal(expected.AsSpan(0, 512), found.AsSpan(0, 512));
        Assert.True(found.AsSpan(512, (1 << 20) - 512).IndexOfAnyExcept((byte)0) < 0);
        Assert.True(expected.AsSpan(3 << 20).SequenceEqual(found.AsSpan(3 << 20)));
        using var image = OpenDisk.ForReading(ImageFileProbe.Describe(_folder["disk.img"]));
        Assert.True(image.KnownZeros(new ByteRange(0, 4 << 20)).TotalBytes > 2 << 20);
    }

    [Fact]
    public void Two_writers_of_one_file_are_one_too_many()
    {
        File.WriteAllBytes(_folder["disk.img"], new byte[1 << 20]);
        var info = ImageFileProbe.Describe(_folder["disk.img"]);
        using var first = OpenDisk.ForWriting(info);
        Assert.Contains("another program", Assert.Throws<RefusedFault>(() => OpenDisk.ForWriting(info)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_full_file_system_is_a_fault_that_says_what_to_do()
    {
        using var small = LoopDisk.Create(_folder["small.img"], 8 << 20);
        SystemTool.Run("mkfs.ext4", "-q", "-O", "^has_journal", small.Path);
        using var mount = MountedFolder.Mount(small.Path, _folder["small"]);
        using var disk = WritableDiskFile.Create(Path.Combine(mount.Path, "disk.img"), 64 << 20, 512);
        var fault = Assert.Throws<DiskFault>(() =>
        {
            for (var offset = 0; offset < 64 << 20; offset += 1 << 20) disk.Write(offset, new byte[1 << 20]);
        });
        Assert.Contains("Make space", fault.Remedy, StringComparison.Ordinal);
        Assert.NotNull(fault.Range);
    }

    [Fact]
    public void A_program_file_that_runs_is_refused()
    {
        File.Copy("/bin/sleep", _folder["sleep"]);
        using (var stream = new FileStream(_folder["sleep"], FileMode.Open)) stream.SetLength((stream.Length + 511) / 512 * 512);
        var info = ImageFileProbe.Describe(_folder["sleep"]);
        using var running = System.Diagnostics.Process.Start(_folder["sleep"], "60");
        try
        {
            Assert.Throws<RefusedFault>(() => OpenDisk.ForWriting(info));
        }
        finally
        {
            running.Kill();
            running.WaitForExit();
        }
    }
}
