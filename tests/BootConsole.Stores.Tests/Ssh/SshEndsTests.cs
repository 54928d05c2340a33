// ssh's messages, as OpenSSH prints them, in words for people.
using BootConsole.Stores.Ssh;

namespace BootConsole.Stores.Tests.Ssh;

public sealed class SshEndsTests
{
    [Theory]
    [InlineData("No ED25519 host key is known for [127.0.0.1]:2299 and you have requested strict checking.\nHost key verification failed.", "unknown", false)]
    [InlineData("@@@@\n@ WARNING: REMOTE HOST IDENTIFICATION HAS CHANGED! @\n@@@@\nHost key for x has changed and you have requested strict checking.\nHost key verification failed.", "has changed", false)]
    [InlineData("Certificate invalid: expired\nNo ED25519 host key is known for x and you have requested strict checking.\nHost key verification failed.", "certificate", false)]
    [InlineData("root@127.0.0.1: Permission denied (publickey).", "refuses the login", false)]
    [InlineData("Permissions 0644 for 'id' are too open.\n@ WARNING: UNPROTECTED PRIVATE KEY FILE! @\nroot@127.0.0.1: Permission denied (publickey).", "others can read", false)]
    [InlineData("Load key \"id\": error in libcrypto\nroot@127.0.0.1: Permission denied (publickey).", "cannot be used", false)]
    [InlineData("subsystem request failed on channel 0", "no SFTP", false)]
    [InlineData("Unable to negotiate with 10.0.0.1 port 22: no matching host key type found. Their offer: ssh-dss", "in common", false)]
    [InlineData("/run/x/config: line 3: Bad configuration option: foo\n/run/x/config: terminating, 1 bad configuration options", "configuration", false)]
    [InlineData("ssh: connect to host 127.0.0.1 port 2298: Connection refused", "nothing answers", true)]
    [InlineData("ssh: Could not resolve hostname x: Temporary failure in name resolution", "name is unknown", true)]
    [InlineData("ssh: connect to host 10.0.0.1 port 22: No route to host", "no way", true)]
    [InlineData("Connection timed out during banner exchange", "does not answer", true)]
    [InlineData("Timeout, server 127.0.0.1 not responding.", "any more", true)]
    [InlineData("client_loop: send disconnect: Broken pipe", "was lost", true)]
    [InlineData("", "was lost", true)]
    public void A_message_is_recognised(string message, string words, bool mayPass)
    {
        var end = SshEnds.Explain(message, 255);
        Assert.Contains(words, end.What, StringComparison.Ordinal);
        Assert.Equal(mayPass, end.MayPass);
        Assert.DoesNotContain('@', end.Found.Split(' ')[0].TrimStart("root@127.0.0.1:".ToCharArray()));
    }

    [Fact]
    public void What_a_server_sends_cannot_write_on_a_terminal()
    {
        var end = SshEnds.Explain("\u001b[2J\u0007evil\nConnection refused", 255);
        Assert.Equal("[2Jevil / Connection refused", end.Found);
    }
}
