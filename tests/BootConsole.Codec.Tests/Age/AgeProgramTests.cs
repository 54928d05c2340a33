// The real age and age-keygen programs read what we write, and we read what they write.
using BootConsole.Host;
using BootConsole.TestKit;

namespace BootConsole.Codec.Tests.Age;

public sealed class AgeProgramTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public static TheoryData<int> Lengths => [0, 1, 65_535, 65_536, 65_537, 1_000_000];

    [Theory]
    [MemberData(nameof(Lengths))]
    public async Task Files_pass_both_ways_with_a_key_of_age_keygen(int length)
    {
        await Run("age-keygen", "-o", _folder["key"]);
        using var identity = AgeIdentityFile.Parse(await File.ReadAllBytesAsync(_folder["key"]))[0];
        Assert.Equal((await Run("age-keygen", "-y", _folder["key"])).Trim(), identity.Recipient.ToString());

        var plain = SampleContent.Random(length, length);
        await File.WriteAllBytesAsync(_folder["ours.age"], AgeFile.Seal(plain, identity.Recipient));
        await Run("age", "-d", "-i", _folder["key"], "-o", _folder["opened"], _folder["ours.age"]);
        // The program makes no file of no content.
        Assert.Equal(plain, length == 0 ? [] : await File.ReadAllBytesAsync(_folder["opened"]));

        await File.WriteAllBytesAsync(_folder["plain"], plain);
        await Run("age", "-r", identity.Recipient.ToString(), "-o", _folder["theirs.age"], _folder["plain"]);
        Assert.Equal(plain, AgeFile.Open(await File.ReadAllBytesAsync(_folder["theirs.age"]), identity));
    }

    [Fact]
    public async Task The_age_program_uses_a_key_that_we_made()
    {
        using var identity = X25519Identity.MakeRandom();
        var text = new byte[X25519Identity.TextBytes];
        identity.WriteText(text);
        await File.WriteAllBytesAsync(_folder["key"], text);
        Assert.Equal(identity.Recipient.ToString(), (await Run("age-keygen", "-y", _folder["key"])).Trim());
        await File.WriteAllBytesAsync(_folder["ours.age"], AgeFile.Seal("content"u8, identity.Recipient));
        Assert.Equal("content", await Run("age", "-d", "-i", _folder["key"], _folder["ours.age"]));
    }

    [Fact]
    public async Task Armor_of_the_age_program_is_read()
    {
        using var identity = X25519Identity.MakeRandom();
        var plain = SampleContent.Random(9, 100_000);
        await File.WriteAllBytesAsync(_folder["plain"], plain);
        await Run("age", "-a", "-r", identity.Recipient.ToString(), "-o", _folder["theirs.age"], _folder["plain"]);
        using var opened = new MemoryStream();
        await AgeFile.DecryptAsync(new AgeArmorStream(File.OpenRead(_folder["theirs.age"])), opened, [identity], CancellationToken.None);
        Assert.Equal(plain, opened.ToArray());
    }

    [Fact]
    public async Task The_age_program_opens_what_we_sealed_with_a_password()
    {
        using var recipient = new PasswordRecipient("correct horse"u8);
        await File.WriteAllBytesAsync(_folder["ours.age"], AgeFile.Seal("content"u8, recipient));
        await TypedPassword.RunAsync("correct horse", times: 1, "age", "-d", "-o", _folder["opened"], _folder["ours.age"]);
        Assert.Equal("content", await File.ReadAllTextAsync(_folder["opened"]));
    }

    [Fact]
    public async Task We_open_what_the_age_program_sealed_with_a_password()
    {
        await File.WriteAllTextAsync(_folder["plain"], "content");
        await TypedPassword.RunAsync("p\u00e4ss word", times: 2, "age", "-p", "-o", _folder["theirs.age"], _folder["plain"]);
        var file = await File.ReadAllBytesAsync(_folder["theirs.age"]);
        using var identity = new PasswordIdentity("p\u00e4ss word"u8, new ScryptLimits());
        Assert.Equal("content"u8.ToArray(), AgeFile.Open(file, identity));
    }

    public void Dispose() => _folder.Dispose();

    private static async Task<string> Run(string program, params string[] arguments)
    {
        var result = await new ProgramRunner().RunAsync(new ProgramCall(program, arguments), CancellationToken.None);
        Assert.True(result.Succeeded, result.Error);
        return result.Output;
    }
}
