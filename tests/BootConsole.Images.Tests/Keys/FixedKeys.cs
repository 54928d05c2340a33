// A key set that is the same for ever, and a store with its wraps.
using System.Text;
using BootConsole.Codec;
using BootConsole.Core;
using BootConsole.Stores;

namespace BootConsole.Images.Tests;

/// <summary>
/// Made outside of BootConsole, by Python: Bech32 (BIP 173) of the bytes 32 to 63, 64 to 95 and 96 to 127 as secret keys, their recipients by <c>age-keygen -y</c>, the MAC key the bytes 0 to 31,
/// and the key id <c>hashlib.sha256(recipient.encode() + bytes(range(32))).hexdigest()</c>.
/// </summary>
internal static class FixedKeys
{
    internal const string Identity = "AGE-SECRET-KEY-1YQSJYGEYY5NZW2PF9G4JCTFW9UCRZV3NXS6NVDEC8YARK0PA8CLSWXGG7Q";
    internal const string Recipient = "age1xkq8943ktzqdrth2x2ddlyfp8qu9rmfp528rka0fvhgd9ngkvf2qu2snyf";
    internal const string TableIdentity = "AGE-SECRET-KEY-1GPQ5YS6YG4RYWJZFFF95CN2WFAG9Z5JN2324V46CT9D9KHZATE0S5FAZ64";
    internal const string TableRecipient = "age10xnrrmk7r0uunrcjqvkdatwsu7s8jwv0c7rt3rxggmkgntu955dq25yyzj";
    internal const string Escrow = "AGE-SECRET-KEY-1VPSKYCMYV4NXW6RFDF4KCMTWDAC8ZUNNW36HVAMC09A8KLRA0ELS5V382A";
    internal const string EscrowRecipient = "age1vawa2a8dw7ynzzea9emgrumepdrxcaemz5slanek2au4sdc755hsee0f04";
    internal const string MacKey = "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f";
    internal const string KeyId = "28a1f947e86a2bf8b71b455ddc98180512dbd9f133edcc9cdf88ceff357dcca7";
    internal const string Password = "open sesame";

    /// <summary>The text of the key set as it is wrapped.</summary>
    internal const string Text = $"# key-set: {KeyId}\n# recipient: {Recipient}\n# mac-key: {MacKey}\n# table-key: {TableIdentity}\n{Identity}\n";

    /// <summary>The text of its table key file.</summary>
    internal const string TableKeyText =
        $"# BootConsole table key. It makes images with this key set and reads their tables, not the images. Keep it secret.\n# key-set: {KeyId}\n# recipient: {Recipient}\n# mac-key: {MacKey}\n{TableIdentity}\n";

    internal static ChunkHash Id => ChunkHash.TryParse(KeyId, out var id) ? id : throw new InvalidOperationException();

    /// <summary>Cheap enough for tests, and no more is accepted.</summary>
    internal static ScryptLimits Limits => new() { MaxLogN = 10 };

    internal static KeySet Make(bool isTrusted = true) => KeySetText.Read(Encoding.ASCII.GetBytes(Text), isTrusted);

    internal static X25519Identity IdentityOf(string text) => X25519Identity.Parse(Encoding.ASCII.GetBytes(text));

    internal static PasswordIdentity PasswordOf(string text, ScryptLimits? limits = null) => new(Encoding.UTF8.GetBytes(text), limits ?? Limits);

    internal static PasswordRecipient WrapWith(string password, int logN = 1) => new(Encoding.UTF8.GetBytes(password), logN);

    /// <summary>Publishes a wrap by a password.</summary>
    internal static async Task<KeyWrap> PublishAsync(IDeleteStore store, KeySet keys, string password = Password)
    {
        using var recipient = WrapWith(password);
        return await KeyWraps.PublishAsync(store, keys, [recipient], null, default);
    }

    /// <summary>Publishes a wrap for the organisation's key.</summary>
    internal static Task<KeyWrap> PublishEscrowAsync(IDeleteStore store, KeySet keys) => KeyWraps.PublishAsync(store, keys, [X25519Recipient.Parse(EscrowRecipient)], null, default);
}
