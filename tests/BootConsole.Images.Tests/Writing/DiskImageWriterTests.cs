// The writer of one disk: what is missing, skipped, the same, dropped and redone, and what of an earlier attempt may be trusted.
using BootConsole.Codec;
using BootConsole.Core;
using BootConsole.Stores;
using BootConsole.TestKit;
using BootConsole.TestKit.Memory;

namespace BootConsole.Images.Tests;

public sealed class DiskImageWriterTests : IDisposable
{
    private static readonly ImageId Id = WriterRoom.IdOf(1), Parent = WriterRoom.IdOf(0);
    private readonly ZstdTransform _zstd = new(3);
    private readonly WriterRoom _room = new();
    private readonly byte[] _disk = WriterRoom.Disk();

    public void Dispose() => _zstd.Dispose();

    [Fact]
    public async Task What_no_table_covers_is_missing_and_appending_it_makes_the_disk_whole()
    {
        await using var image = await _room.BeginAsync(_room.Draft(Id));
        await using var writer = await _room.OpenDiskAsync(image, _zstd);
        Assert.Equal([(0L, 10L)], writer.Missing());
        await WriterRoom.AppendAsync(writer, _disk, 4, 6);
        await WriterRoom.AppendAsync(writer, _disk, 8, 9);
        // Closes what is open: each skip ends a table.
        await writer.SkipToAsync(9, default);
        await writer.SkipToAsync(0, default);
        await WriterRoom.AppendAsync(writer, _disk, 0, 1);
        var fault = await Assert.ThrowsAsync<InvalidOperationException>(() => writer.FinishAsync(default));
        Assert.Contains("1 to 3", fault.Message, StringComparison.Ordinal);
        Assert.Equal([(1L, 4L), (6L, 8L), (9L, 10L)], writer.Missing());
        Assert.Equal([0L, 4L, 8L], writer.Committed.Select(table => table.First));
        foreach (var (first, end) in writer.Missing()) await WriterRoom.AppendAsync(writer, _disk, first, end);
        Assert.NotNull(await writer.FinishAsync(default));
        Assert.Empty(writer.Missing());
        // The tables tile the disk in disk order, whatever the order they were made in, and so do the segments.
        long next = 0;
        foreach (var table in writer.Committed)
        {
            Assert.Equal(next, table.First);
            next = table.End;
        }

        Assert.Equal(WriterRoom.Grid.Count, next);
        Assert.Equal(writer.Committed.Select(table => table.Name.SegmentFile), writer.Segments.Select(segment => segment.Name));
    }

    [Fact]
    public async Task A_skip_to_where_the_writer_stands_closes_nothing()
    {
        _room.SegmentChunks = 100;
        await using var image = await _room.BeginAsync(_room.Draft(Id));
        await using var writer = await _room.OpenDiskAsync(image, _zstd);
        await WriterRoom.AppendAsync(writer, _disk, 0, 5);
        await WriterRoom.AppendAsync(writer, _disk, 5, 10);
        await writer.FinishAsync(default);
        Assert.Equal(10, Assert.Single(writer.Committed).Entry.Chunks);
    }

    [Fact]
    public async Task A_range_where_everything_is_the_same_has_a_table_and_no_segment()
    {
        var parent = await _room.BackUpAsync(Parent, _disk);
        var known = await _room.LearnAsync(ImageKind.Incremental, parent);
        await using (var image = await _room.BeginAsync(_room.Draft(Id, ImageKind.Incremental, parent)))
        {
            await using var writer = await _room.OpenDiskAsync(image, _zstd);
            await WriterRoom.AppendAsync(writer, _disk, 0, 10, known);
            Assert.Null(await writer.FinishAsync(default));
            var table = Assert.Single(writer.Committed);
            Assert.Null(table.Segment);
            Assert.Empty(writer.Segments);
            Assert.Equal(parent.Manifest.Disks[0].Segments.Select(segment => segment.Name), table.Sources.Select(source => source.Name.SegmentFile));
            Assert.Equal(table.Sources, writer.Foreign);
            Assert.All((await writer.ReadTableAsync(table, default)).Rows, row => Assert.Equal((ChunkKind.Same, true), (row.Kind, row.Source > 0)));
            Assert.DoesNotContain(_room.Medium.Files(), file => file.Text.StartsWith(StoreNames.Disk(Id, 0).Text, StringComparison.Ordinal) && SegmentName.TryParseSegment(file.Name, out _));
        }
    }

    [Fact]
    public async Task In_a_full_image_a_dropped_table_goes_before_its_segment_and_the_next_attempt_takes_its_place()
    {
        await LeaveAsync(_room.Draft(Id));
        var watched = new WatchedStore(_room.Store);
        _room.Store = watched;
        await using var image = await _room.ResumeAsync(_room.Draft(Id));
        await using var writer = await _room.OpenDiskAsync(image, _zstd);
        var dropped = writer.Committed[1];
        watched.Forget();
        await writer.DropAsync(dropped, default);
        Assert.Equal(
            [$"remove {StoreNames.Table(Id, 0, dropped.Name)}", $"flush {StoreNames.Tables(Id, 0)}", $"remove {StoreNames.Segment(Id, 0, dropped.Name)}", $"flush {StoreNames.Disk(Id, 0)}"],
            watched.Operations.Select(operation => operation.ToString()));
        Assert.Equal([(dropped.First, dropped.End)], writer.Missing());
        Assert.DoesNotContain(dropped.Segment, writer.Segments);
        Assert.DoesNotContain(_room.Medium.Files(), file => file.Name == dropped.Entry.Name || file.Name == dropped.Segment!.Name);
        await WriterRoom.AppendAsync(writer, WriterRoom.Change(_disk, ((int)dropped.First, 77)), dropped.First, dropped.End);
        await writer.FinishAsync(default);
        Assert.Equal(dropped.Name with { Attempt = 2 }, writer.Committed[1].Name);
    }

    [Fact]
    public async Task In_an_incremental_image_the_segment_of_a_dropped_table_stays_and_its_table_goes_at_the_end()
    {
        await LeaveAsync(_room.Draft(Id, ImageKind.Incremental));
        await using var image = await _room.ResumeAsync(_room.Draft(Id, ImageKind.Incremental));
        var known = new KnownChunks();
        await using var writer = await _room.OpenDiskAsync(image, _zstd, known);
        var dropped = writer.Committed[0];
        await writer.DropAsync(dropped, default);
        Assert.Contains(_room.Medium.Files(), file => file.Name == dropped.Entry.Name);
        var changed = WriterRoom.Change(_disk, (1, 77));
        await WriterRoom.AppendAsync(writer, changed, dropped.First, dropped.End, known);
        await writer.FinishAsync(default);
        Assert.DoesNotContain(_room.Medium.Files(), file => file.Name == dropped.Entry.Name);
        Assert.Contains(dropped.Segment, writer.Segments);
        var table = writer.Committed[0];
        Assert.Equal(dropped.Name with { Attempt = 2 }, table.Name);
        Assert.Equal(dropped.Segment!.Name, Assert.Single(table.Sources).Name.SegmentFile);
        // Own segments are not foreign ones.
        Assert.Empty(writer.Foreign);
    }

    [Fact]
    public async Task After_a_cut_a_restart_keeps_what_is_published_and_clears_away_what_was_open()
    {
        _room.SegmentChunks = 4;
        await using var image = await _room.BeginAsync(_room.Draft(Id));
        await using var writer = await _room.OpenDiskAsync(image, _zstd);
        await WriterRoom.AppendAsync(writer, _disk, 0, 4);
        // The first segment is published when the second one is closed; that one is being written when the line is cut.
        await WriterRoom.AppendAsync(writer, _disk, 4, 8);
        await WriterRoom.AppendAsync(writer, _disk, 8, 9);
        _room.Medium.Plan = FaultPlan.Cut(1);
        Assert.NotNull(await Record.ExceptionAsync(() => WriterRoom.AppendAsync(writer, _disk, 9, 10)));
        _room.Medium.Plan = null;
        await writer.RestartAsync(default);
        Assert.Equal([0L, 4L], writer.Committed.Select(table => table.First));
        Assert.Equal([(8L, 10L)], writer.Missing());
        Assert.DoesNotContain(_room.Medium.Files(), file => StoreNames.IsPart(file.Name));
        await WriterRoom.AppendAsync(writer, _disk, 8, 10);
        await writer.FinishAsync(default);
        Assert.Equal([(0, 1), (4, 1), (8, 1)], writer.Committed.Select(table => ((int)table.First, table.Name.Attempt)));
    }

    [Fact]
    public async Task A_publication_that_fails_ends_the_job_at_the_next_chunk()
    {
        await using var image = await _room.BeginAsync(_room.Draft(Id));
        await using var writer = await _room.OpenDiskAsync(image, _zstd);
        _room.Medium.Plan = FaultPlan.Refuse(8, StoreProblem.Full);
        var fault = await Assert.ThrowsAsync<StoreFault>(() => WriterRoom.AppendAsync(writer, _disk, 0, 10));
        Assert.Equal(StoreProblem.Full, fault.Problem);
    }

    [Fact]
    public async Task A_resumed_disk_takes_over_whole_tables_and_removes_everything_else()
    {
        await LeaveAsync(_room.Draft(Id));
        var tables = _room.Medium.Files().Where(file => SegmentName.TryParseTable(file.Name, out _)).ToList();
        Assert.Equal(4, tables.Count);
        // A table that is damaged, one whose segment is cut short, one whose segment is gone; the fourth is whole.
        _room.Medium.Damage(tables[0], bytes => [.. bytes[..^1], (byte)(bytes[^1] ^ 1)]);
        _room.Medium.Damage(StoreNames.Disk(Id, 0) / tables[1].Name.Replace(".table", "", StringComparison.Ordinal), bytes => bytes[..^1]);
        await _room.Store.RemoveAsync(StoreNames.Disk(Id, 0) / tables[2].Name.Replace(".table", "", StringComparison.Ordinal), default);
        await StoreBytes.PublishAsync(_room.Store, StoreNames.Disk(Id, 0) / "00000000-7.zst", new byte[10], default);
        await StoreBytes.PublishAsync(_room.Store, StoreNames.Disk(Id, 0) / "00000000-8.zst.0123456789abcdef.part", new byte[10], default);
        await StoreBytes.PublishAsync(_room.Store, StoreNames.Disk(Id, 0) / "a-note-by-hand.txt", new byte[10], default);
        await using var resumed = await _room.ResumeAsync(_room.Draft(Id));
        await using var again = await _room.OpenDiskAsync(resumed, _zstd);
        Assert.Equal(tables[3].Name, Assert.Single(again.Tables).Name);
        Assert.Equal([(0L, again.Committed[0].First)], again.Missing());
        Assert.Equal(
            new[] { tables[3].Name, again.Segments[0].Name, "a-note-by-hand.txt" }.Order(StringComparer.Ordinal),
            _room.Medium.Files().Where(file => file.Text.StartsWith(StoreNames.Disk(Id, 0).Text, StringComparison.Ordinal)).Select(file => file.Name).Where(name => name != "SHA256SUMS").Order(StringComparer.Ordinal));
        await WriterRoom.AppendAsync(again, _disk, 0, again.Committed[0].First);
        await again.FinishAsync(default);
        // No name is ever used twice, also not one of a file without a table.
        Assert.Equal(8, again.Committed[0].Name.Attempt);
    }

    [Fact]
    public async Task Where_no_flush_was_confirmed_only_the_bytes_of_a_segment_count()
    {
        var room = new WriterRoom(new MemoryMedium { Flushes = false });
        await using (var image = await room.BeginAsync(room.Draft(Id)))
        {
            await using var writer = await room.OpenDiskAsync(image, _zstd);
            await WriterRoom.AppendAsync(writer, _disk, 0, 10);
            await writer.FinishAsync(default);
        }

        room.Medium.Damage(StoreNames.Segment(Id, 0, new SegmentName(0, 1)), bytes => [0, .. bytes[1..]]);
        room.Die();
        await using var resumed = await room.ResumeAsync(room.Draft(Id));
        await using var again = await room.OpenDiskAsync(resumed, _zstd);
        Assert.Equal(3, again.Committed.Count);
        Assert.Equal(0, again.Missing()[0].First);
    }

    [Fact]
    public async Task A_segment_that_a_newer_table_points_into_stays_although_its_own_table_is_gone()
    {
        // Committed, changed, redone, and cut off between the removal of old tables and the manifest.
        await LeaveAsync(_room.Draft(Id, ImageKind.Incremental));
        var changed = WriterRoom.Change(_disk, (1, 77));
        await using (var image = await _room.ResumeAsync(_room.Draft(Id, ImageKind.Incremental)))
        {
            var known = new KnownChunks();
            await using var writer = await _room.OpenDiskAsync(image, _zstd, known);
            await WriterRoom.DropChangedAsync(writer, changed);
            foreach (var (first, end) in writer.Missing()) await WriterRoom.AppendAsync(writer, changed, first, end, known);
            await writer.FinishAsync(default);
        }

        _room.Die();
        var done = await _room.GoOnAsync(Id, changed, ImageKind.Incremental);
        Assert.Equal(changed, await WriterRoom.ReadAsync(done));
        Assert.Contains("00000000-1.zst", done.Manifest.Disks[0].Segments.Select(segment => segment.Name));
    }

    [Fact]
    public async Task A_table_that_points_into_a_segment_noted_as_bad_is_not_gone_on_with()
    {
        var parent = await _room.BackUpAsync(Parent, _disk);
        await using (var image = await _room.BeginAsync(_room.Draft(Id, ImageKind.Incremental, parent)))
        {
            await using var writer = await _room.OpenDiskAsync(image, _zstd);
            await WriterRoom.AppendAsync(writer, _disk, 0, 10, await _room.LearnAsync(ImageKind.Incremental, parent));
            await writer.FinishAsync(default);
            Assert.Single(writer.Committed);
        }

        var bad = StoreNames.Segment(Parent, 0, new SegmentName(0, 1));
        Assert.True(await BadSegments.RecordAsync(_room.Store, bad.Text, "a test", _room.Clock.GetUtcNow(), default));
        _room.Die();
        var done = await _room.GoOnAsync(Id, _disk, ImageKind.Incremental, await _room.OpenAsync(Parent));
        Assert.DoesNotContain(done.Manifest.Foreign, foreign => foreign.Name == bad.Name);
        await _room.Store.RemoveAsync(bad, default);
        Assert.Equal(_disk, await WriterRoom.ReadAsync(done));
    }

    [Fact]
    public async Task A_manifest_that_does_not_name_what_a_table_points_into_is_not_published()
    {
        var parent = await _room.BackUpAsync(Parent, _disk);
        await using var image = await _room.BeginAsync(_room.Draft(Id, ImageKind.Incremental, parent));
        var known = (await _room.LearnAsync(ImageKind.Incremental, parent))!;
        await using var writer = await _room.OpenDiskAsync(image, _zstd);
        await WriterRoom.AppendAsync(writer, _disk, 0, 10, known);
        await writer.FinishAsync(default);
        var good = parent.Manifest with
        {
            Id = Id.Text,
            Kind = ImageKind.Incremental,
            Parent = Parent.Text,
            Disks = [parent.Manifest.Disks[0] with { Sums = null, Tables = writer.Tables, Segments = [], Layout = await image.PublishLayoutAsync(0, SampleImage.Layout, default) }],
            Foreign = [.. parent.Manifest.Disks[0].Segments.Select(segment => new ForeignSegment(Parent.Text, 0, segment.Name, segment.Length, segment.Sha256))],
        };
        Assert.Contains("would not name", (await Assert.ThrowsAsync<CorruptFault>(() => image.CommitAsync(good with { Foreign = [.. good.Foreign.Skip(1)] }, default))).Message, StringComparison.Ordinal);
        Assert.Null(await _room.Store.FindAsync(StoreNames.Manifest(Id), default));
        await image.CommitAsync(good, default);
    }

    // Everything of the disk is published, nothing of the manifest, and the job has died.
    private async Task LeaveAsync(ImageDraft draft)
    {
        await using (var image = await _room.BeginAsync(draft))
        {
            await using var writer = await _room.OpenDiskAsync(image, _zstd);
            await WriterRoom.AppendAsync(writer, _disk, 0, 10);
            await writer.FinishAsync(default);
        }

        _room.Die();
    }
}
