// Chunks that the store has: held against a dictionary.
using BootConsole.Core;
using FsCheck;
using FsCheck.Fluent;

namespace BootConsole.Images.Tests;

public sealed class KnownChunksTests
{
    private static readonly ImageId Id = SampleImage.Id;

    [Fact]
    public void Whatever_is_added_the_first_place_of_a_content_that_is_at_hand_is_found_and_nothing_else() =>
        Prop.ForAll(Gen.ListOf(Tables).ToArbitrary(), tables => Agrees([.. tables])).QuickCheckThrowOnFailure();

    [Fact]
    public void Many_more_chunks_than_it_starts_with_room_for_are_all_found()
    {
        var known = new KnownChunks();
        const int Count = 20_000;
        known.Add(TableOf(0, [.. Enumerable.Range(0, Count).Select(number => new ChunkRow(ChunkKind.Data, 0, number * 10L, 10, HashOf(number)))]), _ => true);
        known.Add(TableOf(1, [.. Enumerable.Range(0, Count).Select(number => new ChunkRow(ChunkKind.Data, 0, number * 20L, 20, HashOf(number)))]), _ => true);
        Assert.Equal(Count, known.Count);
        for (var number = 0; number < Count; number++)
        {
            Assert.True(known.TryFind(HashOf(number), out var frame));
            Assert.Equal((number * 10L, 10, 0u), (frame.Offset, frame.StoredBytes, frame.Segment.Name.FirstChunk));
        }

        Assert.False(known.TryFind(HashOf(Count), out _));
    }

    [Fact]
    public void Zero_and_unused_chunks_are_not_content_and_unreadable_ones_are()
    {
        var known = new KnownChunks();
        known.Add(
            TableOf(0, [new ChunkRow(ChunkKind.Zero, 0, 0, 10, HashOf(1)), new ChunkRow(ChunkKind.Unused, 0, 10, 10, HashOf(2)), new ChunkRow(ChunkKind.Unreadable, 0, 20, 10, HashOf(3))]), _ => true);
        Assert.Equal((false, false, true), (known.TryFind(HashOf(1), out _), known.TryFind(HashOf(2), out _), known.TryFind(HashOf(3), out _)));
    }

    private static Gen<ChunkTable> Tables =>
        from first in Gen.Choose(0, 5)
        from length in Gen.Choose(0, 1)
        from rows in Gen.NonEmptyListOf(from number in Gen.Choose(0, 30)
                                        from source in Gen.Choose(length == 0 ? 1 : 0, 2)
                                        from kind in Gen.Elements(ChunkKind.Data, ChunkKind.Unreadable, ChunkKind.Zero, ChunkKind.Unused)
                                        from offset in Gen.Choose(0, 1000)
                                        select source == 0 ? new ChunkRow(kind, 0, offset, 7, HashOf(number)) : new ChunkRow(ChunkKind.Same, (ushort)source, offset, 7, HashOf(number)))
        select TableOf(first, [.. rows], length);

    private static bool Agrees(ChunkTable[] tables)
    {
        var (known, model) = (new KnownChunks(), new Dictionary<ChunkHash, KnownFrame>());
        foreach (var table in tables)
        {
            known.Add(table, IsAtHand);
            foreach (var row in table.Rows)
                if (row.HasContent && IsAtHand(table.SourceOf(row))) model.TryAdd(row.Hash, new KnownFrame(table.SourceOf(row), row.Offset, row.StoredBytes));
        }

        return known.Count == model.Count && Enumerable.Range(0, 32).All(number => known.TryFind(HashOf(number), out var frame) == model.TryGetValue(HashOf(number), out var expected) && frame == expected);
    }

    // Some segments are gone from the store.
    private static bool IsAtHand(SegmentReference segment) => segment.Name.FirstChunk % 3 != 1;

    private static ChunkTable TableOf(int first, IReadOnlyList<ChunkRow> rows, int length = 1) => new()
    {
        Image = Id,
        Disk = 0,
        Name = new SegmentName((uint)first, 1),
        ChunkBytes = 1 << 16,
        SegmentLength = length * 1000,
        SegmentHash = length == 0 ? default : HashOf(-first - 1),
        Sources = [SourceOf(first + 100), SourceOf(first + 101)],
        Rows = rows,
    };

    private static SegmentReference SourceOf(int first) => new(WriterRoom.IdOf(9), 1, new SegmentName((uint)first, 2), 5000, HashOf(-first - 1));

    private static ChunkHash HashOf(int number) => ChunkHash.Of(BitConverter.GetBytes(number));
}
