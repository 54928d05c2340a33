// Which committed segments an unfinished image may be built upon.
using BootConsole.Core;
using BootConsole.Stores;

namespace BootConsole.Images;

/// <summary>Tells of segments whether they are there in their full length, not noted as bad, and, where nothing was flushed for certain, hold the bytes that were sent.</summary>
internal sealed class SegmentTrust
{
    private readonly IReadStore _store;
    private readonly ImageId _image;
    private readonly SegmentLengths _lengths;
    private readonly BadSegments _bad;
    private readonly Dictionary<SegmentReference, bool> _hashed = [];

    private SegmentTrust(IReadStore store, ImageId image, SegmentLengths lengths, BadSegments bad) => (_store, _image, _lengths, _bad) = (store, image, lengths, bad);

    /// <summary>Lists what the store has for an image: its own segments, and those it may refer to.</summary>
    internal static async Task<SegmentTrust> ReadAsync(IReadStore store, ImageDraft draft, CancellationToken cancel) =>
        new(store, draft.Id, await SegmentLengths.ReadAsync(store, [.. draft.RefersTo, draft.Id.Text], cancel), await BadSegments.ReadAsync(store, cancel));

    /// <summary>True when a table may say that its chunks are in the segment.</summary>
    internal async Task<bool> HoldsAsync(SegmentReference segment, CancellationToken cancel)
    {
        if (!_lengths.Has(segment) || _bad.Contains(segment)) return false;
        // Of a finished image the bytes were settled before; of this one, where no flush was confirmed, only they count.
        if (segment.Image != _image || _store is not IWriteStore { ConfirmsDurability: false }) return true;
        if (_hashed.TryGetValue(segment, out var known)) return known;
        return _hashed[segment] = await StoreBytes.HashAsync(_store, StoreNames.Segment(segment.Image, segment.Disk, segment.Name), segment.Length, cancel) == segment.Hash;
    }
}
