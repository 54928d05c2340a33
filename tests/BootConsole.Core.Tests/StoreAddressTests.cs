// Store addresses: folders, SFTP URLs, and everything that must not reach ssh's command line.
using BootConsole.Core;

namespace BootConsole.Core.Tests;

public sealed class StoreAddressTests
{
    [Theory]
    [InlineData("sftp://office-pc@backup.example:2222/srv/store", "office-pc", "backup.example", 2222, "/srv/store")]
    [InlineData("sftp://backup.example", "", "backup.example", 0, "")]
    [InlineData("sftp://u@[2001:db8::1]:22/~/x", "u", "2001:db8::1", 22, "/~/x")]
    [InlineData("sftp://u@h/with%20space", "u", "h", 0, "/with space")]
    public void An_sftp_url_is_taken_apart(string text, string user, string host, int port, string path) =>
        Assert.Equal(new SftpAddress(user, host, port, path), StoreAddress.Parse(text));

    [Theory]
    [InlineData("/srv/store")]
    [InlineData("store")]
    public void Anything_without_a_scheme_is_a_folder(string text) => Assert.Equal(new DirectoryAddress(text), StoreAddress.Parse(text));

    [Fact]
    public void What_is_mounted_first_is_taken_apart()
    {
        Assert.Equal(new LabelAddress("My disk"), StoreAddress.Parse("label:My disk"));
        Assert.Equal(new NfsAddress("nas", 0, "/backups"), StoreAddress.Parse("nfs://nas/backups"));
        Assert.Equal(new SmbAddress("2001:db8::9", 4450, "s", "/a b"), StoreAddress.Parse("smb://[2001:db8::9]:4450/s/a%20b/"));
    }

    [Theory]
    [InlineData("label:")]
    [InlineData("label:a/b")]
    [InlineData("nfs://host")]
    [InlineData("nfs://-o/x")]
    [InlineData("nfs://host/a/../b")]
    [InlineData("smb://host/")]
    [InlineData("smb://user:secret@host/share")]
    [InlineData("")]
    [InlineData("ftp://host/x")]
    [InlineData("sftp://")]
    [InlineData("sftp://-oProxyCommand=x/")]
    [InlineData("sftp://-l@host/")]
    [InlineData("sftp://u:secret@host/")]
    [InlineData("sftp://host:0/")]
    [InlineData("sftp://host:65536/")]
    [InlineData("sftp://ho st/")]
    [InlineData("sftp://host/a%0Ab")]
    public void A_bad_address_is_a_usage_fault_without_its_secret(string text)
    {
        var fault = Assert.Throws<UsageFault>(() => StoreAddress.Parse(text));
        Assert.DoesNotContain("secret", fault.Message + fault.Which + fault.Found + fault.Expected + fault.Remedy, StringComparison.Ordinal);
    }
}
