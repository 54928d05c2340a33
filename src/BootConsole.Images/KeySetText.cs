// A key set as a text file that the age program takes for an identity file: what else it holds stands in comment lines.
using System.Security.Cryptography;
using System.Text;
using BootConsole.Codec;
using BootConsole.Core;

namespace BootConsole.Images;

/// <summary>Writes and reads key sets and table keys (docs/format.md, "Encryption"). The bytes are secret: callers zero them.</summary>
public static class KeySetText
{
    private const int MaxBytes = 4096;

    private static ReadOnlySpan<byte> KeySetLine => "# key-set: "u8;

    private static ReadOnlySpan<byte> RecipientLine => "# recipient: "u8;

    private static ReadOnlySpan<byte> MacKeyLine => "# mac-key: "u8;

    private static ReadOnlySpan<byte> TableKeyLine => "# table-key: "u8;

    /// <summary>The whole key set: what is wrapped by a password or for recipients.</summary>
    internal static byte[] Write(KeySet keys)
    {
        var text = new SecretText();
        WriteHead(text, keys);
        text.Add(TableKeyLine);
        text.Add(keys.TableIdentity);
        text.Add("\n"u8);
        text.Add(keys.Identity);
        text.Add("\n"u8);
        return text.Take();
    }

    /// <summary>The table key file of a key set: enough to make images and to read tables, not to read images.</summary>
    public static byte[] WriteTableKey(KeySet keys)
    {
        var text = new SecretText();
        text.Add("# BootConsole table key. It makes images with this key set and reads their tables, not the images. Keep it secret.\n"u8);
        WriteHead(text, keys);
        text.Add(keys.TableIdentity);
        text.Add("\n"u8);
        return text.Take();
    }

    /// <summary>Reads a key set.</summary>
    /// <param name="text">The file; the caller zeroes it.</param>
    /// <param name="isTrusted">See <see cref="KeySet.IsTrusted"/>.</param>
    /// <exception cref="KeyFault">It is damaged, or a table key. The message holds nothing of it.</exception>
    internal static KeySet Read(ReadOnlySpan<byte> text, bool isTrusted)
    {
        var parts = Parts.Of(text);
        var tableKey = parts.Find(TableKeyLine);
        if (tableKey.IsEmpty) throw new KeyFault("the key set has no table key") { Expected = "a key set, not a table key file" };
        using var macKey = parts.TakeMacKey();
        X25519Identity? identity = null, tableIdentity = null;
        try
        {
            identity = ParseOne(text);
            tableIdentity = X25519Identity.Parse(tableKey);
            return parts.Check(new KeySet(identity.Recipient, identity, tableIdentity, macKey.Span) { IsTrusted = isTrusted });
        }
        catch
        {
            identity?.Dispose();
            tableIdentity?.Dispose();
            throw;
        }
    }

    /// <summary>Reads a table key file.</summary>
    /// <param name="text">The file; the caller zeroes it.</param>
    /// <exception cref="KeyFault">It is damaged, or something else. The message holds nothing of it.</exception>
    public static KeySet ReadTableKey(ReadOnlySpan<byte> text)
    {
        var parts = Parts.Of(text);
        if (!parts.Find(TableKeyLine).IsEmpty) throw new KeyFault("the file is a whole key set, not a table key") { Remedy = "'bootconsole keys new --table-key FILE' writes one." };
        var recipient = parts.Recipient;
        using var macKey = parts.TakeMacKey();
        return parts.Check(new KeySet(recipient, null, ParseOne(text), macKey.Span) { IsTrusted = true });
    }

    private static void WriteHead(SecretText text, KeySet keys)
    {
        Span<byte> macKey = stackalloc byte[2 * KeySet.MacKeyBytes];
        Convert.TryToHexStringLower(keys.MacKey, macKey, out _);
        text.Add(KeySetLine);
        text.Add(Encoding.ASCII.GetBytes(keys.Id + "\n"));
        text.Add(RecipientLine);
        text.Add(Encoding.ASCII.GetBytes(keys.Recipient + "\n"));
        text.Add(MacKeyLine);
        text.Add(macKey);
        text.Add("\n"u8);
        CryptographicOperations.ZeroMemory(macKey);
    }

    private static X25519Identity ParseOne(ReadOnlySpan<byte> text)
    {
        var identities = AgeIdentityFile.Parse(text);
        if (identities.Count == 1) return identities[0];
        foreach (var identity in identities) identity.Dispose();
        throw new KeyFault("the key file holds more than one key");
    }

    /// <summary>The comment lines of a key file.</summary>
    private readonly ref struct Parts
    {
        private readonly ReadOnlySpan<byte> _text;

        private Parts(ReadOnlySpan<byte> text) => _text = text;

        internal static Parts Of(ReadOnlySpan<byte> text) =>
            text.Length <= MaxBytes ? new Parts(text) : throw new KeyFault("the key file is too long to be one") { Expected = $"at most {MaxBytes} bytes" };

        internal X25519Recipient Recipient => X25519Recipient.Parse(Encoding.ASCII.GetString(Find(RecipientLine)));

        /// <summary>Reads the MAC key; the caller disposes it.</summary>
        internal SecretBytes TakeMacKey()
        {
            var macKey = new SecretBytes(KeySet.MacKeyBytes);
            var isHex = Convert.FromHexString(Find(MacKeyLine), macKey.Span, out var consumed, out var written) == System.Buffers.OperationStatus.Done;
            if (isHex && written == KeySet.MacKeyBytes && consumed == 2 * KeySet.MacKeyBytes) return macKey;
            macKey.Dispose();
            throw new KeyFault("the key file has no MAC key");
        }

        /// <summary>What stands behind <paramref name="start"/> on its line; empty when there is no such line.</summary>
        internal ReadOnlySpan<byte> Find(ReadOnlySpan<byte> start)
        {
            foreach (var range in _text.Split((byte)'\n'))
            {
                var line = _text[range];
                if (line.EndsWith("\r"u8)) line = line[..^1];
                if (line.StartsWith(start)) return line[start.Length..];
            }

            return [];
        }

        // The id binds the recipient to the MAC key: with either exchanged it is another key set.
        internal KeySet Check(KeySet keys)
        {
            if (Find(KeySetLine).SequenceEqual(Encoding.ASCII.GetBytes(keys.Id.ToString()))) return keys;
            keys.Dispose();
            throw new KeyFault("the key file is damaged: its parts do not belong together");
        }
    }

    /// <summary>Text in one pinned buffer, so that no copy stays behind.</summary>
    private sealed class SecretText
    {
        private readonly byte[] _bytes = GC.AllocateArray<byte>(MaxBytes, pinned: true);
        private int _length;

        internal void Add(ReadOnlySpan<byte> text)
        {
            text.CopyTo(_bytes.AsSpan(_length));
            _length += text.Length;
        }

        internal void Add(X25519Identity identity)
        {
            identity.WriteText(_bytes.AsSpan(_length));
            _length += X25519Identity.TextBytes;
        }

        internal byte[] Take()
        {
            var taken = GC.AllocateUninitializedArray<byte>(_length, pinned: true);
            _bytes.AsSpan(0, _length).CopyTo(taken);
            CryptographicOperations.ZeroMemory(_bytes);
            return taken;
        }
    }
}
