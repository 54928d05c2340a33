// Mutated tables: never a crash, a hang, or much memory; and never partitions that contradict each other.
using System.Globalization;
using BootConsole.Core;
using BootConsole.Disks.Tables;
using BootConsole.TestKit;

namespace BootConsole.Disks.Tests.Tables;

public sealed class PartitionTablesFuzz : IDisposable
{
    private const int DiskBytes = 8 << 20;
    private const long MemoryLimit = 64L << 20;
    private static readonly int Rounds = int.Parse(Environment.GetEnvironmentVariable("BOOTCONSOLE_FUZZ_ROUNDS") ?? "20000", CultureInfo.InvariantCulture);
    private static readonly uint[] Nasty = [0, uint.MaxValue, int.MaxValue, 0x8000_0000, 1, 0x100_0000, 5, 128];
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("gpt", 512)]
    [InlineData("gpt", 4096)]
    [InlineData("hybrid", 512)]
    [InlineData("extended", 512)]
    [InlineData("extended", 4096)]
    [InlineData("fat", 512)]
    public void A_mutated_table_is_read_or_distrusted(string kind, int sectorBytes)
    {
        var (bytes, places) = Make(kind, sectorBytes);
        var original = (byte[])bytes.Clone();
        var kinds = new HashSet<(TableKind, bool)>();
        // Six tables share the rounds.
        for (var round = 0; round < Rounds / 6 + 1; round++)
        {
            var random = new Random(round);
            for (var count = random.Next(1, 6); count > 0; count--) Mutate(bytes, places, random);
            if (kind is "gpt" or "hybrid" && random.Next(4) > 0) GptBytes.FixChecksums(bytes, sectorBytes);
            using var disk = new MemoryDisk(bytes, sectorBytes);
            var before = GC.GetAllocatedBytesForCurrentThread();
            var layout = PartitionTables.Read(disk);
            var taken = GC.GetAllocatedBytesForCurrentThread() - before;
            Assert.True(taken < MemoryLimit, $"round {round}: {taken} bytes");
            Assert.True(disk.Reads.Count < 2000, $"round {round}: {disk.Reads.Count} reads");
            AssertLawful(layout, round);
            kinds.Add((layout.Kind, layout.IsConsistent));
            // Only what can have changed is put back: copying the whole disk would be most of the work.
            foreach (var place in places.Append(new ByteRange(0, sectorBytes * 2)))
                original.AsSpan((int)place.Start, (int)place.Length).CopyTo(bytes.AsSpan((int)place.Start));
        }

        Assert.True(kinds.Count > 1 || kind == "fat", "the mutations reach more than one outcome");
    }

    /// <summary>What every layout promises, however it came about.</summary>
    private static void AssertLawful(DiskLayout layout, int round)
    {
        var disk = new ByteRange(0, DiskBytes);
        var position = 0L;
        foreach (var partition in layout.Partitions)
        {
            Assert.True(partition.Range.Start >= position && !partition.Range.IsEmpty && disk.Contains(partition.Range), $"round {round}: {partition}");
            Assert.False(layout.TableBytes.Overlaps(partition.Range), $"round {round}: {partition} holds table bytes");
            position = partition.Range.End;
        }

        Assert.True(layout.IsConsistent || layout.Partitions.Count == 0, $"round {round}");
        Assert.True(layout.IsConsistent || layout.Notes.Count > 0, $"round {round}: distrust without a word");
        Assert.True(disk.Contains(layout.Usable), $"round {round}: {layout.Usable}");
        GapPlanTests.AssertTiles(layout, DiskBytes, GapPolicy.Smart);
        Assert.True(TargetFit.MinimumBytes(layout, DiskBytes) > 0, $"round {round}");
        ProtectedRanges.ForDisk(DiskBytes, layout.SectorBytes, layout);
        if (TargetFit.MinimumBytes(layout, DiskBytes) > 2 * DiskBytes) return;
        try
        {
            GptRebuild.For(layout, new byte[layout.SectorBytes], DiskBytes, 2 * DiskBytes);
        }
        catch (RefusedFault)
        {
            // A partition where the tables must be: refused by name, which is fine.
        }
    }

    private static void Mutate(byte[] bytes, ByteRange[] places, Random random)
    {
        var place = places[random.Next(places.Length)];
        var position = (int)(place.Start + random.NextInt64(place.Length - 4));
        switch (random.Next(4))
        {
            case 0: bytes[position] ^= (byte)(1 << random.Next(8)); break;
            case 1: bytes[position] = (byte)random.Next(256); break;
            case 2: BitConverter.GetBytes(Nasty[random.Next(Nasty.Length)]).CopyTo(bytes, position); break;
            default: bytes.AsSpan((int)(place.Start + random.NextInt64(place.Length - 4)), 4).CopyTo(bytes.AsSpan(position)); break;
        }
    }

    private (byte[] Bytes, ByteRange[] Places) Make(string kind, int sectorBytes)
    {
        using var loop = LoopDisk.Create(_folder["disk.img"], DiskBytes, sectorBytes);
        var unit = 4096 / sectorBytes;
        var script = kind == "extended"
            ? $"""
              label: dos
              start={16 * unit},size={100 * unit}
              start={200 * unit},size={1500 * unit},type=5
              start={220 * unit},size={100 * unit}
              start={400 * unit},size={100 * unit}
              start={600 * unit},size={50 * unit}
              """
            : $"""
              label: gpt
              first-lba: 34
              start={40 * unit},size={100 * unit},name=one
              start={200 * unit},size={300 * unit}
              start={600 * unit},size={1000 * unit},name=three
              """;
        if (kind == "fat") SystemTool.Run("mkfs.vfat", loop.Path);
        else PartitionedImage.Sfdisk(loop.Path, script);
        if (kind == "hybrid") PartitionedImage.Sgdisk(loop.Path, "--hybrid=1:2");
        SystemTool.Run("blockdev", "--flushbufs", loop.Path);
        var bytes = File.ReadAllBytes(loop.BackingFile);
        using var disk = new MemoryDisk(bytes, sectorBytes);
        var layout = PartitionTables.Read(disk);
        Assert.True(layout.IsConsistent);
        Assert.Equal(kind switch { "fat" => TableKind.None, "extended" => TableKind.Mbr, _ => TableKind.Gpt }, layout.Kind);
        ByteRange[] all = [.. layout.TableBytes.Ranges.SelectMany(range => Hot(kind, range, sectorBytes)), new ByteRange(0, 512)];
        return (bytes, all);
    }

    // Most bytes of an entry array and of a boot record are dull: mutations go where the numbers are.
    private static IEnumerable<ByteRange> Hot(string kind, ByteRange range, int sectorBytes)
    {
        if (kind == "extended") return [new ByteRange(range.Start + 440, 72)];
        return [new ByteRange(sectorBytes, 92), new ByteRange(2 * sectorBytes, 4 * 128), new ByteRange(440, 72), new ByteRange(DiskBytes - sectorBytes, 92)];
    }
}
