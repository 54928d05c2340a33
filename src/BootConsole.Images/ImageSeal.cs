// How the files of an image become stored bytes: as they are, or as age files of the image's key set.
using BootConsole.Codec;
using BootConsole.Core;

namespace BootConsole.Images;

/// <summary>Seals and opens the small files of one image, and starts its encrypted segments. Without keys everything stays as it is.</summary>
internal sealed class ImageSeal(KeySet? keys)
{
    /// <summary>An image that is not encrypted.</summary>
    internal static ImageSeal None { get; } = new(null);

    /// <summary>True for an encrypted image.</summary>
    internal bool IsEncrypted => keys is not null;

    /// <summary>The key id; zeros for an image that is not encrypted.</summary>
    internal ChunkHash KeyId => keys?.Id ?? default;

    /// <summary>A new file key for a segment; null for an image that is not encrypted.</summary>
    internal AgeFileWriter? NewSegment() => keys is null ? null : new AgeFileWriter(keys.Recipient);

    /// <summary>The stored bytes of a table: the table key reads them, too.</summary>
    internal ReadOnlyMemory<byte> SealTable(ReadOnlyMemory<byte> plain) => keys is null ? plain : AgeFile.Seal(plain.Span, keys.Recipient, keys.TableRecipient);

    /// <summary>The stored bytes of a layout.</summary>
    internal byte[] SealLayout(byte[] plain) => keys is null ? plain : AgeFile.Seal(plain, keys.Recipient);

    /// <exception cref="CorruptFault">Damaged, or sealed for another key set.</exception>
    internal byte[] OpenTable(byte[] stored, string which) => keys is null ? stored : Open(stored, keys.TableIdentity, which);

    /// <exception cref="CorruptFault">Damaged, or sealed for another key set.</exception>
    /// <exception cref="KeyFault">The keys do not read images.</exception>
    internal byte[] OpenLayout(byte[] stored, string which) => keys is null ? stored : Open(stored, keys.Identity, which);

    private static byte[] Open(byte[] stored, X25519Identity identity, string which)
    {
        try
        {
            return AgeFile.Open(stored, identity);
        }
        catch (Fault damage) when (damage is CorruptFault or KeyFault)
        {
            throw new CorruptFault("an encrypted file does not open", damage) { Which = which, Found = damage.Message, Part = (damage as CorruptFault)?.Part ?? EncryptedPart.Header };
        }
    }
}
