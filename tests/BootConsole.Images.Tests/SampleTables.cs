// Tables for tests: any that can be, and one fixed by hand.
using BootConsole.Core;
using FsCheck;
using FsCheck.Fluent;

namespace BootConsole.Images.Tests;

internal static class SampleTables
{
    internal static Gen<ChunkHash> Hashes => from seed in Gen.Choose(0, int.MaxValue) select ChunkHash.Of(BitConverter.GetBytes(seed));

    internal static Gen<ImageId> Ids =>
        from seconds in Gen.Choose(0, int.MaxValue)
        from pc in Gen.Elements("a", "office-pc", new string('p', 60))
        from name in Gen.Elements("0", "before.update", new string('n', 60))
        select ImageId.Create(DateTimeOffset.UnixEpoch.AddSeconds(seconds), pc, name);

    /// <summary>Tables whose values each are possible; what must hold between them is the reader's business, not the format's.</summary>
    internal static Gen<ChunkTable> All =>
        from image in Ids
        from disk in Gen.Choose(0, 63)
        from first in Gen.Choose(0, int.MaxValue - 100)
        from attempt in Gen.Choose(1, SegmentName.MaxAttempt)
        from shift in Gen.Choose(16, 24)
        from length in Gen.Choose(0, 2)
        from hash in Hashes
        from isSealed in Gen.Elements(true, false)
        from sources in Gen.Choose(0, 3).SelectMany(count => Gen.ListOf(Sources(isSealed), count))
        from rows in Gen.Choose(1, 20).SelectMany(count => Gen.ListOf(Rows(sources.Count), count))
        select new ChunkTable
        {
            Image = image,
            Disk = disk,
            Name = new SegmentName((uint)first * 2, attempt, isSealed),
            ChunkBytes = 1 << shift,
            KeyId = isSealed ? hash : default,
            SegmentLength = length == 0 ? 0 : length << 40,
            SegmentHash = length == 0 ? default : hash,
            Sources = [.. sources],
            Rows = [.. rows],
        };

    /// <summary>A table with each kind of row and a source, always the same.</summary>
    internal static ChunkTable Fixed
    {
        get
        {
            var image = ImageId.Create(new DateTimeOffset(2026, 11, 21, 6, 4, 0, TimeSpan.Zero), "office-pc", "before-update");
            var parent = ImageId.Create(new DateTimeOffset(2026, 11, 20, 6, 4, 0, TimeSpan.Zero), "office-pc", "full");
            return new ChunkTable
            {
                Image = image,
                Disk = 1,
                Name = new SegmentName(0xa000, 2, true),
                ChunkBytes = 1 << 20,
                SegmentLength = 3000,
                SegmentHash = ChunkHash.Of("segment"u8),
                KeyId = ChunkHash.Of("key"u8),
                Sources = [new SegmentReference(parent, 3, new SegmentName(0x10, 9999, true), 1L << 33, ChunkHash.Of("foreign"u8))],
                Rows =
                [
                    new ChunkRow(ChunkKind.Data, 0, 0, 1000, ChunkHash.Of("a"u8)),
                    new ChunkRow(ChunkKind.Same, 1, 5_000_000_000, 77, ChunkHash.Of("b"u8)),
                    new ChunkRow(ChunkKind.Zero, 0, 0, 0, ChunkHash.Of("c"u8)),
                    new ChunkRow(ChunkKind.Unused, 0, 1000, 50, ChunkHash.Of("d"u8)),
                    new ChunkRow(ChunkKind.Unreadable, 0, 1050, 1950, ChunkHash.Of("e"u8)),
                ],
            };
        }
    }

    private static Gen<SegmentReference> Sources(bool isSealed) =>
        from image in Ids
        from disk in Gen.Choose(0, 63)
        from first in Gen.Choose(0, int.MaxValue)
        from attempt in Gen.Choose(1, SegmentName.MaxAttempt)
        from length in Gen.Choose(1, int.MaxValue)
        from hash in Hashes
        select new SegmentReference(image, disk, new SegmentName((uint)first, attempt, isSealed), (long)length << 8, hash);

    private static Gen<ChunkRow> Rows(int sources) =>
        from kind in Gen.Elements(sources > 0 ? [ChunkKind.Data, ChunkKind.Same, ChunkKind.Zero, ChunkKind.Unused, ChunkKind.Unreadable] : new[] { ChunkKind.Data, ChunkKind.Zero, ChunkKind.Unused, ChunkKind.Unreadable })
        from source in Gen.Choose(1, Math.Max(1, sources))
        from offset in Gen.Choose(0, int.MaxValue)
        from stored in Gen.Choose(kind is ChunkKind.Zero or ChunkKind.Unused ? 0 : 1, int.MaxValue)
        from hash in Hashes
        select new ChunkRow(kind, kind == ChunkKind.Same ? (ushort)source : (ushort)0, (long)offset << 16, stored, hash);
}
