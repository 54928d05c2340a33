// Reads the tables of a settings file and what they say about each other.
using BootConsole.Settings.Toml;

namespace BootConsole.Settings.Reading;

/// <summary>Turns a TOML document into settings.</summary>
internal sealed class SettingsReader(TomlDocument document, SettingsReport report)
{
    private bool _lacksTable;

    /// <summary>Reads everything; what it gives is right only when the report is empty.</summary>
    public ApplianceSettings Read()
    {
        foreach (var entry in document.Root.Entries.Where(entry => !KnownKeys.Tables.ContainsKey(entry.Key)))
        {
            var isTable = entry.Value is TomlTable or TomlArray { IsOfTables: true };
            var what = isTable ? "is not a table of settings files" : "stands outside of all tables";
            report.Add(entry.KeyAt, TomlKey.Show(entry.Key), what + KnownKeys.TableSuggestion(entry.Key));
        }

        var pc = Table("pc");
        if (pc is null && !document.Root.TryGet("pc", out _)) report.Add(0, "pc", "is missing", "a table [pc] with the PC's name");
        var (server, backup, restore, job) = (Table("server"), Table("backup"), Table("restore"), Table("job"));
        var names = new Dictionary<string, int>(StringComparer.Ordinal);
        var settings = new ApplianceSettings
        {
            Pc = pc is null ? new PcSettings { Name = "" } : PcSection.Read(pc),
            Server = server is null ? null : StoreSections.Server(server),
            Storages = [.. Storages().Select(section => StoreSections.Storage(section, names))],
            Backup = backup is null ? null : BackupSection.Read(backup),
            Restore = restore is null ? null : RestoreSection.Read(restore),
            Job = job is null ? new JobSettings() : JobSection.Read(job),
        };
        // With a table that could not be read, most contradictions would only be its echo.
        if (!_lacksTable) new Contradictions(settings, names.ContainsKey).Check(pc, backup, restore, job);
        return settings;
    }

    private SectionReader? Table(string name)
    {
        if (!document.Root.TryGet(name, out var entry)) return null;
        if (entry.Value is TomlTable table) return new SectionReader(report, name, table);
        _lacksTable = true;
        report.Add(entry.KeyAt, name, $"found {entry.Value.Noun}", $"one table [{name}]");
        return null;
    }

    private IEnumerable<SectionReader> Storages()
    {
        if (!document.Root.TryGet("storage", out var entry)) yield break;
        if (entry.Value is not TomlArray array)
        {
            _lacksTable = true;
            report.Add(entry.KeyAt, "storage", $"found {entry.Value.Noun}", "[[storage]], in double brackets, once for each storage");
            yield break;
        }

        foreach (var item in array.Items)
        {
            if (item is TomlTable table) yield return new SectionReader(report, "storage", table);
            else report.Add(item.At, "storage", $"found {item.Noun}", "a table [[storage]]");
        }
    }
}
