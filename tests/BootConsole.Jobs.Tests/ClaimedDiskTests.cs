// A disk that something has as a whole, from its plan to its restore: every byte, at its place, and never on a smaller target.
using BootConsole.Core;
using BootConsole.Disks;
using BootConsole.Disks.Access;
using BootConsole.Host;
using BootConsole.TestKit;

namespace BootConsole.Jobs.Tests;

public sealed class ClaimedDiskTests : IDisposable
{
    private const int DiskBytes = 200 << 20;
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_RAID_member_with_a_partition_table_is_saved_and_restored_byte_for_byte()
    {
        var file = PartitionedImage.Sparse(_folder["disk.img"], DiskBytes);
        PartitionedImage.Sfdisk(file, "label: gpt\nstart=2048,size=20480\n");
        using (var disk = OpenDisk.ForReading(ImageFileProbe.Describe(file)))
        {
            // Without the RAID: the gap over 64 MiB is left out.
            Assert.True((await PlanAsync(disk)).Used.TotalBytes < 20 << 20);
        }

        WholeDiskSigns.WriteMd10(file);
        using var member = OpenDisk.ForReading(ImageFileProbe.Describe(file));
        var plan = await PlanAsync(member);
        Assert.Equal([new ByteRange(0, DiskBytes)], plan.Used.Ranges);
        Assert.Contains(plan.Notes, note => note.Contains("Linux RAID", StringComparison.Ordinal));

        var room = new JobRoom();
        var result = await room.BackupAsync([plan]);
        var target = new TestDisk([.. Enumerable.Repeat((byte)0xA5, DiskBytes)]);
        await room.RestoreAsync(result.Image, target);
        Assert.Equal(ChunkHash.Of(await File.ReadAllBytesAsync(file)), ChunkHash.Of(target.Bytes));

        // The RAID's record is in the last MiB, which is unpartitioned: a smaller target would lose it, on a larger one the GPT is not moved.
        var refused = await Assert.ThrowsAsync<RefusedFault>(() => room.PlanAsync(result.Image, target.Info with { Length = DiskBytes - (1 << 20) }));
        Assert.Contains("too small", refused.Message, StringComparison.Ordinal);
        Assert.Empty((await room.PlanAsync(result.Image, target.Info with { Length = DiskBytes + (1 << 20) })).Tables);
    }

    private static Task<DiskPlan> PlanAsync(IDisk disk) => new DiskPlanner(new UsedMapper(new ProgramRunner())).PlanAsync(disk, GapPolicy.Smart, new JobProgress(), CancellationToken.None);
}
