// bootserver ca: new authorities, with boot images of before and after at a real sshd.
using BootConsole.Host;
using BootConsole.TestKit;

namespace BootConsole.Server.Tests.Certificates;

public sealed class RotationTests
{
    private const string User = "bc-office-pc";

    [Fact]
    public async Task After_a_rotation_boot_images_of_both_authorities_come_in_until_the_former_is_forgotten()
    {
        await using var server = await LiveServer.StartAsync();
        var (before, serial) = await server.IssueAsync("office-pc");
        var (revoked, revokedSerial) = await server.IssueAsync("office-pc");
        server.Revoke(revokedSerial);
        var former = File.ReadAllText(server["ca/user"]);
        Assert.Contains("former", server.Run("ca", "rotate", "user").Succeeds().Output, StringComparison.Ordinal);
        Assert.NotEqual(former, File.ReadAllText(server["ca/user"]));
        Assert.Equal("600", server.Machine.Run("stat", "-c", "%a", LiveServer.Root + "/ca/user").Trim());
        var (after, _) = await server.IssueAsync("office-pc");

        Assert.Equal(0, server.Sftp(before, User, "ls").ExitCode);
        Assert.Equal(0, server.Sftp(after, User, "ls").ExitCode);
        Assert.NotEqual(0, server.Sftp(revoked, User, "ls").ExitCode);
        // Revoked for both authorities.
        Assert.Contains("revoked", SystemTool.Try("ssh-keygen", "-Q", "-f", server["etc/krl"], revoked + "-cert.pub").Output, StringComparison.OrdinalIgnoreCase);

        server.Run("ca", "forget", "user").Reports(3, "office-pc", "--yes");
        Assert.Equal(0, server.Sftp(before, User, "ls").ExitCode);
        server.Revoke(serial);
        server.Run("ca", "forget", "user").Succeeds();
        Assert.NotEqual(0, server.Sftp(before, User, "ls").ExitCode);
        Assert.Equal(0, server.Sftp(after, User, "ls").ExitCode);
        var authority = Assert.Single(server.Run("ca", "show", "--json").Succeeds().Document().GetProperty("authorities").EnumerateArray(), entry => entry.GetProperty("kind").GetString() == "user");
        Assert.Equal("current", authority.GetProperty("state").GetString());
        server.Run("ca", "rotate", "both").Reports(2, "user or host");
    }

    [Fact]
    public async Task A_host_authority_is_rotated_without_shutting_out_PCs_that_know_the_former_alone()
    {
        await using var server = await LiveServer.StartAsync();
        await server.IssueAsync("office-pc");
        var known = File.ReadAllText(server["etc/host_ca.pub"]).Trim();
        server.Run("ca", "rotate", "host").Succeeds();
        var lines = File.ReadAllLines(server["etc/host_ca.pub"]);
        Assert.Equal(2, lines.Length);
        Assert.Equal(known, lines[1]);
        Assert.Contains(Print(known), Signer(server), StringComparison.Ordinal);
        // Nor does a check or a repair change what PCs see.
        server.Run("doctor", "--rebuild").Succeeds();
        Assert.Contains(Print(known), Signer(server), StringComparison.Ordinal);

        server.Run("ca", "forget", "host").Reports(3, "--yes");
        server.Run("ca", "forget", "host", "--yes").Succeeds();
        Assert.Equal(lines[0], File.ReadAllText(server["etc/host_ca.pub"]).Trim());
        Assert.Contains(Print(lines[0]), Signer(server), StringComparison.Ordinal);
        server.Run("doctor").Succeeds();
    }

    private static string Print(string line) => Server.Certificates.AuthorityLines.Fingerprint(line);

    private static string Signer(LiveServer server) => server.Machine.Run("ssh-keygen", "-L", "-f", LiveServer.Root + "/etc/host_key-cert.pub").Split('\n').Single(line => line.Contains("Signing CA", StringComparison.Ordinal));
}
