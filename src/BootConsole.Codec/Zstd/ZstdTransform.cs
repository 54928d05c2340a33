// A chunk as one zstd frame, made and read by the system's libzstd.
using BootConsole.Codec.Native;
using BootConsole.Core;

namespace BootConsole.Codec;

/// <summary>
/// Compresses each chunk to one zstd frame (RFC 8878) that declares its content's length, has no dictionary and no checksum (the SHA-256 of the plain bytes is kept
/// elsewhere). Frames put one after the other decode with <c>zstd -d</c>. Equal input, level and library give equal bytes. Not thread-safe: one per worker.
/// </summary>
public sealed unsafe class ZstdTransform : ILeveledTransform
{
    /// <summary>The longest chunk in bytes, 16 MiB.</summary>
    public const int MaxChunkBytes = 16 << 20;

    /// <summary>The range of levels. Those above 19 take three times the memory for less than 0.1 % of ratio at 16 MiB.</summary>
    public const int MinLevel = 1, MaxLevel = 19;

    private readonly ZstdCompressor _compressor;
    private readonly ZstdDecompressor _decompressor;
    private int _level;
    private ZstdTuning _tuning;

    /// <summary>Makes a transform; its working memory is taken with the first chunk.</summary>
    /// <param name="level">1 (fast) to 19 (small).</param>
    /// <exception cref="HostFault">libzstd is missing, or memory is short.</exception>
    public ZstdTransform(int level)
    {
        CheckLevel(level);
        _compressor = LibZstd.ZSTD_createCCtx();
        _decompressor = LibZstd.ZSTD_createDCtx();
        if (_compressor.IsInvalid || _decompressor.IsInvalid) throw new HostFault("there is not enough memory to start zstd");
        SetAll(LibZstd.ZSTD_c_contentSizeFlag, 1, LibZstd.ZSTD_c_checksumFlag, 0, LibZstd.ZSTD_c_dictIDFlag, 0);
        Level = level;
    }

    /// <summary>The level of the next chunk, 1 to 19. Setting it is cheap; working memory grows to what the highest level used takes.</summary>
    public int Level
    {
        get => _level;
        set
        {
            CheckLevel(value);
            if (value == _level) return;
            SetAll(LibZstd.ZSTD_c_compressionLevel, value);
            _level = value;
        }
    }

    /// <summary>Bytes of working memory taken now, by both directions.</summary>
    public long MemoryBytes => (long)(LibZstd.ZSTD_sizeof_CCtx(_compressor) + LibZstd.ZSTD_sizeof_DCtx(_decompressor));

    /// <summary>Most bytes that one transform's compression takes beside the caller's buffers: 2 MiB at level 3, 18 MiB at level 19 with 1 MiB chunks, 82 MiB with 16 MiB chunks.</summary>
    /// <param name="level">The highest level used.</param>
    /// <param name="chunkBytes">The longest chunk.</param>
    public static long MostMemoryBytes(int level, int chunkBytes)
    {
        CheckLevel(level);
        CheckLength(chunkBytes);
        return ZstdTuning.MostMemoryBytes(level, chunkBytes);
    }

    /// <inheritdoc/>
    public int MaxApplied(int plainBytes)
    {
        CheckLength(plainBytes);
        return ZstdResult.Check(LibZstd.ZSTD_compressBound((nuint)plainBytes));
    }

    /// <inheritdoc/>
    public int Apply(ReadOnlySpan<byte> plain, Span<byte> stored)
    {
        if (stored.Length < MaxApplied(plain.Length)) throw new ArgumentException("shorter than MaxApplied", nameof(stored));
        Tune(ZstdTuning.For(_level, plain.Length));
        fixed (byte* source = plain, target = stored)
            return ZstdResult.Check(LibZstd.ZSTD_compress2(_compressor, target, (nuint)stored.Length, source, (nuint)plain.Length));
    }

    /// <inheritdoc/>
    /// <remarks>Refuses everything but exactly one frame without a dictionary whose declared length is that of <paramref name="plain"/>. After a fault the content of <paramref name="plain"/> is undefined.</remarks>
    public void Undo(ReadOnlySpan<byte> stored, Span<byte> plain)
    {
        CheckLength(plain.Length);
        CheckHeader(stored, plain.Length);
        fixed (byte* source = stored, target = plain)
        {
            // The library would go on to decode a second frame or skip a skippable one.
            var frameBytes = ZstdResult.Check(LibZstd.ZSTD_findFrameCompressedSize(source, (nuint)stored.Length));
            if (frameBytes != stored.Length)
                throw new CorruptFault("compressed bytes are damaged: something follows the frame") { Expected = $"{frameBytes} bytes", Found = $"{stored.Length} bytes" };
            var plainBytes = ZstdResult.Check(LibZstd.ZSTD_decompressDCtx(_decompressor, target, (nuint)plain.Length, source, (nuint)stored.Length));
            if (plainBytes != plain.Length)
                throw new CorruptFault("compressed bytes are damaged: they decode to another length") { Expected = $"{plain.Length} bytes", Found = $"{plainBytes} bytes" };
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _compressor.Dispose();
        _decompressor.Dispose();
    }

    // The library's own limit (ZSTD_d_windowLogMax) counts only for its streaming decoder, and nothing keeps this one from skipping or going on.
    private static void CheckHeader(ReadOnlySpan<byte> stored, int plainBytes)
    {
        if (!ZstdFrameHeader.TryRead(stored, out var header)) throw new CorruptFault("compressed bytes are damaged: they do not start as a zstd frame");
        if (header.ContentBytes != (ulong)plainBytes)
        {
            throw new CorruptFault("compressed bytes are damaged: the frame is not of the chunk's length")
            {
                Expected = $"{plainBytes} bytes",
                Found = header.ContentBytes is { } bytes ? $"{bytes} bytes" : "no length",
            };
        }

        if (header.DictionaryId != 0) throw new CorruptFault("compressed bytes are damaged: the frame needs a dictionary");
        if (header.WindowBytes > MaxChunkBytes)
            throw new CorruptFault("compressed bytes are damaged: the frame wants too much memory") { Expected = $"at most {MaxChunkBytes} bytes", Found = $"{header.WindowBytes} bytes" };
    }

    private static void CheckLevel(int level)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(level, MinLevel);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(level, MaxLevel);
    }

    private static void CheckLength(int plainBytes)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(plainBytes, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(plainBytes, MaxChunkBytes);
    }

    private void Tune(ZstdTuning tuning)
    {
        if (tuning == _tuning) return;
        SetAll(LibZstd.ZSTD_c_hashLog, tuning.HashLog, LibZstd.ZSTD_c_chainLog, tuning.ChainLog, LibZstd.ZSTD_c_minMatch, tuning.MinMatch);
        _tuning = tuning;
    }

    private void SetAll(params ReadOnlySpan<int> parametersAndValues)
    {
        for (var i = 0; i < parametersAndValues.Length; i += 2)
            ZstdResult.Check(LibZstd.ZSTD_CCtx_setParameter(_compressor, parametersAndValues[i], parametersAndValues[i + 1]));
    }
}
