// Issued boot images in the catalogue. None is ever forgotten: a serial number is not given twice.
using BootConsole.Core;

namespace BootConsole.Server.Catalogue;

/// <summary>Reads and writes issued boot images.</summary>
internal static class BootImageTable
{
    /// <summary>All of them, in the order of issue.</summary>
    internal static IReadOnlyList<BootImage> BootImages(this CatalogueSession session) => session.Rows("SELECT * FROM boot_image ORDER BY id", Read);

    /// <summary>Finds one by its serial number; null when none was issued under it.</summary>
    internal static BootImage? FindBootImage(this CatalogueSession session, long serial) => session.Rows("SELECT * FROM boot_image WHERE id = $id", Read, ("id", serial)).SingleOrDefault();

    /// <summary>One by its serial number.</summary>
    /// <exception cref="UsageFault">None was issued under it.</exception>
    internal static BootImage BootImage(this CatalogueSession session, long serial) => session.FindBootImage(serial)
        ?? throw new UsageFault("no boot image has this number") { Found = serial.ToString(System.Globalization.CultureInfo.InvariantCulture), Remedy = "'bootserver bootimage list' shows all." };

    /// <summary>Takes the next serial number: nobody else gets it any more, whether or not a boot image comes of it.</summary>
    internal static long TakeSerial(this CatalogueSession session)
    {
        // SQLite's own count of the table, which it keeps above every number that was ever used (sqlite.org/autoinc.html).
        if (session.Execute("UPDATE sqlite_sequence SET seq = seq + 1 WHERE name = 'boot_image'") == 0) session.Execute("INSERT INTO sqlite_sequence (name, seq) VALUES ('boot_image', 1)");
        return session.Number("SELECT seq FROM sqlite_sequence WHERE name = 'boot_image'");
    }

    /// <summary>Adds one under <see cref="BootImage.Serial"/>, which <see cref="TakeSerial"/> gave.</summary>
    internal static void AddBootImage(this CatalogueSession session, BootImage image) => session.Execute(
        """
        INSERT INTO boot_image (id, pc, pc_name, key_id, public_key, base, medium, mode, issued, valid_until, sha256)
        VALUES ($id, (SELECT id FROM pc WHERE name = $pc), $pc, $key, $public, $base, $medium, $mode, $issued, $until, $sha)
        """,
        ("id", image.Serial), ("pc", image.Pc), ("key", image.KeyId), ("public", image.PublicKey), ("base", image.Base), ("medium", image.Medium), ("mode", image.Mode), ("issued", image.Issued), ("until", image.ValidUntil), ("sha", image.Sha256));

    /// <summary>Marks one as revoked; one that is revoked already keeps its time.</summary>
    internal static void RevokeBootImage(this CatalogueSession session, long serial, DateTimeOffset now) => session.Execute("UPDATE boot_image SET revoked = coalesce(revoked, $now) WHERE id = $id", ("id", serial), ("now", now));

    private static BootImage Read(CatalogueRow row) => new()
    {
        Serial = row.Number("id"),
        Pc = row.Text("pc_name"),
        KeyId = row.Text("key_id"),
        PublicKey = row.Text("public_key"),
        Base = row.NumberOrNull("base"),
        Medium = row.Text("medium"),
        Mode = row.Text("mode"),
        Issued = row.Time("issued"),
        ValidUntil = row.Time("valid_until"),
        Sha256 = row.Text("sha256"),
        Revoked = row.TimeOrNull("revoked"),
    };
}
