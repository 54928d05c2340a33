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

    internal DateTimeOffset Time(string column) => TimeOf(Text(column));

    internal DateTimeOffset? TimeOrNull(string column) => Is(column) ? Time(column) : null;

    internal DateOnly Day(string column) => DateOnly.ParseExact(Text(column), "yyyy-MM-dd", CultureInfo.InvariantCulture);

    internal DateOnly? DayOrNull(string column) => Is(column) ? Day(column) : null;

    // As ParseExact does, for the one form that the catalogue has: lists read hundreds of thousands of times.
    private static DateTimeOffset TimeOf(string text) => text is [_, _, _, _, '-', _, _, '-', _, _, 'T', _, _, ':', _, _, ':', _, _, 'Z']
        ? new DateTimeOffset(Digits(text, 0, 4), Digits(text, 5, 2), Digits(text, 8, 2), Digits(text, 11, 2), Digits(text, 14, 2), Digits(text, 17, 2), TimeSpan.Zero)
        : throw new FormatException($"'{text}' is no time of the catalogue");

    private static int Digits(string text, int start, int count) => int.Parse(text.AsSpan(start, count), NumberStyles.None, CultureInfo.InvariantCulture);

    private bool Is(string column) => !reader.IsDBNull(reader.GetOrdinal(column));
}
