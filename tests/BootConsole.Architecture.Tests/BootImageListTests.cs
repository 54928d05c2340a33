// The boot image has what its program calls (docs/boot-image.md): holds buildroot's lists against the source.
using System.Text.RegularExpressions;

namespace BootConsole.Architecture.Tests;

public sealed partial class BootImageListTests
{
    // These two run on a server or a workstation, with the programs that its distribution has.
    private static readonly string[] NotInTheBootImage = ["BootConsole.Media", "BootConsole.Server"];

    public static TheoryData<string> Lists => ["packages.list", "modules.list", "files.list"];

    [Fact]
    public void Every_program_that_the_source_calls_is_in_the_boot_image()
    {
        var present = Entries("files.list").Select(entry => Path.GetFileName(entry.Split(' ')[0])).ToHashSet(StringComparer.Ordinal);
        var called = Directory.GetFiles(Path.Combine(Repository.Root, "src"), "*.cs", SearchOption.AllDirectories)
            .Where(file => !NotInTheBootImage.Any(project => file.Contains($"/{project}/", StringComparison.Ordinal)))
            .SelectMany(file => Call().Matches(File.ReadAllText(file)).Select(match => match.Groups["program"].Value))
            .Distinct()
            .ToArray();

        Assert.Contains("lsblk", called);
        Assert.Contains("partclone.ntfs", called);
        Assert.Contains("ntfsresize", called);
        Assert.Contains("ssh", called);
        Assert.DoesNotContain(called, program => !present.Contains(program));
    }

    [Theory]
    [MemberData(nameof(Lists))]
    public void Every_line_of_a_list_has_its_reason(string list) =>
        Assert.DoesNotContain(File.ReadAllLines(PathOf(list)), line => line.Length > 0 && !line.StartsWith('#') && !Reason().IsMatch(line));

    [Theory]
    [MemberData(nameof(Lists))]
    public void No_list_names_a_thing_twice(string list) =>
        Assert.DoesNotContain(Entries(list).GroupBy(entry => entry), group => group.Count() > 1);

    private static IEnumerable<string> Entries(string list) =>
        File.ReadAllLines(PathOf(list)).Select(line => line.Split('#')[0].Trim()).Where(entry => entry.Length > 0);

    private static string PathOf(string list) => Path.Combine(Repository.Root, "buildroot", list);

    // A literal name in one of the places where programs are started; names in variables come from such a place.
    [GeneratedRegex("""\b(ProgramCall|RunAsync|MapAsync|StartInOwnSession|Find)\(\s*"(?<program>[a-z0-9][a-z0-9._-]*)"\s*[,)]""")]
    private static partial Regex Call();

    [GeneratedRegex(@"\S\s+# \S")]
    private static partial Regex Reason();
}
