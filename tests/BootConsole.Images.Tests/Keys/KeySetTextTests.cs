// Key sets as text: written as the format says, and refused by name when anything of it is not as it was.
using System.Text;
using BootConsole.Codec;
using BootConsole.Core;
using BootConsole.TestKit;

namespace BootConsole.Images.Tests;

public sealed class KeySetTextTests
{
    [Fact]
    public void A_key_set_is_written_and_read_as_these_very_bytes()
    {
        using var keys = FixedKeys.Make();
        Assert.Equal(FixedKeys.Text, Encoding.ASCII.GetString(KeySetText.Write(keys)));
        Assert.Equal(FixedKeys.TableKeyText, Encoding.ASCII.GetString(KeySetText.WriteTableKey(keys)));
        using var again = KeySetText.Read(KeySetText.Write(keys), isTrusted: false);
        Assert.Equal((keys.Id, keys.Recipient, keys.TableRecipient, false), (again.Id, again.Recipient, again.TableRecipient, again.IsTrusted));
        Assert.True(again.MacKey.SequenceEqual(keys.MacKey));
    }

    [Fact]
    public void Any_new_key_set_comes_back_whole()
    {
        for (var round = 0; round < 20; round++)
        {
            using var keys = KeySet.MakeRandom();
            using var again = KeySetText.Read(KeySetText.Write(keys), isTrusted: true);
            Assert.Equal(KeySetText.Write(keys), KeySetText.Write(again));
        }
    }

    [Fact]
    public void The_age_program_takes_the_text_for_an_identity_file()
    {
        using var folder = new TempFolder();
        File.WriteAllText(folder["id"], FixedKeys.Text);
        Assert.Equal(FixedKeys.Recipient, SystemTool.Run("age-keygen", "-y", folder["id"]).Trim());
        using var keys = FixedKeys.Make();
        File.WriteAllBytes(folder["x.age"], AgeFile.Seal("content"u8, keys.Recipient));
        Assert.Equal("content", SystemTool.Run("age", "-d", "-i", folder["id"], folder["x.age"]));
    }

    [Fact]
    public void Lines_that_end_as_on_windows_and_comments_of_other_programs_do_no_harm()
    {
        using var windows = KeySetText.Read(Encoding.ASCII.GetBytes(FixedKeys.Text.Replace("\n", "\r\n", StringComparison.Ordinal)), isTrusted: true);
        Assert.Equal(FixedKeys.Id, windows.Id);
        using var commented = KeySetText.Read(Encoding.ASCII.GetBytes("# created: 2026-11-21\n\n# later-field: 1\n" + FixedKeys.Text + "# end\n"), isTrusted: true);
        Assert.Equal(FixedKeys.Id, commented.Id);
        using var table = KeySetText.ReadTableKey(Encoding.ASCII.GetBytes("# later-field: 1\n" + FixedKeys.TableKeyText));
        Assert.Equal(FixedKeys.Id, table.Id);
    }

    public static TheoryData<string, string> Damages => new()
    {
        { "no table key", Without("# table-key") },
        { "a table key that is none", FixedKeys.Text.Replace("# table-key: AGE-SECRET-KEY-1G", "# table-key: AGE-SECRET-KEY-1H", StringComparison.Ordinal) },
        { "no MAC key", Without("# mac-key") },
        { "a MAC key with a digit less", FixedKeys.Text.Replace("1d1e1f\n", "1d1e1\n", StringComparison.Ordinal) },
        { "a MAC key with two digits less", FixedKeys.Text.Replace("1d1e1f\n", "1d1e\n", StringComparison.Ordinal) },
        { "a MAC key with two digits more", FixedKeys.Text.Replace("1d1e1f\n", "1d1e1f20\n", StringComparison.Ordinal) },
        { "a MAC key of other letters", FixedKeys.Text.Replace("1d1e1f\n", "1d1e1g\n", StringComparison.Ordinal) },
        { "another MAC key", FixedKeys.Text.Replace("1d1e1f\n", "1d1e1e\n", StringComparison.Ordinal) },
        { "no identity", Without("AGE-SECRET-KEY-") },
        { "a mistyped identity", FixedKeys.Text.Replace("GG7Q\n", "GG7P\n", StringComparison.Ordinal) },
        { "another identity", FixedKeys.Text.Replace(FixedKeys.Identity, FixedKeys.Escrow, StringComparison.Ordinal) },
        { "two identities", FixedKeys.Text + FixedKeys.Escrow + "\n" },
        { "a line that is neither", FixedKeys.Text + "later-field: 1\n" },
        { "no id", Without("# key-set") },
        { "another id", FixedKeys.Text.Replace("# key-set: 2", "# key-set: 3", StringComparison.Ordinal) },
        { "an id in capitals", FixedKeys.Text.Replace(FixedKeys.KeyId, FixedKeys.KeyId.ToUpperInvariant(), StringComparison.Ordinal) },
        { "nothing", "" },
        { "a table key file", FixedKeys.TableKeyText },
        { "more than 4096 bytes", FixedKeys.Text + "# " + new string('x', 4096) + "\n" },
        { "bytes that are no text", FixedKeys.Text + "\0\u0001\n" },
    };

    [Theory]
    [MemberData(nameof(Damages))]
    public void A_key_set_with_any_of_these_is_refused_and_the_refusal_holds_no_secret(string what, string text)
    {
        Assert.NotEqual(FixedKeys.Text, text);
        var fault = Assert.Throws<KeyFault>(() => KeySetText.Read(Encoding.ASCII.GetBytes(text), isTrusted: true));
        RequireNoSecret(fault, what);
    }

    public static TheoryData<string, string> TableKeyDamages => new()
    {
        { "a whole key set", FixedKeys.Text },
        { "no recipient", Lines(FixedKeys.TableKeyText, line => !line.StartsWith("# recipient", StringComparison.Ordinal)) },
        { "another recipient", FixedKeys.TableKeyText.Replace(FixedKeys.Recipient, FixedKeys.EscrowRecipient, StringComparison.Ordinal) },
        { "a mistyped recipient", FixedKeys.TableKeyText.Replace("snyf\n", "snyg\n", StringComparison.Ordinal) },
        { "no MAC key", Lines(FixedKeys.TableKeyText, line => !line.StartsWith("# mac-key", StringComparison.Ordinal)) },
        { "another MAC key", FixedKeys.TableKeyText.Replace("1d1e1f\n", "1d1e1e\n", StringComparison.Ordinal) },
        { "no identity", Lines(FixedKeys.TableKeyText, line => !line.StartsWith("AGE-", StringComparison.Ordinal)) },
        { "two identities", FixedKeys.TableKeyText + FixedKeys.Escrow + "\n" },
        { "more than 4096 bytes", FixedKeys.TableKeyText + "# " + new string('x', 4096) + "\n" },
        { "nothing", "" },
    };

    [Theory]
    [MemberData(nameof(TableKeyDamages))]
    public void A_table_key_with_any_of_these_is_refused_and_the_refusal_holds_no_secret(string what, string text)
    {
        Assert.NotEqual(FixedKeys.TableKeyText, text);
        RequireNoSecret(Assert.Throws<KeyFault>(() => KeySetText.ReadTableKey(Encoding.ASCII.GetBytes(text))), what);
    }

    [Fact]
    public void Cut_anywhere_it_is_refused_or_as_good_as_whole()
    {
        foreach (var (text, read) in ((string, Func<byte[], KeySet>)[])[(FixedKeys.Text, bytes => KeySetText.Read(bytes, true)), (FixedKeys.TableKeyText, bytes => KeySetText.ReadTableKey(bytes))])
        {
            for (var length = 0; length < text.Length; length++)
            {
                var bytes = Encoding.ASCII.GetBytes(text[..length]);
                // Without its last newline a line is as whole as with it.
                if (length < text.Length - 1) Assert.Throws<KeyFault>(() => read(bytes));
                else read(bytes).Dispose();
            }
        }
    }

    [Fact]
    public void Any_changed_byte_is_noticed_or_changes_nothing_that_matters()
    {
        var whole = Encoding.ASCII.GetBytes(FixedKeys.Text);
        for (var place = 0; place < whole.Length; place++)
        {
            foreach (var flip in (byte[])[1, 0x20, 0x80])
            {
                var bytes = whole.ToArray();
                bytes[place] ^= flip;
                try
                {
                    using var keys = KeySetText.Read(bytes, isTrusted: true);
                    // Only words of the recipient's comment: the recipient itself comes from the identity. The case of hexadecimal digits does not matter either.
                    Assert.Equal((FixedKeys.Id, FixedKeys.Recipient, FixedKeys.TableRecipient), (keys.Id, keys.Recipient.ToString(), keys.TableRecipient.ToString()));
                }
                catch (KeyFault fault)
                {
                    RequireNoSecret(fault, $"byte {place}");
                }
            }
        }
    }

    private static void RequireNoSecret(Fault fault, string what)
    {
        var said = string.Join('\n', fault.Message, fault.Which, fault.Expected, fault.Found, fault.Remedy, fault.InnerException?.ToString());
        foreach (var secret in (string[])["YQSJYGEYY5", "GPQ5YS6YG4", "VPSKYCMYV4", "04050607"])
            Assert.False(said.Contains(secret, StringComparison.OrdinalIgnoreCase), what);
    }

    private static string Without(string start) => Lines(FixedKeys.Text, line => !line.StartsWith(start, StringComparison.Ordinal));

    private static string Lines(string text, Func<string, bool> isKept) => string.Concat(text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Where(isKept).Select(line => line + "\n"));
}
