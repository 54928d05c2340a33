// What a password may cost, and that it is refused before it costs it.
using System.Text;
using BootConsole.Core;

namespace BootConsole.Codec.Tests.Age;

public sealed class AgePasswordTests
{
    private static readonly byte[] Password = "correct horse battery staple"u8.ToArray();

    [Fact]
    public void A_password_opens_what_it_sealed_and_a_work_factor_of_17_is_written()
    {
        using var recipient = new PasswordRecipient(Password);
        var file = AgeFile.Seal("secret"u8, recipient);
        var stanza = Encoding.ASCII.GetString(file).Split('\n')[1].Split(' ');
        Assert.Equal(["->", "scrypt", stanza[2], "17"], stanza);
        using var identity = new PasswordIdentity(Password, new ScryptLimits());
        Assert.Equal("secret"u8.ToArray(), AgeFile.Open(file, identity));
    }

    [Fact]
    public void A_wrong_password_is_said_to_be_wrong_and_is_not_repeated()
    {
        using var recipient = new PasswordRecipient(Password, logN: 4);
        using var wrong = new PasswordIdentity("hunter2hunter2"u8, new ScryptLimits());
        var fault = Assert.Throws<KeyFault>(() => AgeFile.Open(AgeFile.Seal("secret"u8, recipient), wrong));
        Assert.Equal("the password is wrong", fault.Message);
        Assert.DoesNotContain("hunter2", fault.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_needs_a_password_says_so_to_whoever_has_only_keys()
    {
        using var recipient = new PasswordRecipient(Password, logN: 4);
        using var identity = X25519Identity.MakeRandom();
        Assert.Equal("a password", Assert.Throws<KeyFault>(() => AgeFile.Open(AgeFile.Seal("secret"u8, recipient), identity)).Expected);
    }

    [Theory]
    [InlineData(20, 21)]
    [InlineData(20, 63)]
    [InlineData(10, 11)]
    [InlineData(22, 23)]
    public void A_work_factor_above_the_limit_is_refused_by_name_before_memory_is_asked_for(int limit, int asked)
    {
        var limits = new ScryptLimits { MaxLogN = limit, AvailableBytes = () => throw new InvalidOperationException("asked for memory") };
        using var identity = new PasswordIdentity(Password, limits);
        var file = new AgeVector().Version().Scrypt(logText: $"{asked}").Mac().Payload().File;
        var fault = Assert.Throws<RefusedFault>(() => AgeFile.Open(file, identity));
        Assert.Contains($"2^{limit}", fault.Expected, StringComparison.Ordinal);
        Assert.Equal($"2^{asked}", fault.Found);
    }

    [Fact]
    public void This_machine_tells_its_free_memory() => Assert.InRange(new ScryptLimits().AvailableBytes(), 16L << 20, 1L << 50);

    [Fact]
    public void Writing_is_refused_by_memory_too()
    {
        using var recipient = new PasswordRecipient(Password, 17, new ScryptLimits { AvailableBytes = () => 100L << 20 });
        Assert.Throws<RefusedFault>(() => new AgeFileWriter(recipient));
    }

    [Fact]
    public void An_empty_password_and_one_beside_other_recipients_are_refused()
    {
        Assert.Throws<KeyFault>(() => new PasswordRecipient([]));
        using var password = new PasswordRecipient(Password, logN: 4);
        using var identity = X25519Identity.MakeRandom();
        Assert.Throws<ArgumentException>(() => new AgeFileWriter(password, identity.Recipient));
        Assert.Throws<ArgumentException>(() => new AgeFileWriter(password, password));
        Assert.Throws<ArgumentException>(() => new AgeFileWriter());
    }

    [Fact]
    public void A_password_is_bytes_and_nothing_is_trimmed_or_normalised()
    {
        using var recipient = new PasswordRecipient(Encoding.UTF8.GetBytes(" p\u00e4ss\n"), logN: 4);
        var file = AgeFile.Seal("x"u8, recipient);
        foreach (var other in new[] { "p\u00e4ss", " p\u00e4ss", " pa\u0308ss\n" })
        {
            using var wrong = new PasswordIdentity(Encoding.UTF8.GetBytes(other), new ScryptLimits());
            Assert.Throws<KeyFault>(() => AgeFile.Open(file, wrong));
        }

        using var right = new PasswordIdentity(Encoding.UTF8.GetBytes(" p\u00e4ss\n"), new ScryptLimits());
        Assert.Equal("x"u8.ToArray(), AgeFile.Open(file, right));
    }
}
