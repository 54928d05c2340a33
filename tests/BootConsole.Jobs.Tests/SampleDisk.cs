// Disks for tests: a real partition table, seeded content, and a used map that knows nothing of chunks.
using BootConsole.Core;
using BootConsole.Disks;
using BootConsole.Disks.Tables;
using BootConsole.Images;
using BootConsole.TestKit;

namespace BootConsole.Jobs.Tests;

/// <summary>Kinds of partition table.</summary>
public enum SampleTable
{
    None,
    Mbr,
    Logical,
    Gpt,
}

/// <summary>A disk with what a backup is to know of it.</summary>
/// <param name="Disk">The disk.</param>
/// <param name="Used">What is used of it; tables included.</param>
internal sealed record SampleDisk(TestDisk Disk, RangeSet Used)
{
    internal const int ChunkBytes = 64 << 10;

    private static readonly Dictionary<(SampleTable, long, int), byte[]> Tables = [];
    private static readonly Lock TablesLock = new();

    /// <summary>Makes a disk.</summary>
    /// <param name="table">Its partition table, made by sfdisk.</param>
    /// <param name="length">Its length in bytes.</param>
    /// <param name="seed">For content and used map.</param>
    /// <param name="sectorBytes">512 or 4096.</param>
    internal static SampleDisk Make(SampleTable table, long length, int seed = 1, int sectorBytes = 512)
    {
        var random = new Random(seed);
        var bytes = new byte[length];
        // Used ranges of every kind: text, noise, zeros; between them leftovers that must not be saved.
        RandomBytes.Of(seed + 1000, bytes.Length).CopyTo(bytes, 0);
        List<ByteRange> used = [];
        for (long position = 0; position < length;)
        {
            var size = Math.Min(length - position, random.Next(1, 300) * (long)sectorBytes);
            var range = new ByteRange(position, size);
            var kind = random.Next(5);
            if (kind > 1) used.Add(range);
            if (kind == 3) bytes.AsSpan((int)range.Start, (int)range.Length).Clear();
            if (kind == 4) bytes.AsSpan((int)range.Start, (int)range.Length).Fill((byte)random.Next(256));
            position += size;
        }

        WithTable(table, bytes, sectorBytes);
        var disk = new TestDisk(bytes, sectorBytes);
        var layout = PartitionTables.Read(disk);
        Assert.True(layout.IsConsistent, string.Join(" ", layout.Notes));
        Assert.Equal(table, layout.Kind switch { TableKind.Gpt => SampleTable.Gpt, TableKind.None => SampleTable.None, _ when layout.Partitions.Any(partition => partition.Number > 4) => SampleTable.Logical, _ => SampleTable.Mbr });
        return new SampleDisk(disk, RangeSet.Of(used).Union(layout.TableBytes).Intersect(RangeSet.Of(new ByteRange(0, length))));
    }

    /// <summary>The plan of a backup.</summary>
    internal DiskPlan Plan(int chunkBytes = ChunkBytes) => PlanOf(Disk, Used, chunkBytes);

    internal static DiskPlan PlanOf(IDisk disk, RangeSet used, int chunkBytes = ChunkBytes)
    {
        var layout = PartitionTables.Read(disk);
        return new DiskPlan
        {
            Disk = disk,
            Layout = layout,
            Maps = [.. layout.Partitions.Select(partition => new PartitionMap("ext4", RangeSet.Of(new ByteRange(0, partition.Range.Length)), "whole") { Label = "root" })],
            Used = used,
            Grid = new ChunkGrid(disk.Info.Length, chunkBytes),
            Notes = ["A note."],
        };
    }

    /// <summary>The bytes that the image has: what nothing uses reads as the pad value.</summary>
    internal byte[] Padded(byte pad)
    {
        var bytes = Disk.Bytes.ToArray();
        foreach (var free in Used.Complement(new ByteRange(0, bytes.Length)).Ranges) bytes.AsSpan((int)free.Start, (int)free.Length).Fill(pad);
        return bytes;
    }

    private static void WithTable(SampleTable table, byte[] bytes, int sectorBytes)
    {
        if (table == SampleTable.None)
        {
            // Noise might look like a table.
            bytes.AsSpan(0, Math.Min(bytes.Length, 2 * sectorBytes)).Fill(0x11);
            return;
        }

        byte[] made;
        lock (TablesLock)
        {
            if (!Tables.TryGetValue((table, bytes.Length, sectorBytes), out var known)) Tables[(table, bytes.Length, sectorBytes)] = known = MakeTable(table, bytes.Length, sectorBytes);
            made = known;
        }

        foreach (var range in PartitionTables.Read(new TestDisk(made, sectorBytes)).TableBytes.Ranges) made.AsSpan((int)range.Start, (int)range.Length).CopyTo(bytes.AsSpan((int)range.Start));
    }

    private static byte[] MakeTable(SampleTable table, long length, int sectorBytes)
    {
        using var folder = new TempFolder();
        var file = PartitionedImage.Sparse(folder["disk"], length);
        var sectors = length / sectorBytes;
        using var loop = sectorBytes == 512 ? null : LoopDisk.Attach(file, sectorBytes);
        PartitionedImage.Sfdisk(loop?.Path ?? file, table switch
        {
            SampleTable.Gpt => $"label: gpt\nfirst-lba: {(sectorBytes == 512 ? 34 : 6)}\nstart=64, size={sectors / 4}, name=one\nstart={sectors / 2}, size={sectors / 4}, name=two\n",
            SampleTable.Mbr => $"label: dos\nstart=63, size={sectors / 3}, type=83, bootable\nstart={sectors / 2}, size={sectors / 4}, type=7\n",
            _ => $"label: dos\nstart=63, size={sectors / 4}, type=83\nstart={sectors / 3}, size={sectors / 2}, type=5\nstart={sectors / 3 + 63}, size={sectors / 8}, type=83\nstart={sectors / 3 + sectors / 4}, size={sectors / 8}, type=82\n",
        });
        loop?.Dispose();
        return File.ReadAllBytes(file);
    }
}
