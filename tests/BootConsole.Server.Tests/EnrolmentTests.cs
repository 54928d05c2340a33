// Enrolment: both programs, a real network between them, and what others in it can do.
using System.Text.Json;
using BootConsole.Core;
using BootConsole.TestKit;

namespace BootConsole.Server.Tests;

public sealed class EnrolmentTests : IAsyncLifetime
{
    private const string Url = "http://192.0.2.1:8080/enrol", Key = "/etc/bootconsole/id_ed25519";

    private readonly ServeRoom _room = new();

    public async Task InitializeAsync()
    {
        _room.Run("pc", "add", "office", "--contract", "basic", "--mac", "52:54:00:12:34:56").Succeeds();
        await _room.ServeAsync();
        SystemTool.Run("sh", "-c", "mkdir \"$1\" && cd \"$1\" && cpio --quiet -id < \"$2\"", "sh", _room["pc"], _room.Served("pcs/office/pc.img"));
    }

    public Task DisposeAsync() => _room.DisposeAsync().AsTask();

    [Fact]
    public void A_PC_gets_a_certificate_of_its_server_by_its_code_and_the_code_counts_once()
    {
        var code = Open();
        Enrol(code.ToLowerInvariant().Replace("-", " ", StringComparison.Ordinal)).Succeeds();
        Assert.Equal("600", SystemTool.Run("stat", "-c", "%a", _room["pc"] + Key).Trim());
        var certificate = SystemTool.Run("ssh-keygen", "-L", "-f", _room["pc"] + Key + "-cert.pub");
        Assert.Contains("office/1", certificate, StringComparison.Ordinal);
        Assert.Contains(SystemTool.Run("ssh-keygen", "-l", "-f", Path.Combine(_room.Root, "etc/user_ca.pub")).Split(' ')[1], certificate, StringComparison.Ordinal);
        Assert.Equal(SystemTool.Run("ssh-keygen", "-l", "-f", _room["pc"] + Key).Split(' ')[1], SystemTool.Run("ssh-keygen", "-l", "-f", _room["pc"] + Key + "-cert.pub").Split(' ')[1]);
        var image = _room.Run("bootimage", "list", "--json").Succeeds().Document().GetProperty("bootImages")[0];
        Assert.Equal("pxe", image.GetProperty("medium").GetString());
        Assert.Contains("has a key already", Enrol(code).Error, StringComparison.Ordinal);
        File.Delete(_room["pc"] + Key);
        var again = Enrol(code);
        Assert.Equal(3, again.ExitCode);
        Assert.Contains("does not take this code", again.Error, StringComparison.Ordinal);
        Assert.False(File.Exists(_room["pc"] + Key));
    }

    [Fact]
    public void Five_wrong_codes_end_an_enrolment()
    {
        var code = Open();
        for (var number = 0; number < 5; number++) Assert.Equal(3, Enrol("0000-0000-000" + number).ExitCode);
        Assert.Equal(3, Enrol(code).ExitCode);
        Enrol(Open()).Succeeds();
    }

    [Fact]
    public void A_new_code_replaces_the_old_one_and_a_PC_without_one_gets_nothing()
    {
        Assert.Equal(3, Enrol("0000-0000-0000").ExitCode);
        var old = Open();
        var newer = Open();
        Assert.Equal(3, Enrol(old).ExitCode);
        Enrol(newer).Succeeds();
        _room.Run("pc", "enrol", "nobody").Reports(2, "nobody");
        _room.Run("pc", "enrol", "office", "--valid", "40 d").Reports(2, "--valid");
        _room.Run("contract", "end", "basic").Succeeds();
        _room.Run("pc", "enrol", "office").Reports(3, "ended");
    }

    [Fact]
    public void Trouble_of_the_server_is_not_taken_for_a_wrong_code()
    {
        var (code, catalogue) = (Open(), Path.Combine(_room.Root, "catalogue/catalogue.db"));
        File.Move(catalogue, catalogue + ".away");
        var result = Enrol(code);
        File.Move(catalogue + ".away", catalogue);
        Assert.Equal(1, result.ExitCode);
        Assert.Contains("the server could not do it", result.Error, StringComparison.OrdinalIgnoreCase);
        Enrol(code).Succeeds();
    }

    [Fact]
    public void What_was_recorded_cannot_be_used_for_another_key_and_what_is_no_request_is_refused()
    {
        var key = EnrolmentCode.Key(Open(), "office");
        var (mine, other) = (PublicKey("mine"), PublicKey("other"));
        var recorded = new EnrolmentRequest("office", mine, EnrolmentProof.OfRequest(key, "office", mine));
        Assert.Equal("403", Post(recorded with { PublicKey = other }));
        foreach (var hostile in (string[])[mine + "\ncert-authority " + other, "ssh-rsa AAAA", "", mine + " x", "-f /etc/shadow"]) Assert.Equal("403", Post(new EnrolmentRequest("office", hostile, EnrolmentProof.OfRequest(key, "office", hostile))));
        foreach (var hostile in (string[])["../office", "OFFICE", "", new string('x', 5000)]) Assert.Equal("403", Post(recorded with { Pc = hostile }));
        foreach (var junk in (string[])["", "null", "{}", "[", "{\"pc\":null,\"publicKey\":null,\"proof\":null}", new string('[', 4000), new string('x', 100_000)]) Assert.Contains(PostText(junk), (string[])["400", "413"]);
        Assert.Equal("200", Post(recorded));
        Assert.Equal("403", Post(recorded));
    }

    [Fact]
    public async Task A_server_that_does_not_know_the_code_is_found_out()
    {
        var code = Open();
        // It passes the request on nowhere, and answers with a certificate of its own.
        var forged = JsonSerializer.Serialize(new EnrolmentAnswer("ssh-ed25519-cert-v01@openssh.com AAAA", ["@cert-authority backup.example ssh-ed25519 AAAA"], new string('0', 64)), EnrolmentMessages.Default.EnrolmentAnswer);
        const string script = "import http.server,sys\nclass H(http.server.BaseHTTPRequestHandler):\n  def do_POST(s):\n    b=sys.argv[1].encode(); s.send_response(200); s.send_header('Content-Length',str(len(b))); s.end_headers(); s.wfile.write(b)\nv=http.server.HTTPServer(('192.0.2.1',9090),H); print('up',flush=True); v.serve_forever()";
        await using var impostor = Host.PipedProgram.Start("ip", _room.Network.Inside("python3", "-c", script, forged));
        using (var reader = new StreamReader(impostor.Output, leaveOpen: true)) await Eventually.EndsAsync(reader.ReadLineAsync());
        var settings = File.ReadAllText(_room["pc/etc/bootconsole.toml"]);
        File.WriteAllText(_room["pc/etc/bootconsole.toml"], settings.Replace(":8080/", ":9090/", StringComparison.Ordinal));
        var result = Enrol(code);
        impostor.Kill();
        Assert.Equal(3, result.ExitCode);
        Assert.Contains("not the server that knows the code", result.Error, StringComparison.Ordinal);
        Assert.False(File.Exists(_room["pc"] + Key));
    }

    [Fact]
    public void Settings_that_name_another_host_authority_are_found_out()
    {
        var path = _room["pc/etc/bootconsole.toml"];
        var trueKey = File.ReadAllText(Path.Combine(_room.Root, "etc/host_ca.pub")).Split(' ')[1];
        File.WriteAllText(path, File.ReadAllText(path).Replace(trueKey, PublicKey("impostor").Split(' ')[1], StringComparison.Ordinal));
        var result = Enrol(Open());
        Assert.Equal(3, result.ExitCode);
        Assert.Contains("are not those of its server", result.Error, StringComparison.Ordinal);
        Assert.False(File.Exists(_room["pc"] + Key));
    }

    private string Open() => _room.Run("pc", "enrol", "office", "--json").Succeeds().Document().GetProperty("code").GetString()!;

    private Host.ProgramResult Enrol(string code)
    {
        File.WriteAllText(_room["code"], code + "\n");
        return _room.Bootconsole("enrol", "--config", _room["pc/etc/bootconsole.toml"], "--code-file", _room["code"], "--root", _room["pc"]);
    }

    private string PublicKey(string name)
    {
        SystemTool.Run("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "", "-f", _room[name]);
        return string.Join(' ', File.ReadAllText(_room[name + ".pub"]).Trim().Split(' ')[..2]);
    }

    private string Post(EnrolmentRequest request) => PostText(JsonSerializer.Serialize(request, EnrolmentMessages.Default.EnrolmentRequest));

    private string PostText(string text)
    {
        File.WriteAllText(_room["request"], text);
        return _room.Curl("--output", "/dev/null", "--write-out", "%{http_code}", "-H", "Expect:", "--data-binary", $"@{_room["request"]}", Url);
    }
}
