// What is wrong with a command line is said before anything is started: exit code 2, in words.
namespace BootConsole.Appliance.Tests;

public sealed class CommandLineTests
{
    [Theory]
    [InlineData("", "no command was given", "needs a terminal")]
    [InlineData("frobnicate", "frobnicate")]
    [InlineData("backup", "--disk", "--store")]
    [InlineData("backup --disk d.img --no-encryption", "--store")]
    [InlineData("backup --store s --no-encryption", "--disk")]
    [InlineData("backup --disk d.img --store s", "--no-encryption", "clear")]
    [InlineData("backup --disk d.img --store s --no-encryption --frobnicate", "--frobnicate")]
    [InlineData("backup --disk d.img --store s --no-encryption --pad -1", "--pad", "0 to 255", "-1")]
    [InlineData("backup --disk d.img --store s --no-encryption --pad 256", "--pad", "0 to 255", "256")]
    [InlineData("backup --disk d.img --store s --no-encryption --pad abc", "--pad", "number", "abc")]
    [InlineData("backup --disk d.img --store s --no-encryption --level 0", "--level", "1 to 19", "Found: 0")]
    [InlineData("backup --disk d.img --store s --no-encryption --level 20", "--level", "1 to 19", "20")]
    [InlineData("backup --disk d.img --store s --no-encryption --level x", "--level", "1 to 19", "x")]
    [InlineData("backup --disk d.img --store s --no-encryption --kind x", "--kind", "full, copy, differential or incremental", "x")]
    [InlineData("backup --disk d.img --store s --no-encryption --gaps x", "--gaps", "smart or all", "x")]
    [InlineData("backup --disk d.img --store s --no-encryption --sector-size 513", "--sector-size", "512, 1024, 2048 or 4096", "513")]
    [InlineData("backup --disk d.img --store s --no-encryption --sector-size x", "--sector-size", "512, 1024, 2048 or 4096", "x")]
    [InlineData("backup --disk d.img --store s --no-encryption --name ../x", "--name", "A-Z", "../x")]
    [InlineData("backup --disk d.img --store s --no-encryption --pc ../x", "--pc", "A-Z", "../x")]
    [InlineData("backup --disk d.img --store ftp://host/ --no-encryption", "ftp", "sftp://")]
    [InlineData("backup --disk d.img --store sftp://user:secret@host/ --no-encryption", "password", "--identity")]
    [InlineData("backup --disk d.img --store sftp://-oProxyCommand=x/ --no-encryption", "host name")]
    [InlineData("backup --disk d.img --store s --recipient age1qqqq", "--recipient", "mistyped", "58 lower-case")]
    [InlineData("backup --disk d.img --store s --recipient age1zyznnyng6ljx263uag6k0wuc94aqg8zgnd0c633289qvqqwcuenq8zfycg", "--recipient", "mistyped")]
    [InlineData("backup --disk d.img --store s --password-file p --no-encryption", "--no-encryption", "contradicts")]
    [InlineData("backup --disk d.img --store s --new-keys --no-encryption", "--no-encryption", "contradicts")]
    [InlineData("backup --disk d.img --store s --table-key k --password-file p", "--table-key", "--password-file")]
    [InlineData("backup --disk d.img --store s --table-key k --new-keys", "--table-key", "--new-keys")]
    [InlineData("backup --disk d.img --store s --password-file p --key-id 12", "--key-id", "64 lower-case", "12")]
    [InlineData("backup --disk d.img --store s --password-file p --new-keys --key-id 66666666666666666666666666666666666666666666666666666666666666aa", "--new-keys", "--key-id")]
    [InlineData("backup --disk d.img --store s --password-file no-such-file", "--password-file no-such-file", "cannot be read")]
    [InlineData("backup --disk d.img --store s --table-key no-such-file", "--table-key no-such-file", "cannot be read")]
    [InlineData("backup --disk d.img --store s --no-encryption --retry-for x", "--retry-for", "30 min", "x")]
    [InlineData("resume", "--store")]
    [InlineData("keys", "command")]
    [InlineData("keys new --store /", "--password-file", "--recipient")]
    [InlineData("keys new --store / --recipient x", "--recipient", "mistyped")]
    [InlineData("keys show --store /", "KEYID")]
    [InlineData("password change --store / --password-file p", "--new-password-file")]
    [InlineData("images", "--store")]
    [InlineData("images --store sftp://host:99999/", "port", "99999")]
    [InlineData("show --store /", "no image was named", "latest")]
    [InlineData("restore --store / latest", "--disk")]
    [InlineData("restore --store / latest --disk d.img --yes-overwrite", "--yes-overwrite")]
    [InlineData("export --store / latest", "--to")]
    [InlineData("export --store / latest --to f --format x", "--format", "Expected: raw", "x")]
    [InlineData("export --store / latest --to f --disk x", "--disk", "number", "x")]
    [InlineData("delete --store /", "IMAGE")]
    [InlineData("delete --store / latest", "latest", "id")]
    [InlineData("verify --store / latest --keyless --against d.img", "--keyless", "--against")]
    [InlineData("images --store server --config no-such-file.toml", "no-such-file.toml", "cannot be read")]
    [InlineData("images --store server --config f.toml --identity k", "--config", "--identity")]
    [InlineData("completion fish", "bash or zsh", "fish")]
    public void What_is_wrong_is_named_and_nothing_is_started(string line, params string[] words)
    {
        var arguments = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        Assert.Empty(Bootconsole.Run(arguments).Reports(2, words).Output);
    }

    [Theory]
    [InlineData("frobnicate --json")]
    [InlineData("backup --json")]
    [InlineData("--json")]
    [InlineData("backup --disk d.img --store s --pad 256 --no-encryption --json")]
    public void Under_json_a_wrong_command_line_gives_a_document_too(string line) =>
        Bootconsole.Run(line.Split(' ')).ReportsJson(2, "refused");

    [Theory]
    [InlineData("export --store s latest --to f", "--format qcow2")]
    public void What_a_later_version_will_have_is_refused_by_name(string line, string later)
    {
        var words = later.Split(' ');
        var named = words[0] is "--kind" or "--format" ? later : words[0];
        Bootconsole.Run($"{line} {later}".Split(' ', StringSplitOptions.RemoveEmptyEntries)).Reports(2, named, "is not part of this version");
    }

    [Fact]
    public void The_version_is_one_line() => Assert.Matches(@"^\d+\.\d+\.\d+\S*\n$", Bootconsole.Run("--version").Succeeds().Output);
}
