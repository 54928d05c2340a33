// The functions of libzstd that the product calls, as zstd.h and zstd_errors.h declare them; only from the stable part of the API.
using System.Runtime.InteropServices;

namespace BootConsole.Codec.Native;

/// <summary>Signatures of zstd.h (1.4.0 and later), names and parameter order as in the header.</summary>
internal static unsafe partial class LibZstd
{
    private const string Library = CodecLibraries.Zstd;

    // ZSTD_cParameter
    internal const int ZSTD_c_compressionLevel = 100, ZSTD_c_hashLog = 102, ZSTD_c_chainLog = 103, ZSTD_c_minMatch = 105;
    internal const int ZSTD_c_contentSizeFlag = 200, ZSTD_c_checksumFlag = 201, ZSTD_c_dictIDFlag = 202;

    [LibraryImport(Library)]
    internal static partial uint ZSTD_versionNumber();

    [LibraryImport(Library)]
    internal static partial nuint ZSTD_compressBound(nuint srcSize);

    [LibraryImport(Library)]
    internal static partial uint ZSTD_isError(nuint code);

    [LibraryImport(Library)]
    internal static partial int ZSTD_getErrorCode(nuint functionResult);

    [LibraryImport(Library)]
    internal static partial nint ZSTD_getErrorName(nuint code);

    [LibraryImport(Library)]
    internal static partial ZstdCompressor ZSTD_createCCtx();

    [LibraryImport(Library)]
    internal static partial nuint ZSTD_freeCCtx(nint cctx);

    [LibraryImport(Library)]
    internal static partial nuint ZSTD_CCtx_setParameter(ZstdCompressor cctx, int param, int value);

    [LibraryImport(Library)]
    internal static partial nuint ZSTD_compress2(ZstdCompressor cctx, byte* dst, nuint dstCapacity, byte* src, nuint srcSize);

    [LibraryImport(Library)]
    internal static partial nuint ZSTD_sizeof_CCtx(ZstdCompressor cctx);

    [LibraryImport(Library)]
    internal static partial ZstdDecompressor ZSTD_createDCtx();

    [LibraryImport(Library)]
    internal static partial nuint ZSTD_freeDCtx(nint dctx);

    [LibraryImport(Library)]
    internal static partial nuint ZSTD_decompressDCtx(ZstdDecompressor dctx, byte* dst, nuint dstCapacity, byte* src, nuint srcSize);

    [LibraryImport(Library)]
    internal static partial nuint ZSTD_sizeof_DCtx(ZstdDecompressor dctx);

    [LibraryImport(Library)]
    internal static partial nuint ZSTD_findFrameCompressedSize(byte* src, nuint srcSize);
}
