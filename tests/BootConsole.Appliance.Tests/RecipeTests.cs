// The recipes of docs/format.md, word for word out of the page, with the real programs on real images.
using System.Text.RegularExpressions;
using BootConsole.TestKit;

namespace BootConsole.Appliance.Tests;

public sealed class RecipeTests(EncryptedStore sample) : IClassFixture<EncryptedStore>
{
    [Fact]
    public void A_full_image_needs_sha256sum_and_zstd()
    {
        var (store, byHand, exported) = (sample.NewFolder(), sample.NewPath(), sample.NewPath());
        Bootconsole.Run("backup", "--disk", sample.Source, "--store", store, "--no-encryption").Succeeds();
        var folder = Path.Combine(Assert.Single(Directory.GetDirectories(Path.Combine(store, "images"))), "disk-0");
        SystemTool.Run("sh", "-c", $"cd '{folder}' && {Assert.Single(Recipes("A full image needs no BootConsole")).Replace("/dev/sdX", byHand, StringComparison.Ordinal)}");
        Bootconsole.Run("export", "--store", store, "latest", "--to", exported).Succeeds();
        Assert.Equal(Content.Hash(exported), Content.Hash(byHand));
    }

    [Fact]
    public async Task An_encrypted_image_needs_age_besides()
    {
        var (byHand, changed, exported) = (sample.NewPath(), sample.NewPath(), sample.NewPath());
        var recipes = Recipes("An encrypted full image needs age besides");
        Assert.Equal(2, recipes.Count);
        using var terminal = new Terminal();
        // The page's /dev/shm is this shell's own, and the disk a file.
        await TypeAsync("unshare --mount bash --norc", "");
        await TypeAsync("mount -t tmpfs tmpfs /dev/shm", "mounted");
        await TypeAsync($"cd {Path.Combine(sample.Store, "images", sample.Full, "disk-0")}", "inside");
        terminal.Type(recipes[0].Replace("/K/", $"/{sample.KeyId}/", StringComparison.Ordinal));
        await terminal.ShowsAsync("passphrase");
        terminal.Type(File.ReadAllText(sample.PasswordFile).Trim());
        await TypeAsync("test -s /dev/shm/id", "opened");
        await TypeAsync("sha256sum -c SHA256SUMS", "checked");
        await TypeAsync($"({recipes[1].Replace("/dev/sdX", byHand, StringComparison.Ordinal)})", "decoded");
        // Of an incremental image the same line gives what it stores itself.
        await TypeAsync($"cd ../../{sample.Child}/disk-0; sha256sum -c SHA256SUMS", "again");
        await TypeAsync($"({recipes[1].Replace("/dev/sdX", changed, StringComparison.Ordinal)})", "ended");
        sample.Run("export", sample.Store, sample.Full, "--to", exported).Succeeds();
        Assert.Equal(Content.Hash(exported), Content.Hash(byHand));
        Assert.Equal(Content.Read(sample.Source, EncryptedStore.DataStart + (3 << 20), 2 << 20), await File.ReadAllBytesAsync(changed));
        Assert.False(File.Exists("/dev/shm/id"));

        // What is typed says $?, what is shown its value.
        async Task TypeAsync(string line, string mark)
        {
            terminal.Type(mark.Length == 0 ? line : $"{line}; echo {mark} $?.");
            if (mark.Length > 0) await terminal.ShowsAsync($"{mark} 0.");
        }
    }

    private static IReadOnlyList<string> Recipes(string heading)
    {
        var page = File.ReadAllText(Repository.File("docs/format.md"));
        var section = Assert.Single(page.Split("\n## "), section => section.StartsWith(heading + "\n", StringComparison.Ordinal));
        return [.. Regex.Matches(section, "\n```\n(.*?)\n```\n", RegexOptions.Singleline).Select(match => match.Groups[1].Value)];
    }
}
