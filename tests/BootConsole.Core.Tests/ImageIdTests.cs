// Image ids: what Create makes, TryParse reads, and nothing else.
using BootConsole.Core;

namespace BootConsole.Core.Tests;

public sealed class ImageIdTests
{
    [Fact]
    public void An_id_reads_back_as_it_was_made()
    {
        var id = ImageId.Create(new DateTimeOffset(2026, 11, 21, 7, 4, 0, TimeSpan.FromHours(1)), "office-pc", "before-update");
        Assert.Equal("2026-11-21T060400Z_office-pc_before-update", id.Text);
        Assert.True(ImageId.TryParse(id.Text, out var again));
        Assert.Equal(id, again);
        Assert.Equal(("office-pc", "before-update"), (again.Pc, again.Name));
    }

    [Theory]
    [InlineData("")]
    [InlineData("../x")]
    [InlineData("2026-11-21T060400Z_a")]
    [InlineData("2026-11-21T060400Z_a_b_c")]
    [InlineData("2026-11-21T060400Z__b")]
    [InlineData("2026-13-21T060400Z_a_b")]
    [InlineData("2026-11-21T060400_a_b")]
    [InlineData("2026-11-21T060400Z_a_.b")]
    [InlineData("2026-11-21T060400Z_a_-b")]
    [InlineData("2026-11-21T060400Z_a_b/c")]
    [InlineData("2026-11-21T060400Z_a_b\n")]
    [InlineData("2026-11-21t060400z_a_b")]
    [InlineData("2026-11-21T060400Z_a_ö")]
    public void Anything_else_is_not_an_id(string text) => Assert.False(ImageId.TryParse(text, out _));

    [Theory]
    [InlineData("Büro PC", "B-ro-PC")]
    [InlineData("...", "pc")]
    [InlineData("-a-", "a")]
    public void Any_text_becomes_a_part(string text, string part)
    {
        Assert.Equal(part, ImageId.ToPart(text, "pc"));
        Assert.True(ImageId.IsPart(ImageId.ToPart(text, "pc")));
    }
}
