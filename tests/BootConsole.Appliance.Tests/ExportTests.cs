// Exporting: a whole file under the name, or none.
using BootConsole.TestKit;

namespace BootConsole.Appliance.Tests;

public sealed class ExportTests(SampleStore sample) : IClassFixture<SampleStore>
{
    [Fact]
    public void The_exported_file_is_what_the_documented_line_gives()
    {
        var file = sample.NewPath(".img");
        var document = Export(file, "--json").Succeeds().Document;
        Assert.Equal(sample.Image, document.GetProperty("image").GetString());
        var byHand = sample.NewPath(".img");
        SystemTool.Run("sh", "-c", "cd \"$1\" && sha256sum --quiet -c SHA256SUMS && cut -c67- SHA256SUMS | xargs cat | zstd -d > \"$2\"", "sh", Path.Combine(sample.Store, "images", sample.Image, "disk-0"), byHand);
        Assert.Equal(Content.Hash(byHand), Content.Hash(file));
    }

    [Fact]
    public void A_file_that_is_there_is_not_overwritten()
    {
        var file = sample.NewPath(".img");
        File.WriteAllText(file, "precious");
        Export(file).Reports(3, file, "there already");
        Export(file, "--json").ReportsJson(3, "refused", file);
        Assert.Equal("precious", File.ReadAllText(file));
    }

    [Fact]
    public void The_part_of_another_export_is_named_and_left_alone()
    {
        var file = sample.NewPath(".img");
        File.WriteAllText(file + ".part", "half");
        Export(file).Reports(3, file + ".part", "remove that file");
        Assert.Equal("half", File.ReadAllText(file + ".part"));
    }

    [Fact]
    public void A_folder_that_is_missing_is_named()
    {
        var file = Path.Combine(sample.NewPath(), "disk.img");
        Export(file).Reports(3, Path.GetDirectoryName(file)!, "folder");
    }

    [Fact]
    public async Task A_full_file_system_leaves_no_half_file()
    {
        await using var small = await SmallFileSystem.CreateAsync(8 << 20);
        var file = Path.Combine(small.Path, "disk.img");
        Export(file).Reports(1, "No space left", "no half file");
        Assert.Equal(["lost+found"], Directory.GetFileSystemEntries(small.Path).Select(Path.GetFileName));
    }

    [Fact]
    public void A_disk_that_the_image_does_not_have_is_a_usage_error()
    {
        Export(sample.NewPath(), "--disk", "1").Reports(2, "no such disk", "--disk", "0 to 0");
        Export(sample.NewPath(), "--disk", "-1").Reports(2, "no such disk", "-1");
    }

    private Run Export(string file, params string[] more) => Bootconsole.Run(["export", "--store", sample.Store, "latest", "--to", file, .. more]);
}
