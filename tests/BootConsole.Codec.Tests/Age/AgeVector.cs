// Builds age files line by line and block by block, right or wrong, without the product's writer.
using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using BootConsole.Codec.Native;

namespace BootConsole.Codec.Tests.Age;

/// <summary>How reading a file has to end; the words are those of the published age test vectors.</summary>
public enum Outcome
{
    Success,
    HeaderFailure,
    HmacFailure,
    NoMatch,
    PayloadFailure,
    ArmorFailure,
}

/// <summary>A file, the keys to try, and what has to come of it.</summary>
internal sealed class AgeVector
{
    internal const string Password = "password";
    internal static readonly byte[] Scalar = SampleContent.Random(101, 32);
    internal static readonly byte[] OtherScalar = SampleContent.Random(102, 32);

    private readonly MemoryStream _file = new();
    private byte[] _fileKey = "YELLOW SUBMARINE"u8.ToArray();
    private ChaCha20Poly1305? _payload;
    private long _block;

    internal Outcome Outcome { get; set; }

    /// <summary>What may be given to the reader's caller before the end or the fault.</summary>
    internal MemoryStream Released { get; } = new();

    internal byte[] File => _file.ToArray();

    internal static byte[] PublicOf(ReadOnlySpan<byte> scalar)
    {
        var point = new byte[32];
        Sodium.X25519Public(scalar, point);
        return point;
    }

    internal static string Base64(ReadOnlySpan<byte> bytes) => Convert.ToBase64String(bytes).TrimEnd('=');

    /// <summary>The same value in another spelling: a spare bit is set.</summary>
    internal static string NotCanonical(string text)
    {
        const string alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
        return text[..^1] + alphabet[alphabet.IndexOf(text[^1], StringComparison.Ordinal) + 1];
    }

    internal AgeVector Key(string key)
    {
        _fileKey = Encoding.ASCII.GetBytes(key);
        return this;
    }

    internal AgeVector Raw(ReadOnlySpan<byte> bytes)
    {
        _file.Write(bytes);
        return this;
    }

    internal AgeVector Text(string text) => Raw(Encoding.Latin1.GetBytes(text));

    internal AgeVector Line(string line) => Text(line + "\n");

    internal AgeVector Version() => Line("age-encryption.org/v1");

    /// <summary>Takes back the last line.</summary>
    internal string Unread()
    {
        var text = Encoding.Latin1.GetString(File);
        var start = text.LastIndexOf('\n', text.Length - 2) + 1;
        _file.SetLength(start);
        return text[start..^1];
    }

    internal AgeVector Body(ReadOnlySpan<byte> body)
    {
        var text = Base64(body);
        for (var start = 0; start <= text.Length; start += 64) Line(text.Substring(start, Math.Min(64, text.Length - start)));
        return this;
    }

    internal AgeVector X25519(byte[]? scalar = null, byte[]? share = null, string type = "X25519", Func<byte[], byte[]>? change = null)
    {
        scalar ??= Scalar;
        share ??= PublicOf(SampleContent.Random(103, 32));
        var shared = new byte[32];
        // A point of low order leaves zeros.
        if (!Sodium.TryX25519(scalar, share, shared)) shared = new byte[32];
        var wrapKey = HKDF.DeriveKey(HashAlgorithmName.SHA256, shared, 32, [.. share, .. PublicOf(scalar)], "age-encryption.org/v1/X25519"u8.ToArray());
        return Line($"-> {type} {Base64(share)}").Body((change ?? (body => body))(Wrap(wrapKey)));
    }

    internal AgeVector Scrypt(string password = Password, int logN = 10, string? logText = null, byte[]? salt = null, string type = "scrypt", Func<byte[], byte[]>? change = null)
    {
        salt ??= SampleContent.Random(104, 16);
        var wrapKey = new byte[32];
        Sodium.Scrypt(Encoding.UTF8.GetBytes(password), [.. "age-encryption.org/v1/scrypt"u8, .. salt], logN, wrapKey);
        return Line($"-> {type} {Base64(salt)} {logText ?? $"{logN}"}").Body((change ?? (body => body))(Wrap(wrapKey)));
    }

    internal AgeVector Mac(Func<byte[], byte[]>? change = null)
    {
        var key = HKDF.DeriveKey(HashAlgorithmName.SHA256, _fileKey, 32, [], "header"u8.ToArray());
        byte[] signed = [.. File, .. "---"u8];
        var mac = HMACSHA256.HashData(key, signed);
        return Line("--- " + Base64((change ?? (bytes => bytes))(mac)));
    }

    internal AgeVector Nonce()
    {
        var nonce = SampleContent.Random(105, 16);
        _payload = new ChaCha20Poly1305(HKDF.DeriveKey(HashAlgorithmName.SHA256, _fileKey, 32, nonce, "payload"u8.ToArray()));
        return Raw(nonce);
    }

    /// <summary>A block of <paramref name="bytes"/> bytes. Released unless told otherwise.</summary>
    internal AgeVector Block(int bytes, bool isLast = false, bool isReleased = true, bool isDamaged = false)
    {
        var plain = SampleContent.Random(200 + (int)_block, bytes);
        var stored = new byte[bytes + 16];
        var nonce = new byte[12];
        BinaryPrimitives.WriteInt64BigEndian(nonce.AsSpan(3), _block);
        nonce[11] = isLast ? (byte)1 : (byte)0;
        _payload!.Encrypt(nonce, plain, stored.AsSpan(0, bytes), stored.AsSpan(bytes));
        _block++;
        if (isDamaged) stored[^1] ^= 1;
        if (isReleased) Released.Write(plain);
        return Raw(stored);
    }

    internal AgeVector Payload(int bytes = 3) => Nonce().Block(bytes, isLast: true);

    /// <summary>The file so far as armor; the lines can be changed before they are joined.</summary>
    internal AgeVector Armor(Func<List<string>, List<string>>? change = null, string lineEnd = "\n")
    {
        var text = Convert.ToBase64String(File);
        List<string> lines = ["-----BEGIN AGE ENCRYPTED FILE-----", .. text.Chunk(64).Select(line => new string(line)), "-----END AGE ENCRYPTED FILE-----", ""];
        _file.SetLength(0);
        return Text(string.Join(lineEnd, (change ?? (same => same))(lines)));
    }

    private byte[] Wrap(byte[] wrapKey)
    {
        using var cipher = new ChaCha20Poly1305(wrapKey);
        var body = new byte[_fileKey.Length + 16];
        cipher.Encrypt(new byte[12], _fileKey, body.AsSpan(0, _fileKey.Length), body.AsSpan(_fileKey.Length));
        return body;
    }
}
