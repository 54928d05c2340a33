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

    // In floating point: the sum of hostile sparse files would be an overflow, and that an error of the whole statement.
    private const string Bytes = "CAST(min(total(stored_bytes), 9e18) AS INTEGER)";

    // What the index image_open has.
    private const string OpenOnly = "(image.state <> 'finished' OR image.stamp = '')";

    // What a person looks at first: the newest finished image of each PC, and all that are not finished.
    private const string Notable = """
        (image.state IN ('unfinished', 'damaged')
            OR (image.pc, image.name) IN (SELECT pc.id, (SELECT name FROM image WHERE image.pc = pc.id AND state = 'finished' ORDER BY seen DESC, name DESC LIMIT 1) FROM pc))
        """;

    /// <summary>The images of all PCs, or of one, by PC and name.</summary>
    internal static IReadOnlyList<StoredImage> StoredImages(this CatalogueSession session, string? pc = null) =>
        pc is null ? session.Rows($"{Select} ORDER BY pc.name, image.name", Read) : session.Rows($"{Select} WHERE pc.name = $pc ORDER BY image.name", Read, ("pc", pc));

    /// <summary>The images of a PC that a quick look has to look at: those that are not finished, and those whose stamp was too young, by name.</summary>
    internal static IReadOnlyList<StoredImage> OpenImages(this CatalogueSession session, string pc) => session.Rows($"{Select} WHERE {OpenOnly} AND pc.name = $pc ORDER BY image.name", Read, ("pc", pc));

    /// <summary>The images of a choice that are not finished, by PC and name.</summary>
    internal static IReadOnlyList<StoredImage> UnfinishedImages(this CatalogueSession session, ImageChoice choice) =>
        session.Rows($"{Select} WHERE image.state = 'unfinished' AND {OpenOnly} AND {Chosen(choice)} ORDER BY pc.name, image.name", Read, ("pc", choice.Pc));

    /// <summary>Reads the images of a choice one by one, by PC and name.</summary>
    internal static void EachImage(this CatalogueSession session, ImageChoice choice, Action<ListedImage> read) =>
        session.Each($"SELECT {ListedImage.Columns} FROM image JOIN pc ON pc.id = image.pc WHERE image.state <> 'deleted' AND {Chosen(choice)} ORDER BY pc.name, image.name", row => read(new ListedImage(row)), ("pc", choice.Pc));

    /// <summary>Finished images of append-only contracts that are not sealed, by PC and name.</summary>
    internal static IReadOnlyList<StoredImage> UnsealedImages(this CatalogueSession session) => session.Rows(
        $"{Select} JOIN contract ON contract.id = pc.contract WHERE contract.deletion = 'forbidden' AND image.state = 'finished' AND image.sealed IS NULL ORDER BY pc.name, image.name", Read);

    /// <summary>Marks an image as sealed, as long as its manifest is still the same.</summary>
    internal static void SealImage(this CatalogueSession session, StoredImage image, DateTimeOffset now) => session.Execute(
        "UPDATE image SET sealed = $now WHERE pc = (SELECT id FROM pc WHERE name = $pc) AND name = $name AND manifest = $manifest", ("pc", image.Pc), ("name", image.Name), ("manifest", image.Manifest), ("now", now));

    /// <summary>Writes down what a verification found, as long as the manifest is still the same.</summary>
    /// <param name="session">The transaction.</param>
    /// <param name="image">The image.</param>
    /// <param name="damage">What is wrong; empty when all its files are as their checksums say.</param>
    /// <param name="now">The time.</param>
    internal static void VerifyImage(this CatalogueSession session, StoredImage image, string damage, DateTimeOffset now) => session.Execute(
        "UPDATE image SET state = $state, reason = $reason, verified = $verified WHERE pc = (SELECT id FROM pc WHERE name = $pc) AND name = $name AND manifest = $manifest",
        ("pc", image.Pc), ("name", image.Name), ("manifest", image.Manifest), ("state", damage.Length == 0 ? "finished" : "damaged"), ("reason", damage), ("verified", damage.Length == 0 ? now : null));

    /// <summary>How much one PC has stored.</summary>
    internal static StoreUse UseOf(this CatalogueSession session, long pc) => session.Rows(
        $"SELECT count(*) FILTER (WHERE state = 'finished') AS images, {Bytes} AS bytes, max(seen) FILTER (WHERE state = 'finished') AS newest FROM image WHERE pc = $pc",
        row => new StoreUse(row.Number("images"), row.Number("bytes"), row.TimeOrNull("newest")),
        ("pc", pc)).Single();

    /// <summary>How much every PC has stored, by its name; one without images is there with zeros.</summary>
    internal static IReadOnlyDictionary<string, StoreUse> Uses(this CatalogueSession session) => session.Rows(
        $"""
        SELECT pc.name AS name, count(*) FILTER (WHERE state = 'finished') AS images, {Bytes} AS bytes, max(seen) FILTER (WHERE state = 'finished') AS newest
        FROM pc LEFT JOIN image ON image.pc = pc.id GROUP BY pc.id
        """,
        row => (Name: row.Text("name"), Use: new StoreUse(row.Number("images"), row.Number("bytes"), row.TimeOrNull("newest")))).ToDictionary(entry => entry.Name, entry => entry.Use);

    /// <summary>Writes an image down, instead of what was known of it.</summary>
    internal static void RememberImage(this CatalogueSession session, StoredImage image) => session.Execute(
        """
        INSERT OR REPLACE INTO image (pc, name, state, reason, kind, parent, taken, seen, stored_bytes, disk_bytes, manifest, stamp, sealed, verified)
        VALUES ((SELECT id FROM pc WHERE name = $pc), $name, $state, $reason, $kind, $parent, $taken, $seen, $stored, $disk, $manifest, $stamp, $sealed, $verified)
        """,
        ("pc", image.Pc), ("name", image.Name), ("state", image.State), ("reason", image.Reason), ("kind", image.Kind), ("parent", image.Parent), ("taken", image.Taken), ("seen", image.Seen), ("stored", image.StoredBytes),
        ("disk", image.DiskBytes), ("manifest", image.Manifest), ("stamp", image.Stamp), ("sealed", image.Sealed), ("verified", image.Verified));

    /// <summary>Forgets an image.</summary>
    internal static void ForgetImage(this CatalogueSession session, string pc, string name) =>
        session.Execute("DELETE FROM image WHERE pc = (SELECT id FROM pc WHERE name = $pc) AND name = $name", ("pc", pc), ("name", name));

    private static string Chosen(ImageChoice choice) => string.Join(" AND ",
    [
        choice.Pc is null ? "$pc IS NULL" : "pc.name = $pc",
        .. choice.Pc is null && !choice.All ? [Notable] : Array.Empty<string>(),
        .. choice.States.Count > 0 ? [$"image.state IN ({string.Join(", ", choice.States.Select(state => $"'{state}'"))})"] : Array.Empty<string>(),
    ]);

    private static StoredImage Read(CatalogueRow row) => new()
    {
        Pc = row.Text("pc_name"),
        Name = row.Text("name"),
        State = row.Text("state"),
        Reason = row.Text("reason"),
        Kind = row.Text("kind"),
        Parent = row.Text("parent"),
        Taken = row.Time("taken"),
        Seen = row.Time("seen"),
        StoredBytes = row.Number("stored_bytes"),
        DiskBytes = row.Number("disk_bytes"),
        Manifest = row.Text("manifest"),
        Stamp = row.Text("stamp"),
        Sealed = row.TimeOrNull("sealed"),
        Verified = row.TimeOrNull("verified"),
    };
}
