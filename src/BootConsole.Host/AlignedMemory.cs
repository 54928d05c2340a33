// A buffer whose address fits direct I/O.
using System.Buffers;
using System.Runtime.InteropServices;

namespace BootConsole.Host;

/// <summary>Unmanaged memory at a multiple of 4,096 bytes, as O_DIRECT wants it. Owned by one; freed by <see cref="IDisposable.Dispose"/>.</summary>
public sealed unsafe class AlignedMemory : MemoryManager<byte>
{
    /// <summary>The alignment in bytes.</summary>
    public const int Alignment = 4096;

    private readonly int _length;
    private byte* _start;

    /// <summary>Takes <paramref name="length"/> bytes, not cleared.</summary>
    public AlignedMemory(int length)
    {
        _length = length;
        _start = (byte*)NativeMemory.AlignedAlloc((nuint)length, Alignment);
        GC.AddMemoryPressure(length);
    }

    /// <summary>True when the first byte lies at a multiple of <paramref name="alignment"/> (a power of two).</summary>
    public static bool IsAligned(ReadOnlySpan<byte> bytes, int alignment)
    {
        fixed (byte* start = bytes) return ((nuint)start & (nuint)(alignment - 1)) == 0;
    }

    /// <inheritdoc/>
    public override Span<byte> GetSpan()
    {
        ObjectDisposedException.ThrowIf(_start is null, this);
        return new Span<byte>(_start, _length);
    }

    /// <inheritdoc/>
    public override MemoryHandle Pin(int elementIndex = 0) => new(_start + elementIndex);

    /// <inheritdoc/>
    public override void Unpin() { }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (_start is null) return;
        NativeMemory.AlignedFree(_start);
        GC.RemoveMemoryPressure(_length);
        _start = null;
    }
}
