// The settings of a boot image: the PC's own TOML, as it is written, with what the server adds.
using System.Text;
using BootConsole.Core;
using BootConsole.Settings;
using BootConsole.Settings.Toml;

namespace BootConsole.Server.BootImages;

/// <summary>Settings with additions. Comments and order of the PC's own text stay.</summary>
internal sealed record PcSettingsText
{
    private const string Mark = "added by the server";

    /// <summary>The whole text.</summary>
    internal required byte[] Bytes { get; init; }

    /// <summary>The settings that it makes.</summary>
    internal required ApplianceSettings Settings { get; init; }

    /// <summary>Puts both together, and checks them.</summary>
    /// <param name="own">The PC's own TOML; may be empty.</param>
    /// <param name="name">What errors call it.</param>
    /// <param name="additions">What the server adds.</param>
    /// <exception cref="UsageFault">The PC's own text has errors (all are told, by its own lines), or has what is the server's to add.</exception>
    internal static PcSettingsText Compose(byte[] own, string name, PcAdditions additions)
    {
        var root = Read(own, name);
        if (root.TryGet("server", out _)) throw Mine(name, "[server]", "The way to this server, its keys and the PC's key are in every boot image of '--mode network'.");
        var table = root.TryGet("pc", out var entry) ? entry.Value as TomlTable : null;
        if (table is not null && table.TryGet("name", out var named) && named.Value is TomlString text && text.Text != additions.Name) throw Mine(name, $"another name in [pc] than {additions.Name}", "Take the line out.");
        // What is not a table of its own is told as an error of the settings; in braces or dots nothing can be added.
        if (table is not null && table.Origin != TomlTableOrigin.Header) throw new UsageFault("the PC's settings have [pc] in a form that nothing can be added to") { Which = name, Expected = "a table with the heading [pc]" };

        var toPc = PcLines(table, additions);
        var insertAt = table is null ? own.Length : EndOfLine(own, table.OpenedAt);
        var before = Encoding.UTF8.GetBytes(own.Length > 0 && insertAt > 0 && own[insertAt - 1] != '\n' ? "\n" : "");
        var heading = table is null ? $"[pc] # {Mark}\n" : "";
        var inserted = Encoding.UTF8.GetBytes(entry is not null && table is null ? "" : heading + string.Concat(toPc.Select(line => line + (table is null ? "\n" : $" # {Mark}\n"))));
        var rest = own[insertAt..];
        var tail = Encoding.UTF8.GetBytes((rest.Length > 0 && rest[^1] != '\n' ? "\n" : "") + Tables(additions));
        byte[] all = [.. own[..insertAt], .. before, .. inserted, .. rest, .. tail];
        return new PcSettingsText { Bytes = all, Settings = Checked(all, name, Lines(own[..insertAt]) + before.Length, Lines(inserted), Lines(own) + 1) };
    }

    private static TomlTable Read(byte[] own, string name)
    {
        try
        {
            return TomlReader.Read(own).Root;
        }
        catch (TomlSyntaxException)
        {
            // Told as every other error of a settings file.
            SettingsFile.Load(own, name);
            throw;
        }
    }

    private static List<string> PcLines(TomlTable? table, PcAdditions additions)
    {
        List<string> lines = [];
        if (table?.TryGet("name", out _) != true) lines.Add($"name = {Quoted(additions.Name)}");
        if (table?.TryGet("address", out _) == true) return lines;
        lines.Add($"address = {Quoted(additions.Address)}");
        if (additions.Gateway is { } gateway && table?.TryGet("gateway", out _) != true) lines.Add($"gateway = {Quoted(gateway)}");
        return lines;
    }

    private static string Tables(PcAdditions additions)
    {
        var text = new StringBuilder();
        if (additions.Server is { } server)
        {
            text.Append($"\n[server] # {Mark}\nurl = {Quoted(server.Url)}\nhost_keys = {List(server.HostKeys)}\nhost_key_alias = {Quoted(server.HostKeyAlias)}\nidentity = {Quoted(server.Identity)}\n");
            if (server.Jump.Length > 0) text.Append($"jump = {Quoted(server.Jump)}\n");
            if (server.Enrol.Length > 0) text.Append($"enrol = {Quoted(server.Enrol)}\n");
        }

        foreach (var storage in additions.Storages)
        {
            text.Append($"\n[[storage]] # {Mark}\nname = {Quoted(storage.Name)}\nurl = {Quoted(storage.Url)}\n");
            if (storage.Identity.Length > 0) text.Append($"host_keys = {List(storage.HostKeys)}\nidentity = {Quoted(storage.Identity)}\n");
        }

        return text.ToString();
    }

    // Errors are told by the lines of the PC's own text, which is what a person has before him.
    private static ApplianceSettings Checked(byte[] all, string name, int linesBefore, int linesInserted, int ownLines)
    {
        var check = SettingsFile.Check(all, name);
        if (check.Settings is not null) return check.Settings;
        var errors = check.Errors.Select(error => error.Position.Line - (error.Position.Line > linesBefore ? linesInserted : 0) is var line && (error.Position.Line <= linesBefore || (line > linesBefore && line <= ownLines))
            ? error with { Position = error.Position with { Line = line } }
            : error with { File = $"{name}, as the server completes it" });
        throw new UsageFault($"{name}: {(check.ErrorCount == 1 ? "an error" : $"{check.ErrorCount} errors")} in the settings of the boot image:\n{string.Join('\n', errors)}") { Remedy = "Correct the settings with 'bootserver pc change PC --settings FILE', or give others for this once by --settings." };
    }

    private static UsageFault Mine(string name, string what, string why) => new($"the PC's settings have {what}, which is the server's to add") { Which = name, Remedy = why };

    private static int EndOfLine(byte[] text, int at) => Array.IndexOf(text, (byte)'\n', at) is >= 0 and var end ? end + 1 : text.Length;

    private static int Lines(byte[] text) => text.Count(unit => unit == '\n');

    private static string List(IEnumerable<string> texts) => $"[{string.Join(", ", texts.Select(Quoted))}]";

    // TOML's basic string: what could end it or the line is escaped.
    private static string Quoted(string text) => "\"" + string.Concat(text.Select(letter => letter is '"' or '\\' ? "\\" + letter : char.IsControl(letter) ? $"\\u{(int)letter:X4}" : letter.ToString())) + "\"";
}
