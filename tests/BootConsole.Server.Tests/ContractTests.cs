// bootserver contract: what is written down, what is refused, what the PCs are told.
using System.Text.Json;
using BootConsole.Images;

namespace BootConsole.Server.Tests;

public sealed class ContractTests : IDisposable
{
    private readonly SampleServer _server = SampleServer.Start();

    [Fact]
    public void A_contract_is_added_shown_changed_and_ended()
    {
        _server.Run("contract", "add", "basic", "--customer", "Example Ltd", "--from", "2026-01-01", "--until", "2090-12-31", "--space", "2 TiB", "--images", "12", "--keep", "last=3,weekly=4", "--overdue-after", "2", "--media", "iso,usb").Succeeds();
        var shown = _server.Ask("contract", "show", "basic");
        Assert.Equal(("Example Ltd", "running", "2090-12-31", 2L << 40, 12), (Text(shown, "customer"), Text(shown, "state"), Text(shown, "until"), shown.GetProperty("spaceBytes").GetInt64(), shown.GetProperty("images").GetInt32()));
        Assert.Equal(("last=3,weekly=4", "allowed", 2), (Text(shown, "keep"), Text(shown, "deletion"), shown.GetProperty("overdueDays").GetInt32()));

        var changed = _server.Ask("contract", "change", "basic", "--space", "none", "--deletion", "forbidden");
        Assert.Equal((JsonValueKind.Null, "forbidden", 12), (changed.GetProperty("spaceBytes").ValueKind, Text(changed, "deletion"), changed.GetProperty("images").GetInt32()));

        Assert.Equal("grace", Text(_server.Ask("contract", "end", "basic"), "state"));
        Assert.Equal("over", Text(_server.Ask("contract", "end", "basic", "--without-grace"), "state"));
        Assert.Contains("basic", _server.Run("contract", "list").Succeeds().Output, StringComparison.Ordinal);
        var history = _server.Run("contract", "show", "basic").Succeeds().Output;
        foreach (var what in (string[])["contract added by", "contract changed by", "contract ended by"]) Assert.Contains(what, history, StringComparison.Ordinal);
    }

    [Fact]
    public void A_contract_that_began_today_can_be_ended()
    {
        _server.Run("contract", "add", "trial").Succeeds();
        Assert.Equal("grace", Text(_server.Ask("contract", "end", "trial"), "state"));
    }

    [Theory]
    [InlineData(2, "--from", "2026-02-30")]
    [InlineData(2, "--until", "tomorrow")]
    [InlineData(2, "--from", "2026-12-31", "--until", "2026-01-01")]
    [InlineData(2, "--space", "0")]
    [InlineData(2, "--space", "much")]
    [InlineData(2, "--images", "-1")]
    [InlineData(2, "--grace", "0x10")]
    [InlineData(2, "--deletion", "perhaps")]
    [InlineData(2, "--media", "floppy")]
    [InlineData(2, "--keep", "hourly=3")]
    [InlineData(2, "--keep", "last")]
    [InlineData(2, "--keep", "last=0")]
    [InlineData(2, "--customer", "Example\nLtd")]
    [InlineData(2, "--overdue-after", "0")]
    public void What_is_no_value_is_refused_and_nothing_is_added(int code, params string[] options)
    {
        _server.Run(["contract", "add", "basic", .. options]).Reports(code);
        Assert.Empty(_server.Ask("contract", "list").GetProperty("contracts").EnumerateArray());
    }

    [Theory]
    [InlineData("Basic")]
    [InlineData("ba sic")]
    [InlineData("../basic")]
    public void Names_with_odd_characters_are_refused(string name) => _server.Run("contract", "add", name).Reports(2, "1 to 28");

    [Fact]
    public void A_second_contract_of_a_name_and_one_that_is_not_there_are_refused()
    {
        _server.Run("contract", "add", "basic").Succeeds();
        _server.Run("contract", "add", "basic").Reports(3, "already");
        _server.Run("contract", "change", "bsic", "--images", "3").Reports(2, "one of basic");
        _server.Run("contract", "change", "basic").Reports(2, "nothing is to be changed");
    }

    [Fact]
    public void Its_pcs_are_told_what_it_says_and_who_may_remove_images_changes_with_it()
    {
        _server.Run("contract", "add", "basic", "--customer", "Example Ltd", "--images", "12").Succeeds();
        _server.Run("pc", "add", "office", "--contract", "basic").Succeeds();
        Assert.Equal("bc-office:bc-office 700", _server.Owner("pcs/office/images"));

        _server.Run("contract", "change", "basic", "--images", "5", "--deletion", "forbidden").Succeeds();
        var told = StoreContract.Read(File.ReadAllBytes(_server["pcs/office/contract.json"]));
        Assert.Equal(((5L, 0L), false, false), (told.Images!.Value, told.AllowsDeletion, told.IsReadOnly));
        Assert.Equal("root:bc-office 1770", _server.Owner("pcs/office/images"));

        _server.Run("contract", "end", "basic").Succeeds();
        Assert.True(StoreContract.Read(File.ReadAllBytes(_server["pcs/office/contract.json"])).IsReadOnly);
        Assert.Equal("root:root 644", _server.Owner("pcs/office/contract.json"));
    }

    [Fact]
    public void Where_there_is_no_server_that_is_said() => _server.Run("contract", "list", "--root", "/srv/other").Reports(2, "no server", "--root", "bootserver init");

    public void Dispose() => _server.Dispose();

    private static string? Text(JsonElement document, string name) => document.GetProperty(name).GetString();
}
