// bootserver base: what is taken in, and that nothing half-done is left.
using BootConsole.Host;
using BootConsole.Server.Catalogue;
using BootConsole.Server.Tests.BootImages;
using BootConsole.TestKit;

namespace BootConsole.Server.Tests;

public sealed class BaseImportTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly string _base;

    public BaseImportTests()
    {
        _base = SampleBase.Make(_folder["base"]);
        IssuingServer.MakeTree(_folder["server"]);
    }

    private string Bases => _folder["server/bases"];

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_base_is_copied_whole_and_readable_and_listed()
    {
        var document = Import("--json").Succeeds().Document();
        Assert.Equal("imported", document.GetProperty("outcome").GetString());
        var name = document.GetProperty("base").GetString()!;
        Assert.Matches("^0\\.1\\.0-[0-9a-f]{12}$", name);
        SystemTool.Run("diff", "-r", _base, Path.Combine(Bases, name));
        Assert.Empty(SystemTool.Run("find", Path.Combine(Bases, name), "!", "-perm", "-o+r"));
        Assert.Equal([name], Names(Bases));
        Assert.Contains($"{name}  0.1.0    6.1.0-56-amd64  2026-11-20", Run("base", "list").Succeeds().Output, StringComparison.Ordinal);
        Assert.Equal(name, Run("base", "list", "--json").Succeeds().Document().GetProperty("bases")[0].GetProperty("base").GetString());
    }

    [Fact]
    public void The_same_base_again_is_no_fault_and_mends_what_was_damaged()
    {
        var name = Import("--json").Succeeds().Document().GetProperty("base").GetString()!;
        Assert.Contains("is there already, and whole", Import().Succeeds().Output, StringComparison.Ordinal);

        File.WriteAllText(Path.Combine(Bases, name, "vmlinuz"), "damaged");
        Assert.Contains("is whole again", Import().Succeeds().Output, StringComparison.Ordinal);
        SystemTool.Run("diff", "-r", _base, Path.Combine(Bases, name));
        Directory.Delete(Path.Combine(Bases, name), recursive: true);
        Import().Succeeds();
        SystemTool.Run("diff", "-r", _base, Path.Combine(Bases, name));
        Assert.Equal([name], Names(Bases));
        Assert.Single(Run("base", "list", "--json").Succeeds().Document().GetProperty("bases").EnumerateArray());
    }

    [Fact]
    public void What_an_import_left_that_was_cut_off_before_the_catalogue_knew_is_replaced()
    {
        var name = Import("--json").Succeeds().Document().GetProperty("base").GetString()!;
        using (var catalogue = CatalogueFile.Open(_folder["server/catalogue/catalogue.db"], "tester", TimeProvider.System)) catalogue.Remember(session => session.Execute("DELETE FROM base"));
        File.WriteAllText(Path.Combine(Bases, name, "base.img"), "half");
        Import().Succeeds();
        SystemTool.Run("diff", "-r", _base, Path.Combine(Bases, name));
    }

    [Fact]
    public void A_base_that_is_not_whole_is_refused_and_nothing_is_written()
    {
        File.AppendAllText(Path.Combine(_base, "base.img"), "more");
        Import().Reports(3, "damaged", "base.img");
        File.Delete(Path.Combine(_base, "vmlinuz"));
        Import().Reports(3, "not whole", "vmlinuz");
        Run("base", "import", _folder["none"]).Reports(3, "not whole", "base.json");
        Assert.False(Directory.Exists(Bases));
        Assert.Contains("There are none", Run("base", "list").Succeeds().Output, StringComparison.Ordinal);
    }

    [Fact]
    public void A_version_that_would_lead_elsewhere_is_only_a_name()
    {
        var record = File.ReadAllText(Path.Combine(_base, "base.json"));
        File.WriteAllText(Path.Combine(_base, "base.json"), record.Replace("\"version\":\"0.1.0\"", "\"version\":\"../../x\"", StringComparison.Ordinal));
        var name = Import("--json").Succeeds().Document().GetProperty("base").GetString()!;
        Assert.Equal([name], Names(Bases));
    }

    [Fact]
    public async Task Where_there_is_too_little_space_nothing_is_written()
    {
        SampleBase.Make(_base, rootBytes: 8 << 20);
        await using var small = await SmallFileSystem.CreateAsync(6 << 20);
        var server = Path.Combine(small.Path, "server");
        IssuingServer.MakeTree(server);
        Bootserver.Run("--root", server, "base", "import", _base).Reports(3, "too little space", server);
        Assert.Empty(Names(Path.Combine(server, "bases")));
    }

    [Fact]
    public void A_file_system_that_fills_up_meanwhile_leaves_no_half_folder()
    {
        var small = Directory.CreateDirectory(_folder["small"]).FullName;
        // Bytes enough, but only so many files: the folder, the first file and the catalogue's own two still find room.
        SystemTool.Run("mount", "-t", "tmpfs", "-o", "size=64m,nr_inodes=40", "tmpfs", small);
        try
        {
            var server = Path.Combine(small, "server");
            IssuingServer.MakeTree(server);
            Directory.CreateDirectory(Path.Combine(server, "bases"));
            for (var filler = 0; Free() > 4; filler++) File.WriteAllText(Path.Combine(small, $"filler{filler}"), "");
            Bootserver.Run("--root", server, "base", "import", _base).Reports(1, "space", "The bases that were there are as they were.");
            Assert.Empty(Names(Path.Combine(server, "bases")));
            Assert.Equal(4, Free());
        }
        finally
        {
            SystemTool.Run("umount", small);
        }

        int Free() => int.Parse(SystemTool.Run("stat", "-f", "-c", "%d", small), System.Globalization.CultureInfo.InvariantCulture);
    }

    [Fact]
    public async Task Of_two_imports_at_once_both_succeed_and_one_base_is_there()
    {
        var runs = await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => Task.Run(() => Import())));
        foreach (var run in runs) run.Succeeds();
        Assert.Single(Names(Bases));
        Assert.Single(Run("base", "list", "--json").Succeeds().Document().GetProperty("bases").EnumerateArray());
    }

    private static string[] Names(string folder) => [.. Directory.GetFileSystemEntries(folder).Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal)];

    private ProgramResult Import(params string[] more) => Run(["base", "import", _base, .. more]);

    private ProgramResult Run(params string[] arguments) => Bootserver.Run(["--root", _folder["server"], .. arguments]);
}
