// Text in manual pages: whatever it is, groff prints it as it is and obeys nothing in it.
using BootConsole.Server.Manual;
using BootConsole.TestKit;

namespace BootConsole.Server.Tests.Manual;

public sealed class TroffTests
{
    [Theory]
    [InlineData(".so /etc/passwd")]
    [InlineData("'br")]
    [InlineData(@"\fBbold\fR \n(.f \*(Tm \")]
    [InlineData("--overdue - \"quoted\" 'quoted' `command` ~ ^ | $(x)")]
    [InlineData("…über €\U0001F600")]
    [InlineData("a .b")]
    public void Text_is_printed_as_it_stands_at_the_beginning_of_a_line_in_a_font_and_in_a_title(string text)
    {
        using var folder = new TempFolder();
        File.WriteAllText(folder["page.8"], $".TH X 8\n.nh\n.ad l\n.SH \"{Troff.Text(text)}\"\n{Troff.Text(text)}\n.PP\n{Troff.Bold(text)}\n.TP 1\n{Troff.Italic(text)}\nend\n");
        var shown = SystemTool.Run("env", "LC_ALL=C.UTF-8", "MANWIDTH=2000", "man", "-E", "UTF-8", "--warnings", "-l", folder["page.8"]);
        Assert.Equal(4, shown.Split('\n').Count(line => line.Trim() == text));
    }

    [Fact]
    public void A_line_end_in_a_text_begins_no_request() => Assert.Equal("x?.sy true", Troff.Text("x\n.sy true"));
}
