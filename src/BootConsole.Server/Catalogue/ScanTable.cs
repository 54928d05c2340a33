// When the stores were last looked through.
namespace BootConsole.Server.Catalogue;

/// <summary>What is known of a store since it was last looked through.</summary>
/// <param name="Stamp">The stamp of its folder <c>images/</c> then; empty when that has to be listed again.</param>
/// <param name="HasOpen">True when it has images that are not finished, or have to be looked at again.</param>
internal sealed record KnownStore(string Stamp, bool HasOpen);

/// <summary>Reads and writes what is remembered of stores.</summary>
internal static class ScanTable
{
    /// <summary>What is known of every store that was looked through, by the PC's name.</summary>
    internal static IReadOnlyDictionary<string, KnownStore> KnownStores(this CatalogueSession session) => session.Rows(
        "SELECT pc.name AS name, scan.stamp AS stamp, EXISTS (SELECT 1 FROM image WHERE image.pc = pc.id AND (state <> 'finished' OR image.stamp = '')) AS open FROM scan JOIN pc ON pc.id = scan.pc",
        row => (Name: row.Text("name"), Store: new KnownStore(row.Text("stamp"), row.Number("open") != 0))).ToDictionary(entry => entry.Name, entry => entry.Store);

    /// <summary>Writes down that a store was looked through.</summary>
    internal static void RememberScan(this CatalogueSession session, long pc, string stamp, DateTimeOffset now) =>
        session.Execute("INSERT OR REPLACE INTO scan (pc, time, stamp) VALUES ($pc, $now, $stamp)", ("pc", pc), ("now", now), ("stamp", stamp));
}
