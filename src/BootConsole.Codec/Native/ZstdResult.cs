// From a return code of libzstd to a length or a fault: the one place that knows the codes.
using System.Runtime.InteropServices;
using BootConsole.Core;

namespace BootConsole.Codec.Native;

/// <summary>Checks what a libzstd function returned.</summary>
internal static class ZstdResult
{
    /// <summary>The result as a length.</summary>
    /// <exception cref="CorruptFault">The library found the compressed bytes damaged.</exception>
    /// <exception cref="HostFault">The library lacks memory or a parameter.</exception>
    internal static int Check(nuint result) => LibZstd.ZSTD_isError(result) == 0 ? checked((int)result) : throw Fault(result);

    // Numbers of ZSTD_ErrorCode, zstd_errors.h: "only values below 100 are considered stable".
    private static Fault Fault(nuint result) => LibZstd.ZSTD_getErrorCode(result) switch
    {
        10 => Damaged("they do not start as a zstd frame"), // prefix_unknown
        12 or 14 => Damaged("the frame has a feature that is not part of the format"), // version_unsupported, frameParameter_unsupported
        16 => Damaged("the frame wants too much memory"), // frameParameter_windowTooLarge
        20 or 24 or 44 or 46 or 48 => Damaged("a block is damaged"), // corruption_detected and the entropy tables
        22 => Damaged("the frame's checksum differs"), // checksum_wrong
        30 or 32 => Damaged("the frame needs a dictionary"), // dictionary_corrupted, dictionary_wrong
        70 => Damaged("they decode to more bytes than the frame declares"), // dstSize_tooSmall
        72 => Damaged("the frame is cut short"), // srcSize_wrong
        64 => new HostFault("there is not enough memory to compress or decompress a chunk") { Remedy = "Use a lower compression level or a smaller chunk size." },
        40 or 42 => new HostFault("the system's libzstd lacks a compression parameter") { Found = Version(), Remedy = "Update the package libzstd1." },
        _ => new HostFault("libzstd failed: " + Marshal.PtrToStringUTF8(LibZstd.ZSTD_getErrorName(result))) { Found = Version() },
    };

    private static CorruptFault Damaged(string how) => new("compressed bytes are damaged: " + how);

    private static string Version()
    {
        var number = LibZstd.ZSTD_versionNumber();
        return $"libzstd {number / 10000}.{number / 100 % 100}.{number % 100}";
    }
}
