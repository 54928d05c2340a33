// Tables that get other ids on their way to the target, judged by sgdisk and sfdisk.
using BootConsole.Core;
using BootConsole.Disks.Access;
using BootConsole.Disks.Tables;
using BootConsole.TestKit;

namespace BootConsole.Disks.Tests.Tables;

public sealed class TableChangesTests : IDisposable
{
    private const long MiB = 1 << 20;
    private readonly TempFolder _folder = new();
    private int _next;

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(512, 100 * MiB)]
    [InlineData(512, 163 * MiB)]
    [InlineData(4096, 100 * MiB)]
    public async Task A_GPT_gets_new_GUIDs_for_the_disk_and_every_partition_in_both_copies(int sectorBytes, long targetBytes)
    {
        using var loop = LoopDisk.Create(_folder["disk"], 100 * MiB, sectorBytes);
        PartitionedImage.Sfdisk(loop.Path, "label: gpt\n1: start=2048, size=1000, name=one\n7: start=4096, size=1000, type=uefi\n");
        var before = await ReadAsync(loop.Path);
        await WriteAsync(loop, targetBytes, new TableChanges { NewId = Counted() });
        Assert.Contains("No problems found", SystemTool.Run("sgdisk", "--verify", loop.Path), StringComparison.Ordinal);
        var verdict = SystemTool.Try("sfdisk", "--verify", loop.Path);
        Assert.True(verdict.Succeeded, verdict.Output + verdict.Error);
        var after = await ReadAsync(loop.Path);
        Assert.Equal("00000003-0000-4000-8000-000000000000", after.DiskId);
        Assert.Equal(before.Partitions.Select((partition, i) => partition with { Guid = $"0000000{i + 1}-0000-4000-8000-000000000000" }), after.Partitions);
        Assert.Empty(after.Notes);
        // The backup alone says the same.
        using (var disk = OpenDisk.ForWriting(await Devices.DescribeAsync(loop))) disk.Zero(new ByteRange(sectorBytes, sectorBytes));
        var backup = await ReadAsync(loop.Path);
        Assert.Equal(after.DiskId, backup.DiskId);
        Assert.Equal(after.Partitions, backup.Partitions);
    }

    [Fact]
    public async Task An_MBR_gets_a_new_signature_and_nothing_else()
    {
        using var loop = LoopDisk.Create(_folder["disk"], 100 * MiB);
        PartitionedImage.Sfdisk(loop.Path, "label: dos\nlabel-id: 0x00000001\nstart=2048, size=1000, type=83, bootable\nstart=4096, size=100000, type=5\nstart=6144, size=1000, type=83\n");
        var before = await ReadAsync(loop.Path);
        var head = File.ReadAllBytes(loop.BackingFile)[..512];
        // Zero would mean "no signature", and the first other id gives the old one.
        Guid[] ids = [Guid.Empty, new(1, 0, 0, new byte[8]), new(0xDEADBEEF, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0)];
        await WriteAsync(loop, 100 * MiB, new TableChanges { NewId = () => ids[_next++] });
        var after = await ReadAsync(loop.Path);
        Assert.Equal("deadbeef", after.DiskId);
        Assert.Equal(before.Partitions, after.Partitions);
        var changed = File.ReadAllBytes(loop.BackingFile)[..512];
        Assert.Equal([440, 441, 442, 443], Enumerable.Range(0, 512).Where(i => head[i] != changed[i]));
        var verdict = SystemTool.Try("sfdisk", "--verify", loop.Path);
        Assert.True(verdict.Succeeded, verdict.Output + verdict.Error);
    }

    [Fact]
    public void A_disk_without_a_table_that_can_be_believed_is_refused()
    {
        foreach (var layout in (DiskLayout[])[new(TableKind.None, 512, []), new(TableKind.Mbr, 512, []) { IsConsistent = false, OccupiedEnd = 512 }])
        {
            Assert.Throws<RefusedFault>(() => GptRebuild.For(layout, new byte[512], MiB, MiB, new TableChanges { NewId = TableChanges.RandomId }));
            Assert.Empty(GptRebuild.For(layout, new byte[512], MiB, MiB, new TableChanges()));
        }
    }

    [Fact]
    public void Random_ids_are_of_version_4_and_differ()
    {
        var ids = Enumerable.Range(0, 100).Select(_ => TableChanges.RandomId()).ToList();
        Assert.Equal(100, ids.Distinct().Count());
        Assert.All(ids, id => Assert.True(id.Version == 4 && id.Variant is >= 8 and <= 11, $"{id}"));
    }

    private Func<Guid> Counted() => () => new Guid(++_next, 0, 0x4000, [0x80, 0, 0, 0, 0, 0, 0, 0]);

    private static async Task<DiskLayout> ReadAsync(string path)
    {
        using var disk = OpenDisk.ForReading((await Devices.FindAsync()).Disks.Single(found => found.Info.Path == path).Info);
        return PartitionTables.Read(disk);
    }

    // As a restore does at its end.
    private static async Task WriteAsync(LoopDisk loop, long targetBytes, TableChanges changes)
    {
        var layout = await ReadAsync(loop.Path);
        var head = new byte[layout.SectorBytes];
        using (var disk = OpenDisk.ForReading(await Devices.DescribeAsync(loop))) disk.Read(0, head);
        var source = new FileInfo(loop.BackingFile).Length;
        if (targetBytes > source)
        {
            using (var stream = new FileStream(loop.BackingFile, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite)) stream.SetLength(targetBytes);
            loop.TakeNewLength();
        }

        using var target = OpenDisk.ForWriting(await Devices.DescribeAsync(loop));
        foreach (var write in GptRebuild.For(layout, head, source, targetBytes, changes)) target.Write(write.Offset, write.Bytes.Span);
        target.Flush();
    }
}
