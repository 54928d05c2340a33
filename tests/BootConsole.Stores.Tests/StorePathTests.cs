// Paths that cannot leave their store.
namespace BootConsole.Stores.Tests;

public sealed class StorePathTests
{
    [Theory]
    [InlineData("..")]
    [InlineData("a/../b")]
    [InlineData("/a")]
    [InlineData("a/")]
    [InlineData("a//b")]
    [InlineData(".hidden")]
    [InlineData("-option")]
    [InlineData("a b")]
    [InlineData("a\nb")]
    [InlineData("ä")]
    [InlineData("a\0b")]
    [InlineData("a\\b")]
    [InlineData(null)]
    public void Anything_but_plain_parts_is_no_path(string? text)
    {
        Assert.False(StorePath.TryParse(text, out _));
        if (text is not null) Assert.Throws<ArgumentException>(() => StorePath.Of(text));
    }

    [Fact]
    public void A_part_has_at_most_200_characters()
    {
        Assert.True(StorePath.TryParse(new string('a', 200), out _));
        Assert.False(StorePath.TryParse(new string('a', 201), out _));
    }

    [Fact]
    public void A_path_knows_its_name_and_its_folder()
    {
        var path = StorePath.Of("images") / "2026-11-21T060400Z_pc" / "disk-0/00000000-1.zst";
        Assert.Equal(("00000000-1.zst", "images/2026-11-21T060400Z_pc/disk-0"), (path.Name, path.Folder.Text));
        Assert.Equal(StorePath.Top, StorePath.Of("images").Folder);
        Assert.Equal(StorePath.Top, StorePath.Top.Folder);
        Assert.True(StorePath.TryParse("", out var top) && top == StorePath.Top, "the empty text is the top");
    }

    [Fact]
    public void A_passing_name_is_a_path_beside_its_file_whatever_that_is_called()
    {
        foreach (var name in new[] { "state.json", new string('a', 200) })
        {
            var passing = StoreNames.PassingNameFor(StorePath.Of("folder") / name);
            Assert.Equal("folder", passing.Folder.Text);
            Assert.EndsWith(".part", passing.Name, StringComparison.Ordinal);
            Assert.NotEqual(passing, StoreNames.PassingNameFor(StorePath.Of("folder") / name));
        }
    }
}
