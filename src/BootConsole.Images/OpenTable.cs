// A table that is being filled, with the segment that takes its new frames.
using System.Security.Cryptography;
using BootConsole.Codec;
using BootConsole.Core;
using BootConsole.Stores;

namespace BootConsole.Images;

/// <summary>The rows of consecutive chunks. The segment's file is made with its first frame; a range where nothing is new has none.</summary>
internal sealed class OpenTable(SegmentName name, long mostBytes, AgeFileWriter? age, Func<StorePath, CancellationToken, Task<IStoreWriter>> createAsync, StorePath part) : IAsyncDisposable
{
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly Dictionary<SegmentReference, ushort> _sources = [];
    private byte[] _sealed = [];
    private IStoreWriter? _file;

    internal SegmentName Name => name;

    internal StorePath Part => part;

    /// <summary>Bytes of frames at which it is closed.</summary>
    internal long MostBytes => mostBytes;

    internal List<ChunkRow> Rows { get; } = [];

    internal List<SegmentReference> Sources { get; } = [];

    internal bool HasSegment => _file is not null;

    /// <summary>Bytes of the frames so far, before encryption.</summary>
    internal long FrameBytes { get; private set; }

    /// <summary>Stored length; known once finished.</summary>
    internal long Length { get; private set; }

    /// <summary>SHA-256 of the stored bytes; known once finished.</summary>
    internal ChunkHash Hash { get; private set; }

    internal async ValueTask AppendAsync(ChunkKind kind, ChunkHash hash, ReadOnlyMemory<byte> frame, CancellationToken cancel)
    {
        Rows.Add(new ChunkRow(kind, 0, FrameBytes, frame.Length, hash));
        if (frame.IsEmpty)
        {
            Rows[^1] = Rows[^1] with { Offset = 0 };
            return;
        }

        FrameBytes += frame.Length;
        if (_file is null)
        {
            _file = await createAsync(part, cancel);
            if (age is not null) await WriteAsync(age.Start, cancel);
        }

        await WriteAsync(age is null ? frame : Seal(age, frame), cancel);
    }

    internal void AppendSame(ChunkHash hash, KnownFrame same)
    {
        if (!_sources.TryGetValue(same.Segment, out var source))
        {
            Sources.Add(same.Segment);
            source = _sources[same.Segment] = checked((ushort)Sources.Count);
        }

        Rows.Add(new ChunkRow(ChunkKind.Same, source, same.Offset, same.StoredBytes, hash));
    }

    internal async Task FinishAsync(CancellationToken cancel)
    {
        if (_file is null) return;
        if (age is not null) await WriteAsync(SealLast(age), cancel);
        Hash = new ChunkHash(_hash.GetHashAndReset());
        Length = _file.Length;
        await _file.FinishAsync(cancel);
    }

    public async ValueTask DisposeAsync()
    {
        _hash.Dispose();
        age?.Dispose();
        if (_file is not null) await _file.DisposeAsync();
    }

    private ReadOnlyMemory<byte> Seal(AgeFileWriter writer, ReadOnlyMemory<byte> frame)
    {
        var most = AgeFileWriter.MaxSealed(frame.Length);
        if (_sealed.Length < most) _sealed = new byte[most];
        return _sealed.AsMemory(0, writer.Seal(frame.Span, _sealed));
    }

    private ReadOnlyMemory<byte> SealLast(AgeFileWriter writer)
    {
        var most = AgeFileWriter.MaxSealed(0);
        if (_sealed.Length < most) _sealed = new byte[most];
        return _sealed.AsMemory(0, writer.Finish(_sealed));
    }

    private async ValueTask WriteAsync(ReadOnlyMemory<byte> stored, CancellationToken cancel)
    {
        if (stored.IsEmpty) return;
        _hash.AppendData(stored.Span);
        await _file!.AppendAsync(stored, cancel);
    }
}
