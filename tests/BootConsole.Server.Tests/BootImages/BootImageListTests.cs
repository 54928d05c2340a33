// bootserver bootimage list and revoke.
using BootConsole.Host;
using BootConsole.Server.Catalogue;
using BootConsole.TestKit;

namespace BootConsole.Server.Tests.BootImages;

public sealed class BootImageListTests : IDisposable
{
    private readonly IssuingServer _server = new();

    public void Dispose() => _server.Dispose();

    [Fact]
    public void What_was_issued_is_listed_for_all_PCs_and_for_one()
    {
        Assert.Contains("There are none", _server.Run("bootimage", "list").Succeeds().Output, StringComparison.Ordinal);
        _server.AddPc("kiosk");
        _server.Build("office", "iso", "office.iso").Succeeds();
        _server.Build("kiosk", "uki", "kiosk.efi").Succeeds();
        var all = _server.Run("bootimage", "list", "--json").Succeeds().Document().GetProperty("bootImages");
        Assert.Equal(["1 office iso valid", "2 kiosk uki valid"], all.EnumerateArray().Select(image => $"{image.GetProperty("serial")} {image.GetProperty("pc")} {image.GetProperty("medium")} {image.GetProperty("state")}"));
        Assert.Equal(Path.GetFileName(Assert.Single(Directory.GetDirectories($"{_server.Root}/bases"))), all[0].GetProperty("base").GetString());
        var lines = _server.Run("bootimage", "list", "kiosk").Succeeds().Output.TrimEnd('\n').Split('\n');
        Assert.Equal(2, lines.Length);
        Assert.EndsWith(SystemTool.Run("sha256sum", _server["kiosk.efi"]).Split(' ')[0], lines[1], StringComparison.Ordinal);
        _server.Run("bootimage", "list", "nobody").Reports(2, "no PC of this name");
        _server.Change(session => session.RemovePc(session.Pc("kiosk")));
        Assert.Contains("kiosk", _server.Run("bootimage", "list", "kiosk").Succeeds().Output, StringComparison.Ordinal);
    }

    [Fact]
    public void A_revoked_boot_image_is_in_the_catalogue_the_events_and_the_list_that_sshd_reads()
    {
        _server.Build("office", "iso", "one.iso").Succeeds();
        _server.Build("office", "iso", "two.iso").Succeeds();
        Assert.Contains("Boot image 1 of office is revoked", _server.Run("bootimage", "revoke", "1").Succeeds().Output, StringComparison.Ordinal);
        foreach (var (name, code) in (ReadOnlySpan<(string, int)>)[("one.iso", 1), ("two.iso", 0)])
        {
            File.WriteAllText(_server["id-cert.pub"], MediumFiles.Of(_server[name], "iso")["etc/bootconsole/id_ed25519-cert.pub"].Text);
            Assert.Equal(code, SystemTool.Try("ssh-keygen", "-Q", "-f", $"{_server.Root}/etc/krl", _server["id-cert.pub"]).ExitCode);
        }

        Assert.Contains("boot image 1 revoked", _server.Read(session => session.Events(20, "office")).Select(entry => entry.What));
        // Once more is no fault, and writes the list anew where it was lost.
        File.Delete($"{_server.Root}/etc/krl");
        Assert.Contains("already", _server.Run("bootimage", "revoke", "1").Succeeds().Output, StringComparison.Ordinal);
        Assert.True(File.Exists($"{_server.Root}/etc/krl"));
        Assert.Single(_server.Read(session => session.Events(20, "office")), entry => entry.What == "boot image 1 revoked");
        Assert.Contains("revoked ", _server.Run("bootimage", "list").Succeeds().Output, StringComparison.Ordinal);
        _server.Run("bootimage", "revoke", "9").Reports(2, "no boot image has this number", "9");
    }
}
