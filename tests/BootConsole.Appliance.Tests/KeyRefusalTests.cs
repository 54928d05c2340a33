// Wrong, damaged and hostile keys: named before anything else is read or written, and the store stays as it is.
using BootConsole.TestKit;

namespace BootConsole.Appliance.Tests;

public sealed class KeyRefusalTests(EncryptedStore sample) : IClassFixture<EncryptedStore>
{
    private string[] Wrong => ["--password-file", sample.WrongPasswordFile];

    [Theory]
    [InlineData("verify", "latest")]
    [InlineData("show", "latest")]
    [InlineData("verify", "latest", "--against", "DISK")]
    [InlineData("restore", "latest", "--disk", "NEW")]
    [InlineData("restore", "latest", "--disk", "NEW", "--dry-run")]
    [InlineData("export", "latest", "--to", "NEW")]
    [InlineData("backup", "--pc", EncryptedStore.Pc, "--disk", "DISK")]
    [InlineData("backup", "--pc", EncryptedStore.Pc, "--disk", "DISK", "--kind", "incremental")]
    [InlineData("password", "change", "--pc", EncryptedStore.Pc, "--new-password-file", "DISK")]
    public void A_wrong_password_is_said_and_changes_nothing(params string[] command)
    {
        var (copy, target) = (sample.CopyStore(), sample.NewPath(".img"));
        var before = copy.Hashes();
        Bootconsole.Run([.. command.Select(word => word is "NEW" ? target : word is "DISK" ? sample.Source : word), "--store", copy.Folder, .. Wrong]).Reports(1, "the password is wrong");
        Assert.Equal(before, copy.Hashes());
        Assert.False(Path.Exists(target));
    }

    [Theory]
    [InlineData("backup")]
    [InlineData("restore")]
    public void A_wrong_password_is_said_before_a_disk_or_the_content_of_an_image_is_opened(string command)
    {
        var trace = sample.NewPath();
        string[] strace = ["strace", "--follow-forks", "--seccomp-bpf", "--quiet=all", "--trace=open,openat,openat2,creat,mkdir,mkdirat", "--string-limit=4096", "--output", trace];
        string[] arguments = command == "backup" ? ["backup", "--pc", EncryptedStore.Pc, "--disk", sample.Source] : ["restore", "latest", "--disk", sample.Source, "--yes-overwrite", sample.Source];
        Bootconsole.RunUnder(strace, [.. arguments, "--store", sample.Store, .. Wrong]).Reports(1, "the password is wrong");
        var opened = File.ReadAllLines(trace);
        Assert.Contains(opened, line => line.Contains("identity.1.age", StringComparison.Ordinal));
        Assert.DoesNotContain(opened, line => line.Contains($"\"{sample.Source}\"", StringComparison.Ordinal) || line.Contains(".zst", StringComparison.Ordinal) || line.Contains("layout.json", StringComparison.Ordinal));
        Assert.DoesNotContain(opened, line => line.Contains(sample.Store, StringComparison.Ordinal) && (line.Contains("O_CREAT", StringComparison.Ordinal) || line.Contains("O_WRONLY", StringComparison.Ordinal) || line.Contains("mkdir", StringComparison.Ordinal)));
    }

    [Fact]
    public void An_empty_password_and_one_of_several_lines_are_refused()
    {
        var (copy, file) = (sample.CopyStore(), sample.NewPath());
        var before = copy.Hashes();
        foreach (var (text, words) in new[] { ("", "empty"), ("\n", "empty"), ("one\ntwo\n", "more than one line") })
        {
            File.WriteAllText(file, text);
            Bootconsole.Run("backup", "--disk", sample.Source, "--store", copy.Folder, "--password-file", file).Reports(1, words, file);
            Bootconsole.Run("verify", "--store", copy.Folder, "latest", "--password-file", file).Reports(1, words);
            Bootconsole.Run("keys", "new", "--store", copy.Folder, "--password-file", file).Reports(1, words);
        }

        Bootconsole.Run("verify", "--store", copy.Folder, "latest", "--password-file", "/no-such-file").Reports(2, "--password-file /no-such-file");
        Bootconsole.Run("verify", "--store", copy.Folder, "latest").Reports(1, "no password or key was given", "--password-file");
        Assert.Equal(before, copy.Hashes());
    }

    [Fact]
    public void A_damaged_wrap_is_named_as_such()
    {
        var copy = sample.CopyStore();
        var wrap = Path.Combine("..", "..", "keys", sample.KeyId, "identity.1.age");
        copy.FlipBit(wrap, -20);
        sample.Run("verify", copy.Folder, "latest").Reports(1, "wrap of the key set is damaged", "identity.1.age");
        File.WriteAllText(copy[wrap], "age-encryption.org/v1\n-> scrypt");
        sample.Run("verify", copy.Folder, "latest").Reports(1, "wrap of the key set is damaged", "identity.1.age");
        File.Delete(copy[wrap]);
        sample.Run("verify", copy.Folder, "latest").Reports(1, "the key set has no password", "--identity");
        Bootconsole.Run("verify", "--store", copy.Folder, "latest", "--keyless").Succeeds();
        Directory.Delete(Path.GetDirectoryName(copy[wrap])!, recursive: true);
        sample.Run("verify", copy.Folder, "latest").Reports(1, "the store has no wrap of the key set");
    }

    [Theory]
    [InlineData("21")]
    [InlineData("30")]
    [InlineData("63")]
    public void A_password_that_asks_for_absurd_work_is_refused(string work)
    {
        var copy = sample.CopyStore();
        var wrap = copy[Path.Combine("..", "..", "keys", sample.KeyId, "identity.1.age")];
        var text = File.ReadAllText(wrap, System.Text.Encoding.Latin1);
        Assert.Contains(" 17\n", text, StringComparison.Ordinal);
        File.WriteAllText(wrap, text.Replace(" 17\n", $" {work}\n", StringComparison.Ordinal), System.Text.Encoding.Latin1);
        var before = copy.Hashes();
        sample.Run("verify", copy.Folder, "latest").Reports(3, "more work than is allowed", $"2^{work}", "2^20 at most");
        Bootconsole.Run("backup", "--store", copy.Folder, "--disk", sample.Source, "--pc", EncryptedStore.Pc, "--password-file", sample.PasswordFile).Reports(3, "more work than is allowed");
        Assert.Equal(before, copy.Hashes());
    }

    [Fact]
    public void Damaged_key_files_are_named()
    {
        var (store, tableKey, bad) = (sample.NewFolder(), sample.NewPath(), sample.NewPath());
        Bootconsole.Run("keys", "new", "--store", store, "--password-file", sample.PasswordFile, "--table-key", tableKey).Succeeds();
        var lines = File.ReadAllLines(tableKey);
        foreach (var (text, words) in new[] { ("", ""), (lines[^1] + "\n", ""), (string.Join('\n', lines[..^1]) + "\n", ""), (File.ReadAllText(tableKey).Replace(lines[2], $"# recipient: {sample.Recipient}", StringComparison.Ordinal), "do not belong together") })
        {
            File.WriteAllText(bad, text);
            Bootconsole.Run("backup", "--disk", sample.Source, "--store", store, "--table-key", bad).Reports(1, bad, words);
        }

        // The identity file of a person is no table key, and a table key opens no image.
        Bootconsole.Run("backup", "--disk", sample.Source, "--store", store, "--table-key", sample.IdentityFile).Reports(1, sample.IdentityFile);
        File.WriteAllText(bad, "AGE-SECRET-KEY-1QQQQ\n");
        Bootconsole.Run("verify", "--store", sample.Store, "latest", "--identity", bad).Reports(1, bad);
        Bootconsole.Run("verify", "--store", sample.Store, "latest", "--identity", tableKey).Reports(1, "no key at hand opens");
        Assert.False(Directory.Exists(Path.Combine(store, "images")));
    }

    [Fact]
    public void What_a_hostile_store_puts_in_the_place_of_an_image_is_refused()
    {
        var copy = sample.CopyStore();
        copy.EditManifest(manifest => manifest["pad"] = 1);
        sample.Run("restore", copy.Folder, "latest", "--disk", sample.NewPath(".img")).Reports(1, "MAC");
        File.Delete(copy["image.json.mac"]);
        sample.Run("verify", copy.Folder, "latest").Reports(1, "MAC");
        // Whoever gives a key means an encrypted image.
        var plain = sample.NewFolder();
        var image = Bootconsole.Run("backup", "--disk", sample.Source, "--store", plain, "--no-encryption", "--json").Succeeds().Document.GetProperty("image").GetString()!;
        foreach (var key in (string[][])[["--password-file", sample.PasswordFile], ["--identity", sample.IdentityFile], ["--key-id", sample.KeyId]])
            Bootconsole.Run(["verify", "--store", plain, image, .. key]).Reports(3, "not encrypted", image, "--accept-unauthenticated");
        sample.Run("verify", plain, image, "--accept-unauthenticated", image).Succeeds();
        Bootconsole.Run("verify", "--store", plain, image).Succeeds();
    }
}
