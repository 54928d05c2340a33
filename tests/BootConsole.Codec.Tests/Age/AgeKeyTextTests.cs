// The text of keys (BIP 173) and of numbers in headers (RFC 4648): golden, and one spelling only.
using System.Text;
using BootConsole.Core;

namespace BootConsole.Codec.Tests.Age;

public sealed class AgeKeyTextTests
{
    // The pair of the specification, "The X25519 recipient type": the secret is 32 times 0x42.
    private const string Secret = "AGE-SECRET-KEY-1GFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPQ4EGAEX";
    private const string Public = "age1zvkyg2lqzraa2lnjvqej32nkuu0ues2s82hzrye869xeexvn73equnujwj";

    [Fact]
    public void The_key_pair_of_the_specification_is_read_and_written()
    {
        using var identity = X25519Identity.Parse(Encoding.ASCII.GetBytes(Secret));
        var text = new byte[X25519Identity.TextBytes];
        identity.WriteText(text);
        Assert.Equal(Secret, Encoding.ASCII.GetString(text));
        Assert.Equal(Public, identity.Recipient.ToString());
        Assert.Equal(X25519Recipient.Parse(Public), identity.Recipient);
        Assert.Equal(X25519Recipient.Parse(Public).GetHashCode(), identity.Recipient.GetHashCode());
    }

    [Fact]
    public void Any_other_character_in_a_key_is_found()
    {
        for (var i = 0; i < Public.Length; i++)
            foreach (var character in "0123456789abcdefghijklmnopqrstuvwxyzAQ -\u00e9\u0000")
                if (character != Public[i]) Assert.Throws<KeyFault>(() => X25519Recipient.Parse(Public[..i] + character + Public[(i + 1)..]));
        for (var i = 0; i < Secret.Length; i++)
            foreach (var character in "ABQ1aq ")
                if (character != Secret[i]) Assert.Throws<KeyFault>(() => X25519Identity.Parse(Encoding.Latin1.GetBytes(Secret[..i] + character + Secret[(i + 1)..])));
    }

    [Theory]
    [InlineData("")]
    [InlineData("age1")]
    [InlineData("AGE1ZVKYG2LQZRAA2LNJVQEJ32NKUU0UES2S82HZRYE869XEEXVN73EQUNUJWJ")]
    [InlineData(" age1zvkyg2lqzraa2lnjvqej32nkuu0ues2s82hzrye869xeexvn73equnujwj")]
    [InlineData("age1zvkyg2lqzraa2lnjvqej32nkuu0ues2s82hzrye869xeexvn73equnujwj\n")]
    [InlineData("age1zvkyg2lqzraa2lnjvqej32nkuu0ues2s82hzrye869xeexvn73equnujwjq")]
    [InlineData("age1zvkyg2lqzraa2lnjvqej32nkuu0ues2s82hzrye869xeexvn73equnujw")]
    [InlineData(Secret)]
    public void A_recipient_in_any_other_form_is_refused(string text) => Assert.Throws<KeyFault>(() => X25519Recipient.Parse(text));

    [Fact]
    public void Padding_bits_that_are_set_are_refused_even_with_a_right_checksum()
    {
        // The last data character carries one bit of the key and four of padding. Its change is balanced by finding the one checksum that fits.
        var head = Public[..55];
        var tried = 0;
        foreach (var last in "qpzry9x8gf2tvdw0s3jn54khce6mua7l")
        {
            var text = head + last + BalancedChecksum(head + last);
            var isKey = last is 'q' or 's';
            tried++;
            if (isKey) Assert.NotNull(X25519Recipient.Parse(text));
            else Assert.Throws<KeyFault>(() => X25519Recipient.Parse(text));
        }

        Assert.Equal(32, tried);
    }

    [Fact]
    public void A_secret_key_in_lower_case_is_refused_and_not_repeated_in_the_message()
    {
        var fault = Assert.Throws<KeyFault>(() => X25519Identity.Parse(Encoding.ASCII.GetBytes(Secret.ToLowerInvariant())));
        Assert.DoesNotContain("gfpyysjz", fault.ToString(), StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public void An_identity_file_of_age_keygen_is_read_with_comments_and_either_line_end()
    {
        var identities = AgeIdentityFile.Parse(Encoding.ASCII.GetBytes($"# created: today\n# public key: {Public}\r\n\n{Secret}\r\n{Secret}"));
        Assert.Equal([Public, Public], identities.Select(identity => identity.Recipient.ToString()));
    }

    [Theory]
    [InlineData("", "holds no key")]
    [InlineData("# only a comment\n", "holds no key")]
    [InlineData("# one\n" + Secret + " \n", "line 2")]
    [InlineData(Secret + "\n" + "AGE-SECRET-KEY-1GFPYYSJZ\n", "line 2")]
    [InlineData(Public, "line 1")]
    public void A_wrong_identity_file_is_refused_by_line_without_its_text(string text, string named)
    {
        var fault = Assert.Throws<KeyFault>(() => AgeIdentityFile.Parse(Encoding.ASCII.GetBytes(text)));
        Assert.Contains(named, fault.Message + " " + fault.Which, StringComparison.Ordinal);
        Assert.DoesNotContain("GFPYYSJZ", fault.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void An_identity_file_of_too_many_keys_is_refused()
    {
        var text = Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat(Secret + "\n", 1001)));
        Assert.Contains("too many", Assert.Throws<KeyFault>(() => AgeIdentityFile.Parse(text)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Base64_has_one_spelling_for_each_value()
    {
        var random = new Random(5);
        for (var length = 0; length < 70; length++)
        {
            var bytes = new byte[length];
            random.NextBytes(bytes);
            var text = Encoding.ASCII.GetBytes(AgeBase64.Encode(bytes));
            Assert.Equal(Convert.ToBase64String(bytes).TrimEnd('='), Encoding.ASCII.GetString(text));
            Assert.Equal(length, AgeBase64.DecodedBytes(text.Length));
            var decoded = new byte[length];
            Assert.True(AgeBase64.TryDecode(text, decoded));
            Assert.Equal(bytes, decoded);
            if (length % 3 == 0) continue;
            for (var bit = 0; bit < (length % 3 == 1 ? 4 : 2); bit++)
            {
                var spare = Encoding.ASCII.GetBytes(SetSpareBit(Encoding.ASCII.GetString(text), bit));
                Assert.False(AgeBase64.TryDecode(spare, decoded));
            }
        }

        foreach (var wrong in new[] { "A", "AAAAA", "AA==", "AAA=", "AA\nA", "AA-A", "AA_A", "A A", "\u00e9\u00e9" })
        {
            var text = Encoding.Latin1.GetBytes(wrong);
            Assert.False(AgeBase64.TryDecode(text, new byte[AgeBase64.DecodedBytes(text.Length)]), wrong);
        }
    }

    private static string SetSpareBit(string text, int bit)
    {
        const string alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
        return text[..^1] + alphabet[alphabet.IndexOf(text[^1], StringComparison.Ordinal) | 1 << bit];
    }

    // BIP 173, "Checksum", written here once more.
    private static string BalancedChecksum(string text)
    {
        const string alphabet = "qpzry9x8gf2tvdw0s3jn54khce6mua7l";
        uint[] generator = [0x3b6a57b2, 0x26508e6d, 0x1ea119fa, 0x3d4233dd, 0x2a1462b3];
        uint sum = 1;
        IEnumerable<int> values = ["age"[0] >> 5, "age"[1] >> 5, "age"[2] >> 5, 0, 'a' & 31, 'g' & 31, 'e' & 31, .. text["age1".Length..].Select(character => alphabet.IndexOf(character, StringComparison.Ordinal)), 0, 0, 0, 0, 0, 0];
        foreach (var value in values)
        {
            var top = sum >> 25;
            sum = (sum & 0x1ffffff) << 5 ^ (uint)value;
            for (var i = 0; i < 5; i++) sum ^= (top >> i & 1) == 1 ? generator[i] : 0;
        }

        sum ^= 1;
        return string.Concat(Enumerable.Range(0, 6).Select(i => alphabet[(int)(sum >> 5 * (5 - i) & 31)]));
    }
}
