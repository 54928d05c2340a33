// Who changed what, when.
namespace BootConsole.Server.Catalogue;

/// <summary>One change.</summary>
internal sealed record CatalogueEvent(long Id, DateTimeOffset Time, string Author, string What, string Subject);

/// <summary>Reads events; <see cref="CatalogueFile.Change{T}"/> writes them.</summary>
internal static class EventTable
{
    /// <summary>The newest events, the newest last.</summary>
    /// <param name="session">The transaction.</param>
    /// <param name="most">How many at most.</param>
    /// <param name="subject">To whom they happened; null for all.</param>
    internal static IReadOnlyList<CatalogueEvent> Events(this CatalogueSession session, int most, string? subject = null) => [.. session.Rows(
        "SELECT * FROM event WHERE $subject IS NULL OR subject = $subject ORDER BY id DESC LIMIT $most",
        row => new CatalogueEvent(row.Number("id"), row.Time("time"), row.Text("author"), row.Text("what"), row.Text("subject")),
        ("subject", subject), ("most", most)).Reverse()];
}
