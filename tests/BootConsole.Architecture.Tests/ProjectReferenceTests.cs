// The projects' references are the architecture diagram (docs/architecture.md): this holds the project files against it.
using System.Xml.Linq;

namespace BootConsole.Architecture.Tests;

public sealed class ProjectReferenceTests
{
    // Who may know whom.
    private static readonly Dictionary<string, string[]> Allowed = new()
    {
        ["Core"] = [],
        ["Host"] = ["Core"],
        ["Settings"] = ["Core"],
        ["Disks"] = ["Core", "Host"],
        ["Codec"] = ["Core", "Host"],
        ["Stores"] = ["Core", "Host"],
        ["Images"] = ["Core", "Codec", "Stores"],
        ["Jobs"] = ["Core", "Disks", "Codec", "Stores", "Images"],
        ["Media"] = ["Core", "Host", "Settings"],
        ["Appliance"] = ["Core", "Host", "Settings", "Disks", "Codec", "Stores", "Images", "Jobs"],
        ["Server"] = ["Core", "Host", "Settings", "Disks", "Codec", "Stores", "Images", "Jobs", "Media"],
    };

    private static readonly string[] AllowedPackages = ["Spectre.Console", "System.CommandLine", "Microsoft.Data.Sqlite.Core", "SQLitePCLRaw.core", "SQLitePCLRaw.provider.e_sqlite3"];

    public static TheoryData<string> Projects => [.. Directory.GetFiles(Path.Combine(Repository.Root, "src"), "*.csproj", SearchOption.AllDirectories)];

    [Theory]
    [MemberData(nameof(Projects))]
    public void A_project_references_exactly_what_the_diagram_draws(string file)
    {
        var name = Path.GetFileNameWithoutExtension(file)["BootConsole.".Length..];
        Assert.True(Allowed.ContainsKey(name), $"{name} is not in the diagram");
        var references = XDocument.Load(file).Descendants("ProjectReference")
            .Select(reference => Path.GetFileNameWithoutExtension(reference.Attribute("Include")!.Value)["BootConsole.".Length..]);
        Assert.Equal(Allowed[name].Order(StringComparer.Ordinal), references.Order(StringComparer.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Projects))]
    public void Only_the_programs_use_packages(string file)
    {
        var packages = XDocument.Load(file).Descendants("PackageReference").Select(package => package.Attribute("Include")!.Value).ToList();
        if (Path.GetFileNameWithoutExtension(file) is not ("BootConsole.Appliance" or "BootConsole.Server")) Assert.Empty(packages);
        Assert.All(packages, package => Assert.Contains(package, AllowedPackages));
    }

    [Fact]
    public void References_are_not_passed_on()
    {
        var properties = XDocument.Load(Path.Combine(Repository.Root, "Directory.Build.props"));
        Assert.Equal("true", properties.Descendants("DisableTransitiveProjectReferences").Single().Value);
        Assert.Equal("true", properties.Descendants("TreatWarningsAsErrors").Single().Value);
        Assert.Equal("true", properties.Descendants("CheckForOverflowUnderflow").Single().Value);
    }

    [Fact]
    public void The_solution_holds_every_project()
    {
        var solution = File.ReadAllText(Path.Combine(Repository.Root, "BootConsole.sln")).Replace('\\', '/');
        foreach (var folder in (string[])["src", "tests"])
            foreach (var file in Directory.GetFiles(Path.Combine(Repository.Root, folder), "*.csproj", SearchOption.AllDirectories))
                Assert.Contains(Path.GetRelativePath(Repository.Root, file).Replace('\\', '/'), solution, StringComparison.Ordinal);
    }
}
