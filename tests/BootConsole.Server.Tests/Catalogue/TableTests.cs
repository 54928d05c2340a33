// The catalogue's tables: what they take, what they refuse, what stays unique.
using BootConsole.Core;
using BootConsole.Server.Catalogue;
using BootConsole.TestKit;

namespace BootConsole.Server.Tests.Catalogue;

public sealed class TableTests : IDisposable
{
    private static readonly DateTimeOffset Now = new(2026, 11, 21, 12, 0, 0, TimeSpan.Zero);

    private readonly TempFolder _folder = new();
    private readonly CatalogueFile _catalogue;

    public TableTests()
    {
        _catalogue = CatalogueFile.Create(_folder["catalogue.db"], "tester", TimeProvider.System);
        _catalogue.Change("contract added", "basic", session => session.AddContract(SampleContract.Basic));
    }

    [Fact]
    public void A_contract_can_be_changed_and_lifted_of_its_limits()
    {
        _catalogue.Change("contract changed", "basic", session => session.ChangeContract(session.Contract("basic") with { Customer = "Other Ltd", LastDay = null, SpaceBytes = null, ImageLimit = null, Retention = new Retention(), OverdueDays = null }));
        var contract = _catalogue.Read(session => session.Contract("BASIC"));
        Assert.Equal(("Other Ltd", null, null, null, true, null), (contract.Customer, contract.LastDay, contract.SpaceBytes, contract.ImageLimit, contract.Retention.KeepsEverything, contract.OverdueDays));
        Assert.Null(contract.GraceEnds);
    }

    [Theory]
    [InlineData("2025-12-31T23:59:59Z", "NotYet")]
    [InlineData("2026-01-01T00:00:00Z", "Running")]
    [InlineData("2026-12-31T23:59:59Z", "Running")]
    [InlineData("2027-01-01T00:00:00Z", "Grace")]
    [InlineData("2027-01-30T23:59:59Z", "Grace")]
    [InlineData("2027-01-31T00:00:00Z", "Over")]
    public void Days_of_a_contract_are_whole_days_in_utc(string moment, string standing) =>
        Assert.Equal(standing, SampleContract.Basic.StandingAt(DateTimeOffset.Parse(moment, System.Globalization.CultureInfo.InvariantCulture)).ToString());

    [Fact]
    public void Contradictions_and_second_names_are_refused()
    {
        Assert.Throws<UsageFault>(() => Change(session => session.AddContract(SampleContract.Basic with { Name = "other", LastDay = new DateOnly(2025, 12, 31) })));
        Assert.Throws<RefusedFault>(() => Change(session => session.AddContract(SampleContract.Basic)));
        Assert.Throws<RefusedFault>(() =>
        {
            AddPc("office", "52:54:00:00:00:01");
            AddPc("office");
        });
        var fault = Assert.Throws<RefusedFault>(() => AddPc("other", "52:54:00:00:00:01"));
        Assert.Equal("office", fault.Found);
        Assert.Throws<UsageFault>(() => Change(session => session.AddPc(Sample("third") with { Contract = "none" })));
        Assert.Equal("office", Assert.Single(_catalogue.Read(session => session.Pcs())).Name);
    }

    [Theory]
    [InlineData("")]
    [InlineData("-office")]
    [InlineData("Office")]
    [InlineData("office pc")]
    [InlineData("../office")]
    [InlineData("office\n")]
    [InlineData("büro")]
    [InlineData("abcdefghijklmnopqrstuvwxyz012")]
    public void Names_that_could_be_no_user_and_no_folder_are_refused(string name) => Assert.Throws<UsageFault>(() => AddPc(name));

    [Theory]
    [InlineData("52:54:00:AB:cd:ef", "52:54:00:ab:cd:ef")]
    [InlineData("52-54-00-ab-cd-ef", "52:54:00:ab:cd:ef")]
    [InlineData("525400ABCDEF", "52:54:00:ab:cd:ef")]
    public void Cards_are_read_in_every_usual_form(string text, string form) => Assert.Equal(form, ServerNames.Card(text));

    [Theory]
    [InlineData("")]
    [InlineData("52:54:00:ab:cd")]
    [InlineData("52:54:00:ab:cd:eg")]
    [InlineData("00:00:00:00:00:00")]
    [InlineData("01:00:5e:00:00:01")]
    [InlineData("52:5400-ab:cdef")]
    [InlineData("52:54:00:ab:cd:ef\n")]
    [InlineData("192.0.2.1")]
    public void What_is_no_card_is_refused(string text) => Assert.Throws<UsageFault>(() => ServerNames.Card(text));

    [Fact]
    public void A_pc_is_found_by_name_user_and_card_and_keeps_its_cards_when_it_is_changed()
    {
        AddPc("office", "52:54:00:00:00:02", "52:54:00:00:00:01");
        Change(session => session.ChangePc(session.Pc("office") with { Address = "192.0.2.7/24", Cards = ["52:54:00:00:00:01", "52:54:00:00:00:03"] }));
        var pc = _catalogue.Read(session => session.FindPcOfAccount("bc-office"))!;
        Assert.Equal(["52:54:00:00:00:01", "52:54:00:00:00:03"], pc.Cards);
        Assert.Equal("office", _catalogue.Read(session => session.FindPcOfCard("52:54:00:00:00:03"))!.Name);
        Assert.Null(_catalogue.Read(session => session.FindPcOfCard("52:54:00:00:00:02")));
    }

    [Fact]
    public void A_serial_number_is_never_given_twice_and_survives_its_pc()
    {
        AddPc("office");
        foreach (var expected in (long[])[1, 2])
            Change(session =>
            {
                Assert.Equal(expected, session.TakeSerial());
                session.AddBootImage(new BootImage { Serial = expected, Pc = "office", KeyId = $"office/{expected}", PublicKey = "ssh-ed25519 AAAA", Medium = "iso", Mode = "network", Issued = Now, ValidUntil = Now.AddYears(10) });
            });
        Change(session => session.RevokeBootImage(1, Now));
        Change(session => session.RemovePc(session.Pc("office")));
        Assert.Equal([Now, null], _catalogue.Read(session => session.BootImages()).Select(image => image.Revoked));
        Assert.Equal(3, _catalogue.Change("boot image begun", "office", session => session.TakeSerial()));
    }

    [Fact]
    public void What_a_pc_has_stored_is_counted()
    {
        AddPc("office");
        AddPc("empty");
        foreach (var (name, state, bytes, hours) in ((string, string, long, int)[])[("a", "finished", 5, 1), ("b", "finished", 7, 3), ("c", "unfinished", 11, 5)])
            _catalogue.Remember(session => session.RememberImage(new StoredImage { Pc = "office", Name = name, State = state, Kind = "full", Parent = "", Taken = Now, Seen = Now.AddHours(hours), StoredBytes = bytes, DiskBytes = 100, Manifest = "" }));
        var office = _catalogue.Read(session => session.Pc("office"));
        var use = new StoreUse(2, 23, Now.AddHours(3));
        Assert.Equal(use, _catalogue.Read(session => session.UseOf(office.Id)));
        Assert.Equal(use, _catalogue.Read(session => session.Uses())["office"]);
        Assert.Equal(new StoreUse(0, 0, null), _catalogue.Read(session => session.Uses())["empty"]);
    }

    public void Dispose()
    {
        _catalogue.Dispose();
        _folder.Dispose();
    }

    private static Pc Sample(string name) => new() { Name = name, Account = ServerNames.Account(name), Contract = "basic", Added = Now };

    private void AddPc(string name, params string[] cards) => Change(session => session.AddPc(Sample(name) with { Cards = cards }));

    private void Change(Action<CatalogueSession> work) => _catalogue.Change("test", "test", work);
}
