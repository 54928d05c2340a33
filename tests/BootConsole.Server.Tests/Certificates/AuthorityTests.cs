// The certificate authorities, held against ssh-keygen's own reading of what they sign.
using BootConsole.Core;
using BootConsole.Host;
using BootConsole.Server.Catalogue;
using BootConsole.Server.Certificates;
using BootConsole.TestKit;

namespace BootConsole.Server.Tests.Certificates;

public sealed class AuthorityTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly FakeClock _clock = new(new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero));
    private readonly ProgramRunner _programs = new();
    private readonly ServerTree _tree;

    public AuthorityTests()
    {
        _tree = ServerTree.At(_folder["server"]);
        foreach (var folder in (string[])[_tree.Configuration, _tree.Authorities, _tree.CatalogueFolder]) Directory.CreateDirectory(folder);
        SystemTool.Run("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "pc", "-f", _folder["id"]);
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_boot_images_key_gets_a_certificate_for_its_PC_alone_from_an_hour_ago_for_ten_years_and_no_rights_besides()
    {
        await MakeAsync(_tree.UserAuthorityKey);
        var certificate = await new UserAuthority(_tree, _programs, _clock).SignAsync(_folder["id.pub"], "office-pc", 17, CancellationToken.None);
        File.WriteAllText(_folder["id-cert.pub"], certificate.Text + "\n");

        var seen = SystemTool.Run("env", "TZ=UTC", "ssh-keygen", "-L", "-f", _folder["id-cert.pub"]);
        Assert.Contains("user certificate", seen, StringComparison.Ordinal);
        Assert.Contains("Key ID: \"office-pc/17\"", seen, StringComparison.Ordinal);
        Assert.Contains("Serial: 17\n", seen, StringComparison.Ordinal);
        Assert.Contains("Valid: from 2026-03-01T11:00:00 to 2036-03-01T12:00:00\n", seen, StringComparison.Ordinal);
        Assert.Matches("Principals: \n +office-pc\n", seen);
        Assert.Contains("Critical Options: (none)\n", seen, StringComparison.Ordinal);
        Assert.Contains("Extensions: (none)\n", seen, StringComparison.Ordinal);
        Assert.Equal(("office-pc/17", new DateTimeOffset(2036, 3, 1, 12, 0, 0, TimeSpan.Zero), File.ReadAllText(_folder["id.pub"]).TrimEnd('\n')), (certificate.KeyId, certificate.ValidUntil, certificate.PublicKey));
        Assert.Equal(["id", "id-cert.pub", "id.pub", "server"], Directory.EnumerateFileSystemEntries(_folder.Path).Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("640", "open to others")]
    [InlineData("604", "open to others")]
    public async Task A_key_of_an_authority_that_others_can_read_signs_nothing(string mode, string words)
    {
        await MakeAsync(_tree.UserAuthorityKey);
        SystemTool.Run("chmod", mode, _tree.UserAuthorityKey);
        var refusal = await Assert.ThrowsAsync<RefusedFault>(() => new UserAuthority(_tree, _programs, _clock).SignAsync(_folder["id.pub"], "office-pc", 1, CancellationToken.None));
        Assert.Contains(words, refusal.Message, StringComparison.Ordinal);
        Assert.Contains("chmod 600", refusal.Remedy, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_key_of_an_authority_that_belongs_to_somebody_else_signs_nothing()
    {
        await MakeAsync(_tree.HostAuthorityKey);
        SystemTool.Run("chown", "nobody", _tree.HostAuthorityKey);
        var refusal = await Assert.ThrowsAsync<RefusedFault>(() => new HostAuthority(_tree, _programs).SignAsync(_folder["id.pub"], _folder["cert"], ["backup.example"], CancellationToken.None));
        Assert.Contains("belongs to another user", refusal.Message, StringComparison.Ordinal);
        Assert.False(File.Exists(_folder["cert"]));
        File.Delete(_tree.HostAuthorityKey);
        await Assert.ThrowsAsync<HostFault>(() => new HostAuthority(_tree, _programs).SignAsync(_folder["id.pub"], _folder["cert"], ["backup.example"], CancellationToken.None));
    }

    [Fact]
    public async Task A_host_certificate_is_valid_for_always_and_for_the_names_that_were_given()
    {
        await MakeAsync(_tree.HostAuthorityKey);
        await new HostAuthority(_tree, _programs).SignAsync(_folder["id.pub"], _folder["cert"], ["backup.example", "192.0.2.7"], CancellationToken.None);
        var seen = SystemTool.Run("ssh-keygen", "-L", "-f", _folder["cert"]);
        Assert.Contains("host certificate", seen, StringComparison.Ordinal);
        Assert.Contains("Valid: forever\n", seen, StringComparison.Ordinal);
        Assert.Matches("Principals: \n +backup.example\n +192.0.2.7\n", seen);
    }

    [Fact]
    public async Task The_list_of_revoked_certificates_follows_the_catalogue_for_every_authority_that_is_trusted()
    {
        await MakeAsync(_tree.UserAuthorityKey);
        await MakeAsync(_folder["other"]);
        AuthorityLines.Write(_tree.UserAuthorities, [await PublicAsync(_tree.UserAuthorityKey), await PublicAsync(_folder["other"])]);
        using var catalogue = CatalogueFile.Create(_tree.Catalogue, "tester", _clock);
        var list = new RevocationList(_tree, _programs);
        await list.WriteAsync(catalogue, CancellationToken.None);
        Assert.Empty(await list.ReadAsync(CancellationToken.None));

        var certificate = await new UserAuthority(_tree, _programs, _clock).SignAsync(_folder["id.pub"], "office-pc", 2, CancellationToken.None);
        File.WriteAllText(_folder["id-cert.pub"], certificate.Text + "\n");
        Assert.Equal(0, SystemTool.Try("ssh-keygen", "-Q", "-f", _tree.Revocations, _folder["id-cert.pub"]).ExitCode);
        catalogue.Change("boot images revoked", "office-pc", session =>
        {
            foreach (var serial in (long[])[1, 2, 3, 5]) session.AddBootImage(Image(serial));
            foreach (var serial in (long[])[2, 3, 5]) session.RevokeBootImage(serial, _clock.GetUtcNow());
        });
        await list.WriteAsync(catalogue, CancellationToken.None);

        Assert.Equal([2, 3, 5], await list.ReadAsync(CancellationToken.None));
        Assert.Equal(1, SystemTool.Try("ssh-keygen", "-Q", "-f", _tree.Revocations, _folder["id-cert.pub"]).ExitCode);
        var found = SystemTool.Run("ssh-keygen", "-Q", "-l", "-f", _tree.Revocations);
        Assert.Equal(2, found.Split("# CA key ").Length - 1);
        Assert.Equal(["krl", "user_ca.pub"], Directory.EnumerateFiles(_tree.Configuration).Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal));
        Assert.Equal("0644", FileOwnership.Of(_tree.Revocations)!.Octal);
    }

    private static BootImage Image(long serial) => new()
    {
        Serial = serial,
        Pc = "office-pc",
        KeyId = UserAuthority.KeyId("office-pc", serial),
        PublicKey = "ssh-ed25519 AAAA",
        Medium = "iso",
        Mode = "network",
        Issued = new DateTimeOffset(2026, 3, 1, 0, 0, 0, TimeSpan.Zero),
        ValidUntil = new DateTimeOffset(2036, 3, 1, 0, 0, 0, TimeSpan.Zero),
    };

    private Task MakeAsync(string path) => new AuthorityKey(path).MakeAsync(new SshKeygen(_programs), "bootserver test", CancellationToken.None);

    private Task<string> PublicAsync(string path) => new AuthorityKey(path).PublicAsync(new SshKeygen(_programs), CancellationToken.None);
}
