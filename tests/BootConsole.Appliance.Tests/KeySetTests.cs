// Recipients, key ids and table keys: whom a key set is for, who vouches for it, and what each key can and cannot do.
using BootConsole.TestKit;

namespace BootConsole.Appliance.Tests;

public sealed class KeySetTests(EncryptedStore sample) : IClassFixture<EncryptedStore>
{
    private string[] Identity => ["--identity", sample.IdentityFile];

    [Fact]
    public void A_recipient_reads_an_image_when_the_key_id_was_named()
    {
        var target = sample.NewPath(".img");
        Restore(target, Identity).Reports(3, "nobody vouches", sample.KeyId, "--key-id", "--accept-unauthenticated");
        Restore(target, [.. Identity, "--key-id", new string('a', 64)]).Reports(3, "another key id", sample.KeyId);
        Restore(target, [.. Identity, "--key-id", "abc"]).Reports(2, "--key-id", "64");
        Restore(target, [.. Identity, "--accept-unauthenticated", sample.Full]).Reports(2, "another image", sample.Child);
        Assert.False(Path.Exists(target));
        Restore(target, [.. Identity, "--key-id", sample.KeyId]).Succeeds();
        Assert.Equal(Content.Read(sample.Source, SampleStore.LinuxStart, EncryptedStore.UsedBytes), Content.Read(target, SampleStore.LinuxStart, EncryptedStore.UsedBytes));
        Assert.Contains("NOT authenticated", Bootconsole.Run(["verify", "--store", sample.Store, sample.Child, .. Identity, "--accept-unauthenticated", sample.Child]).Succeeds().Output, StringComparison.Ordinal);
        var stranger = sample.NewPath();
        SystemTool.Run("age-keygen", "-o", stranger);
        Restore(sample.NewPath(".img"), "--identity", stranger, "--key-id", sample.KeyId).Reports(1, "no key at hand opens");
    }

    [Fact]
    public void The_age_program_reads_a_segment_with_the_recipients_key()
    {
        const string Script = """
            set -euo pipefail
            cd "$1"
            age -d -i "$2" -o "$3" "../../../keys/$4/identity.escrow.1.age"
            age -d -i "$3" 00000000-1.zst.age | zstd -dc > "$5"
            """;
        var (keys, decoded) = (sample.NewPath(), sample.NewPath());
        SystemTool.Run("bash", "-c", Script, "bash", Path.Combine(sample.Store, "images", sample.Full, "disk-0"), sample.IdentityFile, keys, sample.KeyId, decoded);
        Assert.Equal(Content.Read(sample.Before, EncryptedStore.DataStart, 8 << 20), Content.Read(decoded, EncryptedStore.DataStart, 8 << 20));
    }

    [Fact]
    public void A_backup_is_built_on_a_recipients_set_when_its_key_id_was_named_and_else_refused()
    {
        var (copy, disk) = (sample.CopyStore(), sample.Source);
        using var change = sample.ChangeSource(1, 1);
        var before = copy.Hashes();
        Backup(copy, disk, [.. Identity, "--recipient", sample.Recipient, "--kind", "incremental"]).Reports(3, "nobody vouches for the key set", sample.KeyId, "--new-keys");
        Assert.Equal(before, copy.Hashes());
        var run = Backup(copy, disk, [.. Identity, "--recipient", sample.Recipient, "--kind", "incremental", "--key-id", sample.KeyId]).Succeeds();
        Assert.Contains("is used as it was made", run.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("A full image is made instead", run.Errors, StringComparison.Ordinal);
        sample.AssertRestores(copy.Folder, "latest", disk);
        Assert.Single(Directory.GetDirectories(Path.Combine(copy.Folder, "keys")));
    }

    [Fact]
    public void Recipients_alone_have_a_set_of_their_own_each_time_and_nothing_to_build_on()
    {
        var copy = sample.CopyStore();
        var run = Backup(copy, sample.Source, "--recipient", sample.Recipient, "--kind", "incremental").Succeeds();
        Assert.Contains("another key set", run.Errors, StringComparison.Ordinal);
        Assert.Contains("A full image is made instead.", run.Errors, StringComparison.Ordinal);
        Assert.Equal(2, Directory.GetDirectories(Path.Combine(copy.Folder, "keys")).Length);
        // Of a new key set nothing is published before everything was looked at that can be refused.
        var before = copy.Hashes();
        Backup(copy, "/no-such-disk.img", "--recipient", sample.Recipient).Reports(3, "/no-such-disk.img");
        Assert.Equal(before, copy.Hashes());
    }

    [Fact]
    public void New_keys_begin_a_set_and_a_named_key_set_is_used()
    {
        var copy = sample.CopyStore();
        var (run, password) = (Backup(copy, sample.Source, "--password-file", sample.WrongPasswordFile, "--new-keys", "--json").Succeeds(), sample.WrongPasswordFile);
        var shown = Bootconsole.Run("show", "--store", copy.Folder, run.Document.GetProperty("image").GetString()!, "--password-file", password, "--json").Succeeds().Document;
        Assert.NotEqual(sample.KeyId, shown.GetProperty("manifest").GetProperty("keyId").GetString());
        // The newest image has the new set; the old one is named.
        sample.Backup(copy.Folder, sample.Source, "--kind", "incremental", "--key-id", sample.KeyId);
        Backup(copy, sample.Source, "--password-file", password, "--key-id", sample.KeyId).Reports(1, "the password is wrong", sample.KeyId);
        Backup(copy, sample.Source, "--password-file", password, "--key-id", new string('a', 64)).Reports(1, "no wrap of the key set");
    }

    [Fact]
    public void Key_sets_are_made_listed_and_shown()
    {
        var (store, tableKey) = (sample.NewFolder(), sample.NewPath());
        var made = Bootconsole.Run("keys", "new", "--store", store, "--password-file", sample.PasswordFile, "--recipient", sample.Recipient, "--table-key", tableKey, "--json").Succeeds().Document;
        DocumentedJson.Section("keys").Check(made);
        var id = made.GetProperty("keySets")[0].GetProperty("id").GetString()!;
        Assert.Equal("600\n", SystemTool.Run("stat", "-c", "%a", tableKey));
        var list = Bootconsole.Run("keys", "list", "--store", sample.Store, "--json").Succeeds().Document;
        DocumentedJson.Section("keys").Check(list);
        Assert.Equal([sample.Full, sample.Child], list.GetProperty("keySets")[0].GetProperty("images").EnumerateArray().Select(image => image.GetString()));
        Assert.Matches($@"{sample.KeyId} +password, recipients +2\n", Bootconsole.Run("keys", "list", "--store", sample.Store).Succeeds().Output);
        var shown = Bootconsole.Run("keys", "show", "--store", sample.Store, sample.KeyId[..8]).Succeeds().Output;
        foreach (var words in (string[])[sample.KeyId, "identity.1.age (opened by password)", "identity.escrow.1.age (opened by recipients)", sample.Full, sample.Child]) Assert.Contains(words, shown, StringComparison.Ordinal);
        Bootconsole.Run("keys", "show", "--store", sample.Store, "zz").Reports(3, "no such key set", "keys list");
        // What is there is not written over, and no key set is made beside it.
        Bootconsole.Run("keys", "new", "--store", store, "--password-file", sample.PasswordFile, "--table-key", tableKey).Reports(3, tableKey);
        Bootconsole.Run("keys", "new", "--store", store, "--password-file", sample.PasswordFile, "--table-key", "/no-such-folder/table.key").Reports(2, "/no-such-folder");
        Assert.Equal(id, Path.GetFileName(Assert.Single(Directory.GetDirectories(Path.Combine(store, "keys")))));
        // A person takes the set by its id.
        sample.Backup(store, sample.Source, "--key-id", id);
        Assert.Single(Directory.GetDirectories(Path.Combine(store, "keys")));
    }

    [Fact]
    public void A_table_key_makes_images_one_upon_the_other_and_reads_none()
    {
        var (store, tableKey, disk) = (sample.NewFolder(), sample.NewPath(), sample.CopySource());
        Bootconsole.Run("keys", "new", "--store", store, "--password-file", sample.PasswordFile, "--table-key", tableKey).Succeeds();
        var first = new StoreCopy(store, "");
        Backup(first, disk, "--table-key", tableKey, "--verify").Succeeds();
        EncryptedStore.Change(disk, 5, 1);
        var second = Backup(first, disk, "--table-key", tableKey, "--kind", "incremental", "--verify", "--json").Succeeds().Document;
        Assert.InRange(second.GetProperty("counts").GetProperty("storedBytes").GetInt64(), 1 << 20, 2 << 20);
        Bootconsole.Run("restore", "--store", store, "latest", "--disk", sample.NewPath(".img"), "--identity", tableKey).Reports(1, "--password-file");
        sample.AssertRestores(store, "latest", disk);
        // The set stays when its last image goes: the PC will use its table key again.
        Bootconsole.Run(["delete", "--store", store, .. Directory.GetDirectories(Path.Combine(store, "images")).Select(folder => Path.GetFileName(folder)!)]).Succeeds();
        Backup(first, disk, "--table-key", tableKey).Succeeds();
    }

    [Fact]
    public void A_key_set_goes_with_its_last_image()
    {
        var copy = sample.CopyStore();
        Bootconsole.Run("delete", "--store", copy.Folder, sample.Full).Succeeds();
        sample.AssertRestores(copy.Folder, sample.Child, sample.Source);
        Bootconsole.Run("delete", "--store", copy.Folder, sample.Child).Succeeds();
        Assert.Empty(copy.Hashes());
    }

    private Run Restore(string target, params string[] key) => Bootconsole.Run(["restore", "--store", sample.Store, sample.Child, "--disk", target, .. key]);

    private static Run Backup(StoreCopy store, string disk, params string[] more) => Bootconsole.Run(["backup", "--store", store.Folder, "--disk", disk, "--pc", EncryptedStore.Pc, .. more]);
}
