// Settings files for unattended runs, and what such a run left behind.
using BootConsole.TestKit;

namespace BootConsole.Appliance.Tests.Unattended;

/// <summary>A folder with a settings file, a place for records that wait, and a store.</summary>
internal sealed class UnattendedFile : IDisposable
{
    internal const string Pc = "office-pc";

    private readonly TempFolder _folder = new();

    internal UnattendedFile(string? store = null)
    {
        Store = store ?? Directory.CreateDirectory(_folder["store"]).FullName;
        File.WriteAllText(PasswordFile, "correct horse, battery\n");
    }

    internal string Store { get; }

    internal string Settings => _folder["pc.toml"];

    internal string Waiting => _folder["waiting"];

    internal string PasswordFile => _folder["password"];

    /// <summary>The records in the store, oldest first.</summary>
    internal IReadOnlyList<string> Records => RecordsIn(Path.Combine(Store, "runs"));

    /// <summary>The records that wait here.</summary>
    internal IReadOnlyList<string> RecordsHere => RecordsIn(Waiting);

    internal string this[string name] => _folder[name];

    /// <summary>Writes a file for a backup of one disk, without encryption.</summary>
    internal UnattendedFile Backup(string disk, string job = "countdown = 0", string backup = "encryption = \"none\"") => Write($"""
        [backup]
        store = "it"
        disks = ["{disk}"]
        {backup}
        [job]
        action = "backup"
        {job}
        """);

    /// <summary>Writes a file for a restore onto one disk.</summary>
    internal UnattendedFile Restore(string disk, string overwrite, string image = "latest", string job = "countdown = 0", string restore = "") => Write($"""
        [restore]
        store = "it"
        image = "{image}"
        disks = ["{disk}"]
        overwrite = ["{overwrite}"]
        only_differences = false
        {restore}
        [job]
        action = "restore"
        {job}
        """);

    /// <summary>Writes a file whose store <c>it</c> is this one's folder.</summary>
    internal UnattendedFile Write(string tables)
    {
        File.WriteAllText(Settings, $"""
            [pc]
            name = "{Pc}"
            [[storage]]
            name = "it"
            url = "{Store}"
            {tables}
            """);
        return this;
    }

    /// <summary>The command line.</summary>
    internal string[] Arguments(params string[] more) => ["run", "--config", Settings, "--records", Waiting, .. more];

    internal Run Run(params string[] more) => Bootconsole.Run(Arguments(more));

    /// <summary>The command line for a terminal's shell.</summary>
    internal string Line => $"bootconsole run --config {Settings} --records {Waiting}; echo ended $?.";

    public void Dispose() => _folder.Dispose();

    private static IReadOnlyList<string> RecordsIn(string folder) =>
        Directory.Exists(folder) ? [.. Directory.GetFiles(folder, "*.log").Order(StringComparer.Ordinal).Select(File.ReadAllText)] : [];
}
