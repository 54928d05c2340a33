// What is remembered of images.
namespace BootConsole.Server.Catalogue;

/// <summary>How much a PC has stored.</summary>
/// <param name="Images">Finished images.</param>
/// <param name="Bytes">Stored bytes, of unfinished and damaged images too.</param>
/// <param name="Newest">When the newest finished image was first seen; null without one.</param>
internal sealed record StoreUse(long Images, long Bytes, DateTimeOffset? Newest);

/// <summary>Reads and writes what is remembered of images.</summary>
internal static class StoredImageTable
{
    private const string Select = "SELECT image.*, pc.name AS pc_name FROM image JOIN pc ON pc.id = image.pc";

    /// <summary>The images of all PCs, or of one, by PC and name.</summary>
    internal static IReadOnlyList<StoredImage> StoredImages(this CatalogueSession session, string? pc = null) =>
        session.Rows($"{Select} WHERE $pc IS NULL OR pc.name = $pc ORDER BY pc.name, image.name", Read, ("pc", pc));

    /// <summary>How much one PC has stored.</summary>
    internal static StoreUse UseOf(this CatalogueSession session, long pc) => session.Rows(
        "SELECT count(*) FILTER (WHERE state = 'finished') AS images, coalesce(sum(stored_bytes), 0) AS bytes, max(seen) FILTER (WHERE state = 'finished') AS newest FROM image WHERE pc = $pc",
        row => new StoreUse(row.Number("images"), row.Number("bytes"), row.TimeOrNull("newest")),
        ("pc", pc)).Single();

    /// <summary>How much every PC has stored, by its name; one without images is there with zeros.</summary>
    internal static IReadOnlyDictionary<string, StoreUse> Uses(this CatalogueSession session) => session.Rows(
        """
        SELECT pc.name AS name, count(*) FILTER (WHERE state = 'finished') AS images, coalesce(sum(stored_bytes), 0) AS bytes, max(seen) FILTER (WHERE state = 'finished') AS newest
        FROM pc LEFT JOIN image ON image.pc = pc.id GROUP BY pc.id
        """,
        row => (Name: row.Text("name"), Use: new StoreUse(row.Number("images"), row.Number("bytes"), row.TimeOrNull("newest")))).ToDictionary(entry => entry.Name, entry => entry.Use);

    /// <summary>Writes an image down, instead of what was known of it.</summary>
    internal static void RememberImage(this CatalogueSession session, StoredImage image) => session.Execute(
        """
        INSERT OR REPLACE INTO image (pc, name, state, kind, parent, taken, seen, stored_bytes, disk_bytes, manifest, sealed, verified)
        VALUES ((SELECT id FROM pc WHERE name = $pc), $name, $state, $kind, $parent, $taken, $seen, $stored, $disk, $manifest, $sealed, $verified)
        """,
        ("pc", image.Pc), ("name", image.Name), ("state", image.State), ("kind", image.Kind), ("parent", image.Parent), ("taken", image.Taken), ("seen", image.Seen), ("stored", image.StoredBytes),
        ("disk", image.DiskBytes), ("manifest", image.Manifest), ("sealed", image.Sealed), ("verified", image.Verified));

    /// <summary>Forgets an image.</summary>
    internal static void ForgetImage(this CatalogueSession session, string pc, string name) =>
        session.Execute("DELETE FROM image WHERE pc = (SELECT id FROM pc WHERE name = $pc) AND name = $name", ("pc", pc), ("name", name));

    private static StoredImage Read(CatalogueRow row) => new()
    {
        Pc = row.Text("pc_name"),
        Name = row.Text("name"),
        State = row.Text("state"),
        Kind = row.Text("kind"),
        Parent = row.Text("parent"),
        Taken = row.Time("taken"),
        Seen = row.Time("seen"),
        StoredBytes = row.Number("stored_bytes"),
        DiskBytes = row.Number("disk_bytes"),
        Manifest = row.Text("manifest"),
        Sealed = row.TimeOrNull("sealed"),
        Verified = row.TimeOrNull("verified"),
    };
}
