// The reader against every case file: read as expected, or refused with a place inside the text.
using BootConsole.Settings.Toml;

namespace BootConsole.Settings.Tests.Toml;

public sealed class TomlSuiteTests
{
    public static TheoryData<string> Cases => [.. SuiteCase.Names];

    [Theory]
    [MemberData(nameof(Cases))]
    public void The_reader_takes_what_is_valid_and_refuses_the_rest(string name)
    {
        var text = SuiteCase.Text(name);
        if (SuiteCase.IsValid(name))
        {
            using var expected = SuiteCase.Expected(name);
            using var found = SuiteCase.Tagged(TomlReader.Read(text));
            Assert.Null(SuiteCase.Difference(expected.RootElement, found.RootElement));
        }
        else
        {
            var fault = Assert.Throws<TomlSyntaxException>(() => TomlReader.Read(text));
            Assert.InRange(fault.Position.Line, 1, text.Count(unit => unit == '\n') + 1);
            Assert.InRange(fault.Position.Column, 1, text.Length + 1);
        }
    }

    [Fact]
    public void Both_halves_of_the_suite_are_there()
    {
        Assert.Equal(177, SuiteCase.Names.Count(SuiteCase.IsValid));
        Assert.Equal(902, SuiteCase.Names.Count(name => !SuiteCase.IsValid(name)));
    }
}
