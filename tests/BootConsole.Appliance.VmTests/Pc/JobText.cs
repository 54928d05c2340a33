// Settings of unattended jobs, as text.
namespace BootConsole.Appliance.VmTests.Pc;

/// <summary>Settings files for a PC called <see cref="Pc"/>.</summary>
internal static class JobText
{
    /// <summary>The PC's name.</summary>
    internal const string Pc = "vm-pc";

    /// <summary>A backup that is not encrypted, in segments so short that a small disk has several.</summary>
    /// <param name="server"><c>[server]</c>.</param>
    /// <param name="more">More lines of <c>[backup]</c>.</param>
    /// <param name="serials">The disks.</param>
    internal static string Backup(string server, string more, params string[] serials) => $"""
        [pc]
        name = "{Pc}"
        {server}
        [backup]
        store = "server"
        disks = [{List(serials, serial => "serial:" + serial)}]
        encryption = "none"
        segment_by_rate = [["max", "1 MiB"]]
        {more}
        {End("backup")}
        """;

    /// <summary>A restore of the newest image.</summary>
    /// <param name="server"><c>[server]</c>.</param>
    /// <param name="onlyDifferences">What <c>only_differences</c> is.</param>
    /// <param name="serials">The disks, in the image's order.</param>
    internal static string Restore(string server, bool onlyDifferences, params string[] serials) => $"""
        [pc]
        name = "{Pc}"
        {server}
        [restore]
        store = "server"
        image = "latest"
        disks = [{string.Join(", ", serials.Select((serial, number) => $"\"{(serials.Length > 1 ? $"{number}=" : "")}serial:{serial}\""))}]
        overwrite = [{List(serials, serial => serial)}]
        only_differences = {(onlyDifferences ? "true" : "false")}
        {End("restore")}
        """;

    private static string List(string[] serials, Func<string, string> form) => string.Join(", ", serials.Select(serial => $"\"{form(serial)}\""));

    private static string End(string action) => $"""
        [job]
        action = "{action}"
        countdown = 0
        afterwards = "poweroff"
        on_failure = "poweroff"
        """;
}
