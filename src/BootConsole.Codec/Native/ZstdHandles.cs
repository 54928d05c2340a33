// Who frees the contexts of libzstd: one handle type for each.
using System.Runtime.InteropServices;

namespace BootConsole.Codec.Native;

/// <summary>Owns a <c>ZSTD_CCtx</c>.</summary>
internal sealed class ZstdCompressor : SafeHandle
{
    public ZstdCompressor() : base(0, ownsHandle: true) { }

    public override bool IsInvalid => handle == 0;

    protected override bool ReleaseHandle() => LibZstd.ZSTD_freeCCtx(handle) == 0;
}

/// <summary>Owns a <c>ZSTD_DCtx</c>.</summary>
internal sealed class ZstdDecompressor : SafeHandle
{
    public ZstdDecompressor() : base(0, ownsHandle: true) { }

    public override bool IsInvalid => handle == 0;

    protected override bool ReleaseHandle() => LibZstd.ZSTD_freeDCtx(handle) == 0;
}
