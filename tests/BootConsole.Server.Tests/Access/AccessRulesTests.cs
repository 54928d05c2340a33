// Who may come in: the rules, one by one.
using BootConsole.Server.Access;
using BootConsole.Server.Catalogue;
using BootConsole.Server.Certificates;
using BootConsole.Server.Tests.Catalogue;

namespace BootConsole.Server.Tests.Access;

public sealed class AccessRulesTests
{
    private static readonly DateTimeOffset Midyear = new(2026, 6, 15, 12, 0, 0, TimeSpan.Zero);
    private static readonly AccessRequest Right = new("bc-office-pc", "office-pc/17", "17");

    private static AccessFacts Facts { get; } = new()
    {
        Image = new BootImage { Serial = 17, Pc = "office-pc", KeyId = "office-pc/17", PublicKey = "ssh-ed25519 AAAA", Medium = "iso", Mode = "network", Issued = Midyear, ValidUntil = Midyear.AddYears(10) },
        Pc = new Pc { Id = 4, Name = "office-pc", Account = "bc-office-pc", Contract = "basic" },
        Contract = SampleContract.Basic,
    };

    [Fact]
    public void The_boot_image_of_a_PC_under_a_running_contract_may_do_all() => Assert.Equal(new AccessAnswer(AccessLevel.Full, ""), AccessRules.Decide(Right, Facts, Midyear));

    [Theory]
    [InlineData("bc-other-pc", "office-pc/17", "17", "user")]
    [InlineData("root", "office-pc/17", "17", "user")]
    [InlineData("", "office-pc/17", "17", "user")]
    [InlineData("bc-office-pc", "office-pc/18", "17", "key id")]
    [InlineData("bc-office-pc", "other-pc/17", "17", "key id")]
    [InlineData("bc-office-pc", "", "17", "key id")]
    [InlineData("bc-office-pc", "office-pc/17", "017", "serial number")]
    public void Who_is_not_exactly_whom_the_boot_image_was_made_for_is_refused(string user, string keyId, string serial, string words)
    {
        var answer = AccessRules.Decide(new AccessRequest(user, keyId, serial), Facts, Midyear);
        Assert.Equal(AccessLevel.Refused, answer.Level);
        Assert.Contains(words, answer.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Another_key_under_the_same_number_is_refused()
    {
        var own = KeyFingerprint.Of(Facts.Image!.PublicKey);
        Assert.StartsWith("SHA256:", own, StringComparison.Ordinal);
        Assert.Equal(AccessLevel.Full, AccessRules.Decide(Right with { Fingerprint = own }, Facts, Midyear).Level);
        foreach (var other in (string[])["", "SHA256:x", own.ToLowerInvariant()])
            Assert.Contains("key is not", AccessRules.Decide(Right with { Fingerprint = other }, Facts, Midyear).Reason, StringComparison.Ordinal);
        // A boot image without a key lets nobody in, whatever the key is.
        Assert.Equal(AccessLevel.Refused, AccessRules.Decide(Right with { Fingerprint = "" }, Facts with { Image = Facts.Image with { PublicKey = "" } }, Midyear).Level);
    }

    [Fact]
    public void Without_a_boot_image_a_PC_or_a_contract_nobody_comes_in()
    {
        Refuses(Facts with { Image = null }, "no boot image");
        Refuses(Facts with { Pc = null, Contract = null }, "removed");
        Refuses(Facts with { Pc = Facts.Pc! with { Name = "other-pc" } }, "removed");
        Refuses(Facts with { Contract = null }, "no contract");
        Refuses(Facts with { Image = Facts.Image! with { Revoked = Midyear } }, "revoked");
    }

    [Theory]
    [InlineData("2025-12-31T23:59:59Z", AccessLevel.Refused)]
    [InlineData("2026-01-01T00:00:00Z", AccessLevel.Full)]
    [InlineData("2026-12-31T23:59:59Z", AccessLevel.Full)]
    [InlineData("2027-01-01T00:00:00Z", AccessLevel.ReadOnly)]
    [InlineData("2027-01-30T23:59:59Z", AccessLevel.ReadOnly)]
    [InlineData("2027-01-31T00:00:00Z", AccessLevel.Refused)]
    public void An_ended_contract_lets_PCs_read_for_its_days_of_grace_and_then_nobody_in(string now, object level) =>
        Assert.Equal(level, AccessRules.Decide(Right, Facts, DateTimeOffset.Parse(now, System.Globalization.CultureInfo.InvariantCulture)).Level);

    [Theory]
    [InlineData(9, 0, true, AccessLevel.Full)]
    [InlineData(10, 0, true, AccessLevel.NoNewImages)]
    [InlineData(10, 1, true, AccessLevel.Full)]
    [InlineData(9, 3, false, AccessLevel.Full)]
    [InlineData(10, 0, false, AccessLevel.ReadOnly)]
    [InlineData(10, 1, false, AccessLevel.ReadOnly)]
    public void When_the_number_of_images_is_reached_no_new_one_can_be_begun(int finished, int unfinished, bool allowsDeletion, object level) =>
        Assert.Equal(level, AccessRules.Decide(Right, Facts with { Finished = finished, Unfinished = unfinished, Contract = SampleContract.Basic with { AllowsDeletion = allowsDeletion } }, Midyear).Level);

    [Fact]
    public void On_a_private_server_all_PCs_come_in_as_one_user_and_no_other()
    {
        var shared = Facts with { SharedAccount = "alice" };
        Assert.Equal(AccessLevel.Full, AccessRules.Decide(Right with { User = "alice" }, shared, Midyear).Level);
        Assert.Equal(AccessLevel.Refused, AccessRules.Decide(Right, shared, Midyear).Level);
    }

    [Theory]
    [InlineData(AccessLevel.Full, null, "restrict,command=\"internal-sftp\" office-pc")]
    [InlineData(AccessLevel.ReadOnly, null, "restrict,command=\"internal-sftp -R\" office-pc")]
    [InlineData(AccessLevel.NoNewImages, null, "restrict,command=\"internal-sftp -P mkdir\" office-pc")]
    [InlineData(AccessLevel.ReadOnly, "/srv/x/pcs/office-pc", "restrict,command=\"internal-sftp -R -d /srv/x/pcs/office-pc\" office-pc")]
    public void Sshd_is_told_what_the_session_may_do_and_the_principal_that_it_must_have(object level, string? folder, string line) => Assert.Equal(line, Oracle.Line((AccessLevel)level, "office-pc", folder));

    [Fact]
    public void No_field_of_a_certificate_can_forge_a_line_of_the_log()
    {
        var line = RefusalLog.Line(new AccessRequest("a\nb", "x serial=1 reason=\"ok\"", "\u001b[2J"), "not \"known\"", Midyear);
        Assert.Equal("2026-06-15T12:00:00Z refused user=a?b key=x?serial=1?reason='ok' serial=?[2J reason=\"not 'known'\"\n", line);
    }

    private static void Refuses(AccessFacts facts, string words)
    {
        var answer = AccessRules.Decide(Right, facts, Midyear);
        Assert.Equal(AccessLevel.Refused, answer.Level);
        Assert.Contains(words, answer.Reason, StringComparison.Ordinal);
    }
}
