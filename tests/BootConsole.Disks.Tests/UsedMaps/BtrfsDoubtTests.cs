// btrfs file systems that must be saved whole.
using BootConsole.Core;
using BootConsole.TestKit;

namespace BootConsole.Disks.Tests.UsedMaps;

public sealed class BtrfsDoubtTests : IDisposable
{
    private const long PartitionBytes = 160 << 20;
    private const int Superblock = 64 << 10;
    private readonly PartitionImage _image = new(PartitionBytes);
    private readonly string _dump;

    public BtrfsDoubtTests()
    {
        _image.Run("mkfs.btrfs", "-q", "-f");
        _dump = _image.Run("btrfs", "inspect-internal", "dump-tree", "-t", "dev");
    }

    public void Dispose() => _image.Dispose();

    [Theory]
    [InlineData("single")]
    [InlineData("raid1")]
    public void A_file_system_on_two_devices_is_saved_whole(string profile)
    {
        using var second = new PartitionImage(PartitionBytes);
        using (var device = second.Attach()) _image.Run("mkfs.btrfs", "-q", "-f", "-d", profile, "-m", "raid1", device.Path);
        _image.Map().AssertWhole(_image, "has 2 devices, of which each holds only a part");
        second.Map().AssertWhole(second, "has 2 devices");
    }

    [Theory]
    [InlineData(0xBD, 0x10, "features that are not known")]
    [InlineData(0xBD, 0x20, "features that are not known")]
    [InlineData(0xB4, 0x13, "features that are not known")]
    [InlineData(0x3C, 0x01, "features that are not known")]
    [InlineData(0x30, 0x01, "no btrfs superblock")]
    [InlineData(0x40, 0x00, "no btrfs superblock")]
    [InlineData(0x90, 0x01, "impossible sizes")]
    [InlineData(0xD7, 0x01, "larger than its partition")]
    [InlineData(0xD8, 0xFF, "impossible numbers")]
    [InlineData(0xDF, 0x01, "impossible sizes")]
    [InlineData(0x70, 0x55, "cannot read the device tree")]
    public void A_superblock_in_doubt_is_enough_to_save_the_whole(int offset, byte value, string reason)
    {
        _image.Write(Superblock + offset, [value]);
        _image.Map(programs: new ScriptedPrograms().Finding("btrfs")).AssertWhole(_image, reason);
    }

    // The second copy of a damaged block is as good; where both are damaged, nobody knows.
    [Fact]
    public void A_damaged_device_tree_is_noticed()
    {
        var before = _image.Map();
        var copies = Copies(_image, long.Parse(_dump.Split('\n').First(line => line.StartsWith("leaf ", StringComparison.Ordinal)).Split(' ')[1], System.Globalization.CultureInfo.InvariantCulture));
        Assert.Equal(2, copies.Count);
        _image.Write(copies[0] + 200, [0xFF, 0xFF]);
        Assert.Equal(before.Used.Ranges, _image.Map().Used.Ranges);
        _image.Write(copies[1] + 200, [0xFF, 0xFF]);
        _image.Map().AssertWhole(_image, "btrfs");
    }

    [Fact]
    public void A_dump_is_believed_only_when_it_is_whole()
    {
        Assert.Equal("btrfs chunks", Map(_dump).Method);
        var lines = _dump.TrimEnd().Split('\n');
        for (var i = 0; i < lines.Length; i++)
        {
            if (!lines[i].Contains("DEV_EXTENT", StringComparison.Ordinal) && !lines[i].Contains(" length ", StringComparison.Ordinal) && !lines[i].StartsWith("device tree", StringComparison.Ordinal)) continue;
            AssertDoubted(string.Join('\n', lines.Where((_, at) => at != i)));
            AssertDoubted(string.Join('\n', lines[..i]));
            AssertDoubted(string.Join('\n', [.. lines[..(i + 1)], .. lines[i..]]));
        }

        AssertDoubted(_dump.Replace("(1 DEV_EXTENT", "(2 DEV_EXTENT", StringComparison.Ordinal));
        AssertDoubted(_dump.Replace("length 8388608", "length 8388609", StringComparison.Ordinal));
        AssertDoubted(_dump.Replace("length 8388608", "length -8388608", StringComparison.Ordinal));
        AssertDoubted(_dump.Replace("length 8388608", "length 9223372036854775807", StringComparison.Ordinal));
        AssertDoubted(_dump.Replace("DEV_EXTENT 13631488", "DEV_EXTENT 13631489", StringComparison.Ordinal));
        AssertDoubted(_dump.Replace("DEV_EXTENT 13631488", "DEV_EXTENT 63631488", StringComparison.Ordinal));
        AssertDoubted(_dump.Replace("(1 DEV_EXTENT", "1 DEV_EXTENT", StringComparison.Ordinal));
        AssertDoubted("");
        AssertDoubted(new string('x', 100_000));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(139)]
    public void A_good_dump_of_a_failed_program_is_not_believed(int exitCode) =>
        _image.Map(programs: new ScriptedPrograms().Answer("btrfs", exitCode, _dump)).AssertWhole(_image, "cannot read the device tree");

    [Fact]
    public void A_missing_program_means_the_whole_partition() =>
        _image.Map(programs: new ScriptedPrograms().Answer("btrfs", ScriptedPrograms.Missing)).AssertWhole(_image, "The program btrfs is missing");

    [Fact]
    public void A_superblock_of_noise_gives_a_map_or_a_reason()
    {
        var random = new Random(5);
        var valid = _image.Read(Superblock, 4096);
        var bytes = new byte[PartitionBytes];
        using var disk = new MemoryDisk(bytes);
        var programs = new ScriptedPrograms().Finding("btrfs").WithLoop(PartitionBytes).Answer("btrfs", 0, _dump);
        for (var round = 0; round < 300; round++)
        {
            valid.CopyTo(bytes, Superblock);
            for (var changes = random.Next(1, 4); changes > 0; changes--) bytes[Superblock + random.Next(0x20, 0x110)] = (byte)random.Next(256);
            var map = disk.Map(new ByteRange(0, PartitionBytes), programs: programs);
            Assert.True(map.Method == "whole" ? map.Used.TotalBytes == PartitionBytes : map.Used.Ranges[^1].End <= PartitionBytes, $"round {round}");
        }
    }

    private static List<long> Copies(PartitionImage image, long logical) =>
        [.. image.Run("btrfs-map-logical", "-l", logical.ToString(System.Globalization.CultureInfo.InvariantCulture)).Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => line.Split(' ')).Where(words => words.Contains("physical"))
            .Select(words => long.Parse(words[Array.IndexOf(words, "physical") + 1], System.Globalization.CultureInfo.InvariantCulture))];

    private PartitionMap Map(string dump) => _image.Map(programs: new ScriptedPrograms().Answer("btrfs", 0, dump));

    private void AssertDoubted(string dump) => Map(dump).AssertWhole(_image, "btrfs");
}
