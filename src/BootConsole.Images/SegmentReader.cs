// One stored segment, opened: its frames by their place, whether the file is encrypted or not.
using BootConsole.Codec;
using BootConsole.Core;
using BootConsole.Stores;

namespace BootConsole.Images;

/// <summary>
/// Reads the frames of a segment. Either whole ranges at once by <see cref="ReadAsync"/>, one reading at a time; or in two steps that callers run concurrently: read
/// <see cref="StoredRange"/> of the file, then <see cref="Open"/> it.
/// </summary>
public sealed class SegmentReader : IAsyncDisposable
{
    private readonly IStoreReader _file;
    private readonly AgeRangeReader? _age;
    private readonly string _which;

    private SegmentReader(IStoreReader file, AgeRangeReader? age, string which) => (_file, _age, _which) = (file, age, which);

    /// <summary>True when <see cref="Open"/> decrypts; else stored bytes are frames.</summary>
    public bool IsEncrypted => _age is not null;

    /// <summary>Bytes of all frames.</summary>
    public long PlainBytes => _age?.Layout.PlainBytes ?? _file.Length;

    /// <summary>Stored bytes before the first block of frames; empty when not encrypted.</summary>
    public ReadOnlyMemory<byte> Start => _age?.Start ?? default;

    internal static async Task<SegmentReader> OpenAsync(IStoreReader file, KeySet? keys, string which, CancellationToken cancel)
    {
        if (keys is null) return new SegmentReader(file, null, which);
        // Asked for outside: that a key does not read images is no damage.
        var identity = keys.Identity;
        try
        {
            var age = await AgeRangeReader.OpenAsync(file.Length, (offset, buffer, token) => FillAsync(file, offset, buffer, which, token), [identity], cancel);
            return new SegmentReader(file, age, which);
        }
        catch (Fault damage) when (damage is KeyFault or CorruptFault { Part: not EncryptedPart.None })
        {
            throw new CorruptFault("an encrypted segment does not open", damage) { Which = which, Found = damage.Message, Part = (damage as CorruptFault)?.Part ?? EncryptedPart.Header, StoreFile = which };
        }
    }

    /// <summary>The stored bytes that hold the frame bytes <paramref name="plain"/>.</summary>
    /// <exception cref="CorruptFault">They lie beyond the segment's end.</exception>
    public ByteRange StoredRange(ByteRange plain)
    {
        if (plain.End > PlainBytes) throw new CorruptFault("a segment ends early") { Which = _which, StoreFile = _which };
        return _age is null || plain.IsEmpty ? plain : _age.Layout.StoredRange(plain);
    }

    /// <summary>Reads stored bytes.</summary>
    /// <exception cref="CorruptFault">The segment ends early.</exception>
    public ValueTask ReadStoredAsync(long offset, Memory<byte> buffer, CancellationToken cancel) => FillAsync(_file, offset, buffer, _which, cancel);

    /// <summary>Opens stored bytes; for encrypted segments only. Thread-safe.</summary>
    /// <param name="plain">The frame bytes wanted.</param>
    /// <param name="stored">The bytes of <see cref="StoredRange"/> of it.</param>
    /// <param name="target">As long as <paramref name="plain"/>.</param>
    /// <exception cref="CorruptFault">A block was altered, moved or cut.</exception>
    public void Open(ByteRange plain, ReadOnlySpan<byte> stored, Span<byte> target)
    {
        if (plain.IsEmpty) return;
        try
        {
            _age!.Open(plain, stored, target);
        }
        catch (CorruptFault damage)
        {
            throw Damaged(damage);
        }
    }

    /// <summary>Reads frame bytes.</summary>
    /// <exception cref="CorruptFault">The segment ends early, or a block was altered.</exception>
    public async ValueTask ReadAsync(long offset, Memory<byte> buffer, CancellationToken cancel)
    {
        StoredRange(new ByteRange(offset, buffer.Length));
        if (_age is null) await FillAsync(_file, offset, buffer, _which, cancel);
        else await GuardAsync(() => _age.ReadAsync(offset, buffer, cancel));
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _age?.Dispose();
        await _file.DisposeAsync();
    }

    private async ValueTask GuardAsync(Func<ValueTask> read)
    {
        try
        {
            await read();
        }
        catch (CorruptFault damage) when (damage.Part != EncryptedPart.None)
        {
            throw Damaged(damage);
        }
    }

    private CorruptFault Damaged(CorruptFault damage) => new("an encrypted segment is damaged", damage) { Which = _which, Found = damage.Message, Part = damage.Part, StoreFile = _which };

    private static async ValueTask FillAsync(IStoreReader file, long offset, Memory<byte> buffer, string which, CancellationToken cancel)
    {
        if (await file.ReadAsync(offset, buffer, cancel) < buffer.Length) throw new CorruptFault("a segment ends early") { Which = which, StoreFile = which };
    }
}
