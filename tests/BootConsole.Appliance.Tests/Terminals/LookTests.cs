// Which signs and colours a terminal gets, by what its environment says.
using BootConsole.Appliance.Terminal;

namespace BootConsole.Appliance.Tests.Terminals;

public sealed class LookTests
{
    [Theory]
    [InlineData("TERM=xterm-256color LANG=en_US.UTF-8", "unicode", true)]
    [InlineData("TERM=xterm LANG=de_DE.utf8", "unicode", true)]
    [InlineData("TERM=tmux-256color LC_ALL=C.UTF-8 LANG=C", "unicode", true)]
    [InlineData("TERM=screen LC_CTYPE=C.UTF-8", "unicode", true)]
    [InlineData("TERM=xterm LANG=C", "ascii", true)]
    [InlineData("TERM=xterm LANG=C.UTF-8 LC_ALL=POSIX", "ascii", true)]
    [InlineData("TERM=xterm LANG=C.UTF-8 LC_CTYPE=C", "ascii", true)]
    [InlineData("TERM=xterm", "ascii", true)]
    [InlineData("TERM=linux LANG=C.UTF-8", "linux", true)]
    [InlineData("TERM=linux", "ascii", true)]
    [InlineData("TERM=vt100 LANG=C.UTF-8", "ascii", false)]
    [InlineData("TERM=vt102 LANG=C", "ascii", false)]
    [InlineData("TERM=vt220", "ascii", false)]
    [InlineData("TERM=ansi LANG=C.UTF-8", "ascii", false)]
    [InlineData("TERM=dumb LANG=C.UTF-8", "ascii", false)]
    [InlineData("LANG=C.UTF-8", "ascii", false)]
    [InlineData("TERM=xterm LANG=C.UTF-8 NO_COLOR=1", "unicode", false)]
    [InlineData("TERM=xterm LANG=C.UTF-8 NO_COLOR=", "unicode", true)]
    public void A_terminal_gets_what_it_can_show(string environment, string expected, bool hasColour)
    {
        var variables = environment.Split(' ').Select(variable => variable.Split('=')).ToDictionary(pair => pair[0], pair => pair[1]);
        var look = Look.For(name => variables.GetValueOrDefault(name));
        var named = expected switch { "unicode" => Look.Unicode, "linux" => Look.LinuxConsole, _ => Look.Ascii };
        Assert.Equal(named with { HasColour = hasColour }, look);
        Assert.Equal(expected == "ascii", look.IsAscii);
    }

    [Fact]
    public void The_Linux_console_gets_signs_that_the_fonts_of_kernel_and_boot_environment_both_have()
    {
        // Beyond ASCII: what code page 437 and console-setup's Uni2-Terminus16 share, as far as it is signs.
        const string shared = "¡§«¬°±²¶·º»¿•‼←↑→↓↔↕↨∙√∞≈≡≤≥⌂─│┌┐└┘├┤┬┴┼═║╒╓╔╕╖╗╘╙╚╛╜╝╞╟╠╡╢╣╤╥╦╧╨╩╪╫╬█░▒■▲▼☺☻☼♦";
        var look = Look.LinuxConsole;
        Assert.All(string.Concat(look.Full, look.Other, look.Rest, look.Curve, look.Pointer, look.Cut, look.Rule, look.Dot), sign => Assert.True(char.IsAscii(sign) || shared.Contains(sign, StringComparison.Ordinal), sign.ToString()));
    }

    [Fact]
    public void Every_sign_takes_one_cell_and_a_colourless_terminal_gets_no_colour()
    {
        foreach (var look in (Look[])[Look.Unicode, Look.LinuxConsole, Look.Ascii])
        {
            Assert.All([look.Full, look.Other, look.Rest, look.Pointer, look.Cut, look.Rule, look.Dot], sign => Assert.Equal(1, TextCells.Width(sign)));
            Assert.Equal(look.Curve.Length, TextCells.Width(look.Curve));
        }

        Assert.Matches("^[ -~]+$", string.Concat(Look.Ascii.Full, Look.Ascii.Other, Look.Ascii.Rest, Look.Ascii.Pointer, Look.Ascii.Cut, Look.Ascii.Rule, Look.Ascii.Dot, Look.Ascii.Curve));
        foreach (var role in Enum.GetValues<Role>())
        {
            Assert.Matches(@"^\e\[0(;[17])?m$", (Look.Ascii with { HasColour = false }).Select(role));
            // Each begins from nothing: no role lasts into the next.
            Assert.StartsWith("\e[0", Look.Unicode.Select(role), StringComparison.Ordinal);
        }
    }
}
