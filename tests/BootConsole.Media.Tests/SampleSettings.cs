// Settings and the files that they name, for boot media of tests.
using System.Text;
using BootConsole.Media.Contents;

namespace BootConsole.Media.Tests;

/// <summary>Settings as TOML text.</summary>
internal static class SampleSettings
{
    internal const string Pc = "[pc]\nname = \"office-pc\"\n";

    internal const string Recipient = "age18z4csaz25qwwej8ugalzx0qc6kktgttqe94lr3t8kzdecqpke40s4n4yje";

    internal const string Server = """
        [server]
        url = "sftp://office-pc@backup.example:22/"
        host_keys = ["@cert-authority * ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJwYY1QtU3Z9zmEiQH8VtxwMvyJkyDEI30WKCRSDmB88"]
        identity = "/etc/bootconsole/id_ed25519"

        """;

    internal static readonly string TableKey = $"[backup]\nencryption = \"recipients\"\nrecipients = [\"{Recipient}\"]\ntable_key = \"/etc/bootconsole/table.key\"\n";

    internal const string BackupPassword = "[backup]\nencryption = \"password\"\npassword_file = \"/etc/bootconsole/pw\"\n";

    internal const string Share = "[[storage]]\nname = \"nas\"\nurl = \"smb://nas.example/backups\"\ncredentials = \"/etc/bootconsole/smb\"\n";

    internal const string Restore = """
        [restore]
        store = "server"
        image = "latest"
        disks = ["serial:X"]
        overwrite = ["X"]
        only_differences = false
        identity = "/etc/bootconsole/age.key"

        """;

    /// <summary>Writes a file below etc/bootconsole of a tree.</summary>
    internal static void Put(string tree, string name, string content)
    {
        var path = Path.Combine(tree, "etc/bootconsole", name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, content);
    }

    /// <summary>A tree with all that the samples name.</summary>
    internal static string FullTree(string tree)
    {
        Put(tree, "id_ed25519", "-----BEGIN OPENSSH PRIVATE KEY-----\nAAAA\n-----END OPENSSH PRIVATE KEY-----\n");
        Put(tree, "id_ed25519-cert.pub", "ssh-ed25519-cert-v01@openssh.com AAAA pc\n");
        Put(tree, "table.key", "# BootConsole table key.\n# table-key: AGE-SECRET-KEY-1TABLE\n");
        Put(tree, "pw", "secret\n");
        Put(tree, "smb", "username=x\npassword=y\n");
        Put(tree, "age.key", "# created\nAGE-SECRET-KEY-1XXXX\n");
        Put(tree, "unnamed", "nobody asked for this");
        return tree;
    }

    internal static PcArchive Archive(string toml, string? tree) => PcArchive.Make(Encoding.UTF8.GetBytes(toml), "pc.toml", tree);
}
