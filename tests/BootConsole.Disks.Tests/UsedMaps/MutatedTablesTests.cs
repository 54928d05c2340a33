// Damaged and hostile tables and listings: a map or a reason, never a crash, a hang or much memory.
using System.Globalization;
using BootConsole.Core;
using BootConsole.Disks.UsedMaps;
using BootConsole.TestKit;

namespace BootConsole.Disks.Tests.UsedMaps;

public sealed class MutatedTablesTests
{
    private const long MostBytes = 64 << 20;

    /// <summary>Runs per kind; <c>BOOTCONSOLE_FUZZ_RUNS</c> asks for more.</summary>
    private static int Runs => int.Parse(Environment.GetEnvironmentVariable("BOOTCONSOLE_FUZZ_RUNS") ?? "20000", CultureInfo.InvariantCulture);

    [Theory]
    [InlineData("mkfs.fat -F 12 -s 1", 1 << 20)]
    [InlineData("mkfs.fat -F 16 -s 1", 5 << 19)]
    [InlineData("mkfs.fat -F 32 -s 1", 5 << 19)]
    [InlineData("mkfs.exfat -c 512 -b 4096", 2 << 20)]
    [InlineData("mkfs.ntfs -q -F -f -c 512", 2 << 20)]
    public async Task Mutated_tables_give_a_map_or_a_reason(string maker, int partitionBytes)
    {
        var words = maker.Split(' ');
        using var image = new PartitionImage(partitionBytes);
        image.Run(words[0], words[1..]);
        var bytes = image.Read(0, partitionBytes);
        using var disk = new MemoryDisk(bytes);
        IFileSystemMapper mapper = words[0] switch { "mkfs.fat" => new FatMapper(), "mkfs.exfat" => new ExfatMapper(), _ => new NtfsMapper() };
        var programs = new ScriptedPrograms().WithLoop(partitionBytes).Answer("ntfs-3g.probe", 0);
        var whole = new ByteRange(0, partitionBytes);
        var target = new MapTarget(
            disk,
            whole,
            new PartitionReader(disk, whole, new JobProgress(), CancellationToken.None),
            new MapTools(programs, TimeSpan.FromMinutes(1), new JobProgress()),
            Mapping.WithoutPartclone,
            new JobProgress());
        Assert.NotEmpty((await mapper.MapAsync(target, CancellationToken.None)).Used.Ranges);

        // Changes hit bytes that mean something: where nothing is, hardly anything is read. Of NTFS the boot sector and the file records, not the tables of letters.
        var records = words[0] == "mkfs.ntfs" ? bytes[48] * 512 : 0;
        var telling = Enumerable.Range(0, partitionBytes)
            .Where(at => at < 512 || (bytes[at] is not (0 or 0xFF) && (records == 0 || (at >= records && at < records + (64 << 10)))))
            .ToArray();
        var random = new Random(11);
        int maps = 0, reasons = 0;
        for (var run = 0; run < Runs; run++)
        {
            var undo = Mutate(bytes, telling, random);
            var before = GC.GetAllocatedBytesForCurrentThread();
            var used = await TryMapAsync(mapper, target);
            Assert.True(GC.GetAllocatedBytesForCurrentThread() - before < MostBytes, $"run {run}");
            if (used is null) reasons++;
            else maps++;
            Assert.True(used is null || RangeSet.Of(whole).Contains(new ByteRange(0, used.Ranges[^1].End)), $"run {run}");
            foreach (var (at, value) in undo) bytes[at] = value;
            programs.Calls.Clear();
        }

        Assert.True(maps > Runs / 100 && reasons > Runs / 100, $"{maps} maps, {reasons} reasons");
    }

    [Fact]
    public void Mutated_domain_logs_give_a_map_or_a_reason() =>
        MutateText("# Domain logfile\n# current_pos  current_status\n0x00800000     ?\n0x00000000  0x00100000  +\n0x00100000  0x00300000  ?\n0x00400000  0x00400000  +\n", text =>
        {
            var used = new UsedRangeBuilder(16);
            var log = new DomainLog(9 << 20, used);
            Feed(text, new LineSplitter("partclone", 512, log.Take));
            log.Finish(8 << 20);
            return used.Build();
        });

    [Fact]
    public void Mutated_listings_of_dumpe2fs_give_a_map_or_a_reason() =>
        MutateText(
            "Free blocks: 6200\nGroup 0: (Blocks 1-8192) csum 0x1\n  4200 free blocks, 9 free inodes\n  Free blocks: 100-299, 4193-8192\n" +
            "Group 1: (Blocks 8193-10239)\n  2000 free blocks, 1\n  Free blocks: 8195-10194\n",
            text =>
            {
                var used = new UsedRangeBuilder(16);
                var lists = new FreeBlockLists(new ExtSuperblock(1024, 10240, 6200, 1, 8192, IsCheckDue: false), used);
                Feed(text, new LineSplitter("dumpe2fs", 512, lists.Take));
                lists.Finish(11 << 20);
                return used.Build();
            });

    private static void MutateText(string good, Func<string, RangeSet> parse)
    {
        Assert.NotEmpty(parse(good).Ranges);
        var random = new Random(12);
        int maps = 0, reasons = 0;
        for (var run = 0; run < Runs; run++)
        {
            var text = good.ToCharArray();
            var changes = random.Next(1, 4);
            for (var i = 0; i < changes; i++) text[random.Next(text.Length)] = "0123456789abcdefx+?-, \n#G"[random.Next(25)];
            try
            {
                Assert.InRange(parse(new string(text)).Ranges[^1].End, 0, 11 << 20);
                maps++;
            }
            catch (Exception doubt) when (doubt is UnprovenMapException or OverflowException)
            {
                reasons++;
            }
        }

        Assert.True(maps > 0 && reasons > maps, $"{maps} maps, {reasons} reasons");
    }

    private static void Feed(string text, LineSplitter lines)
    {
        lines.Add(text);
        lines.Finish();
    }

    private static async Task<RangeSet?> TryMapAsync(IFileSystemMapper mapper, MapTarget target)
    {
        try
        {
            return (await mapper.MapAsync(target, CancellationToken.None)).Used;
        }
        catch (Exception doubt) when (doubt is UnprovenMapException or OverflowException or DiskFault)
        {
            return null;
        }
    }

    private static List<(int At, byte Value)> Mutate(byte[] bytes, int[] telling, Random random)
    {
        var undo = new List<(int, byte)>();
        var changes = random.Next(1, 5);
        for (var i = 0; i < changes; i++)
        {
            var at = telling[random.Next(telling.Length)];
            undo.Insert(0, (at, bytes[at]));
            bytes[at] = random.Next(4) switch { 0 => 0, 1 => 0xFF, 2 => (byte)(bytes[at] ^ (1 << random.Next(8))), _ => (byte)random.Next(256) };
        }

        return undo;
    }
}
