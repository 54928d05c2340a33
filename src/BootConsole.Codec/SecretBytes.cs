// Key material: pinned, so that no copy is left behind by the collector, and zeroed when its owner is done.
using System.Security.Cryptography;

namespace BootConsole.Codec;

/// <summary>Bytes that must not outlive their use.</summary>
public sealed class SecretBytes : IDisposable
{
    private readonly byte[] _bytes;
    private bool _isGone;

    /// <summary>Takes <paramref name="length"/> zero bytes.</summary>
    public SecretBytes(int length) => _bytes = GC.AllocateArray<byte>(length, pinned: true);

    /// <summary>Copies <paramref name="content"/>; the caller zeroes its own.</summary>
    public SecretBytes(ReadOnlySpan<byte> content) : this(content.Length) => content.CopyTo(_bytes);

    /// <summary>The bytes.</summary>
    /// <exception cref="ObjectDisposedException">They are gone.</exception>
    public Span<byte> Span
    {
        get
        {
            ObjectDisposedException.ThrowIf(_isGone, this);
            return _bytes;
        }
    }

    /// <summary>Zeroes the bytes.</summary>
    public void Dispose()
    {
        CryptographicOperations.ZeroMemory(_bytes);
        _isGone = true;
    }
}
