// Key sets: what is derived from what, held against values that were not made by BootConsole.
using System.Security.Cryptography;
using System.Text;
using BootConsole.Codec;
using BootConsole.Core;

namespace BootConsole.Images.Tests;

public sealed class KeySetTests
{
    [Fact]
    public void The_id_the_recipients_and_the_mac_are_those_that_python_and_age_keygen_say()
    {
        using var keys = FixedKeys.Make();
        Assert.Equal(FixedKeys.KeyId, keys.Id.ToString());
        Assert.Equal((FixedKeys.Recipient, FixedKeys.TableRecipient), (keys.Recipient.ToString(), keys.TableRecipient.ToString()));
        // python3: hmac.new(bytes(range(32)), b"abc", hashlib.sha256).hexdigest()
        Assert.Equal("f0133729c4163dede81e21cd47839256da58171238c8a0d874397c73b14e1e47", keys.MacOf("abc"u8).ToString());
        Assert.True(keys.ReadsImages);
    }

    [Fact]
    public void The_id_changes_with_the_recipient_and_with_the_mac_key_and_with_nothing_else()
    {
        using var keys = FixedKeys.Make();
        using var other = X25519Identity.MakeRandom();
        Assert.NotEqual(keys.Id, KeySet.IdOf(other.Recipient, keys.MacKey));
        for (var bit = 0; bit < 8 * KeySet.MacKeyBytes; bit += 37)
        {
            var macKey = keys.MacKey.ToArray();
            macKey[bit / 8] ^= (byte)(1 << (bit % 8));
            Assert.NotEqual(keys.Id, KeySet.IdOf(keys.Recipient, macKey));
        }

        using var sameButTables = new KeySet(keys.Recipient, null, X25519Identity.MakeRandom(), keys.MacKey);
        Assert.Equal(keys.Id, sameButTables.Id);
    }

    [Fact]
    public void Two_new_key_sets_share_nothing()
    {
        using var one = KeySet.MakeRandom();
        using var two = KeySet.MakeRandom();
        Assert.NotEqual(one.Id, two.Id);
        Assert.NotEqual(one.Recipient, two.Recipient);
        Assert.NotEqual(one.TableRecipient, two.TableRecipient);
        Assert.NotEqual(one.Recipient, one.TableRecipient);
        Assert.False(one.MacKey.SequenceEqual(two.MacKey));
        Assert.True(one.IsTrusted);
    }

    [Fact]
    public void One_from_a_table_key_file_makes_the_same_macs_and_says_that_it_reads_no_images()
    {
        using var keys = FixedKeys.Make();
        using var tables = KeySetText.ReadTableKey(KeySetText.WriteTableKey(keys));
        Assert.Equal((keys.Id, keys.Recipient, keys.TableRecipient, keys.MacOf("x"u8)), (tables.Id, tables.Recipient, tables.TableRecipient, tables.MacOf("x"u8)));
        Assert.Equal((false, true), (tables.ReadsImages, tables.IsTrusted));
        Assert.Contains(FixedKeys.KeyId, Assert.Throws<KeyFault>(() => tables.Identity).Which, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_sealed_for_its_table_recipient_opens_with_the_table_key_and_not_with_the_other()
    {
        using var keys = FixedKeys.Make();
        var stored = AgeFile.Seal("rows"u8, keys.TableRecipient);
        Assert.Equal("rows"u8.ToArray(), AgeFile.Open(stored, keys.TableIdentity));
        Assert.Throws<KeyFault>(() => AgeFile.Open(stored, keys.Identity));
    }

    [Fact]
    public void A_disposed_key_set_gives_out_none_of_its_secrets()
    {
        var keys = FixedKeys.Make();
        keys.Dispose();
        Assert.Throws<ObjectDisposedException>(() => keys.MacOf("x"u8));
        Assert.Throws<ObjectDisposedException>(() => keys.MacKey.Length);
        Assert.Throws<ObjectDisposedException>(() => keys.TableIdentity.WriteText(new byte[X25519Identity.TextBytes]));
        Assert.Throws<ObjectDisposedException>(() => keys.Identity.WriteText(new byte[X25519Identity.TextBytes]));
    }
}
