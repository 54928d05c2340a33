// One row of an answer: values by the names of their columns.
using System.Globalization;
using Microsoft.Data.Sqlite;

namespace BootConsole.Server.Catalogue;

/// <summary>The row that a reader stands on.</summary>
internal sealed class CatalogueRow(SqliteDataReader reader)
{
    internal string Text(string column) => reader.GetString(reader.GetOrdinal(column));

    internal string? TextOrNull(string column) => Is(column) ? Text(column) : null;

    internal long Number(string column) => reader.GetInt64(reader.GetOrdinal(column));

    internal long? NumberOrNull(string column) => Is(column) ? Number(column) : null;

    internal int? CountOrNull(string column) => Is(column) ? checked((int)Number(column)) : null;

    internal DateTimeOffset Time(string column) => DateTimeOffset.ParseExact(Text(column), "yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal);

    internal DateTimeOffset? TimeOrNull(string column) => Is(column) ? Time(column) : null;

    internal DateOnly Day(string column) => DateOnly.ParseExact(Text(column), "yyyy-MM-dd", CultureInfo.InvariantCulture);

    internal DateOnly? DayOrNull(string column) => Is(column) ? Day(column) : null;

    private bool Is(string column) => !reader.IsDBNull(reader.GetOrdinal(column));
}
