// No secret is ever an argument of a program, in its environment, in what is printed, or in the store in the clear.
using BootConsole.TestKit;

namespace BootConsole.Appliance.Tests;

public sealed class SecretsTests(EncryptedStore sample) : IClassFixture<EncryptedStore>
{
    [Fact]
    public async Task No_secret_is_printed_stored_or_given_to_another_program()
    {
        await using var server = await PrivateSshd.StartAsync();
        using var folder = new TempFolder();
        var (knownHosts, tableKey, changed) = (folder["known_hosts"], folder["table.key"], folder["changed"]);
        File.WriteAllText(knownHosts, server.KnownHostsLine + "\n");
        File.WriteAllText(changed, "yet another password\n");
        var traces = 0;
        List<Run> runs = [];
        Run("keys", "new", "--password-file", sample.PasswordFile, "--recipient", sample.Recipient, "--table-key", tableKey).Succeeds();
        Run("backup", "--disk", sample.Source, "--pc", "pc", "--password-file", sample.PasswordFile, "--recipient", sample.Recipient, "--new-keys").Succeeds();
        var keyId = Path.GetFileName(Directory.GetDirectories(Path.Combine(server.StoreFolder, "keys")).Single(set => !File.Exists(Path.Combine(set, "kept"))));
        Run("backup", "--disk", sample.Source, "--pc", "pc", "--password-file", sample.PasswordFile, "--kind", "incremental", "--json").Succeeds();
        Run("backup", "--disk", sample.Source, "--pc", "pc", "--table-key", tableKey).Succeeds();
        Run("restore", "--image", "latest", "--disk", sample.NewPath(".img"), "--identity", sample.IdentityFile, "--accept-unauthenticated", "x").Reports(2, "--accept-unauthenticated");
        Run("verify", "--image", "latest", "--password-file", sample.WrongPasswordFile, "--json").Reports(1, "the password is wrong");
        Run("show", "--image", "latest", "--password-file", sample.PasswordFile, "--json").Succeeds();
        Run("keys", "list", "--json").Succeeds();
        Run("password", "change", "--pc", "pc", "--password-file", sample.PasswordFile, "--new-password-file", changed, "--json").Succeeds();
        SystemTool.Run("age", "-d", "-i", sample.IdentityFile, "-o", folder["keys"], Path.Combine(server.StoreFolder, "keys", keyId, "identity.escrow.1.age"));
        string[] secrets =
        [
            .. new[] { sample.PasswordFile, sample.WrongPasswordFile, changed }.Select(file => File.ReadAllText(file).Trim()),
            .. new[] { sample.IdentityFile, tableKey, folder["keys"] }.SelectMany(File.ReadAllLines).Where(line => line.Contains("AGE-SECRET-KEY-", StringComparison.Ordinal) || line.Contains("mac-key", StringComparison.Ordinal)).Select(line => line.Split(' ')[^1]),
        ];
        Assert.Equal(3 + 1 + 2 + 3, secrets.Distinct().Count());
        var told = string.Join('\n', runs.Select(run => run.ToString())) + string.Join('\n', Directory.GetFiles(folder.Path, "trace-*").Select(File.ReadAllText)) + server.Log;
        Assert.Contains("execve(\"", told, StringComparison.Ordinal);
        Assert.Contains("\"sftp\"]", told, StringComparison.Ordinal);
        var stored = Directory.EnumerateFiles(server.StoreFolder, "*", SearchOption.AllDirectories).Select(file => File.ReadAllText(file, System.Text.Encoding.Latin1)).ToList();
        foreach (var secret in secrets)
        {
            Assert.True(secret.Length > 10);
            Assert.DoesNotContain(secret, told, StringComparison.Ordinal);
            Assert.All(stored, content => Assert.DoesNotContain(secret, content, StringComparison.Ordinal));
        }

        Run Run(params string[] arguments)
        {
            // Every program that is started, with all its arguments and its whole environment.
            string[] strace = ["strace", "--follow-forks", "--seccomp-bpf", "--quiet=all", "--trace=execve", "--no-abbrev", "--string-limit=65536", "--output", folder[$"trace-{traces++}"]];
            var run = Bootconsole.RunUnder(strace, [.. arguments, "--store", server.Address().ToString(), "--identity", Path.Combine(server.Folder, "id"), "--known-hosts", knownHosts]);
            runs.Add(run);
            return run;
        }
    }
}
