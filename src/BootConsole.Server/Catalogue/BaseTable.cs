// The bases that boot images are made from.
namespace BootConsole.Server.Catalogue;

/// <summary>An imported base.</summary>
/// <param name="Id">Its number; 0 for one that is not in the catalogue yet.</param>
/// <param name="Folder">Its folder's name below <c>bases/</c>.</param>
/// <param name="Version">BootConsole's version in it.</param>
/// <param name="Kernel">Its kernel's release.</param>
/// <param name="Made">When it was made.</param>
/// <param name="Sha256">SHA-256 of its base.json, in hexadecimal digits.</param>
/// <param name="Imported">When it was imported.</param>
internal sealed record ImportedBase(long Id, string Folder, string Version, string Kernel, DateTimeOffset Made, string Sha256, DateTimeOffset Imported);

/// <summary>Reads and writes bases.</summary>
internal static class BaseTable
{
    /// <summary>All of them, the newest import last.</summary>
    internal static IReadOnlyList<ImportedBase> Bases(this CatalogueSession session) => session.Rows("SELECT * FROM base ORDER BY id", Read);

    /// <summary>Adds one.</summary>
    /// <returns>Its number.</returns>
    internal static long AddBase(this CatalogueSession session, ImportedBase imported) => session.Insert(
        "INSERT INTO base (folder, version, kernel, made, sha256, imported) VALUES ($folder, $version, $kernel, $made, $sha, $imported)",
        ("folder", imported.Folder), ("version", imported.Version), ("kernel", imported.Kernel), ("made", imported.Made), ("sha", imported.Sha256), ("imported", imported.Imported));

    private static ImportedBase Read(CatalogueRow row) => new(row.Number("id"), row.Text("folder"), row.Text("version"), row.Text("kernel"), row.Time("made"), row.Text("sha256"), row.Time("imported"));
}
