// One row of an answer: values by the names of their columns.
using System.Globalization;
using Microsoft.Data.Sqlite;

namespace BootConsole.Server.Catalogue;

/// <summary>The row that a reader stands on.</summary>
internal sealed class CatalogueRow(SqliteDataReader reader)
{
    /// <summary>A text as it is stored, in UTF-8; empty for NULL. It holds until the next row is read.</summary>
    /// <param name="column">The column's place in the statement: looking up its name would take longer than reading it.</param>
    internal ReadOnlySpan<byte> Utf8(int column) => SqliteColumns.Bytes(reader.Handle!, column);

    /// <summary>A number; 0 for NULL.</summary>
    /// <param name="column">The column's place in the statement.</param>
    internal long Number(int column) => SqliteColumns.Number(reader.Handle!, column);

    internal string Text(string column) => reader.GetString(reader.GetOrdinal(column));

    internal string? TextOrNull(string column) => Is(column) ? Text(column) : null;

    internal long Number(string column) => reader.GetInt64(reader.GetOrdinal(column));

    internal long? NumberOrNull(string column) => Is(column) ? Number(column) : null;

    internal int? CountOrNull(string column) => Is(column) ? checked((int)Number(column)) : null;

    internal DateTimeOffset Time(string column) => TimeOf(Utf8(reader.GetOrdinal(column)));

    internal DateTimeOffset? TimeOrNull(string column) => Is(column) ? Time(column) : null;

    internal DateOnly Day(string column) => DateOnly.ParseExact(Text(column), "yyyy-MM-dd", CultureInfo.InvariantCulture);

    internal DateOnly? DayOrNull(string column) => Is(column) ? Day(column) : null;

    /// <summary>Reads a time of the catalogue: lists do it hundreds of thousands of times.</summary>
    /// <param name="text">A text in UTF-8, such as <c>2026-01-02T03:04:05Z</c>.</param>
    /// <exception cref="FormatException">It is none.</exception>
    internal static DateTimeOffset TimeOf(ReadOnlySpan<byte> text) => text is [_, _, _, _, (byte)'-', _, _, (byte)'-', _, _, (byte)'T', _, _, (byte)':', _, _, (byte)':', _, _, (byte)'Z']
        ? new DateTimeOffset(Digits(text[..4]), Digits(text[5..7]), Digits(text[8..10]), Digits(text[11..13]), Digits(text[14..16]), Digits(text[17..19]), TimeSpan.Zero)
        : throw NoTime(text);

    private static int Digits(ReadOnlySpan<byte> text)
    {
        var number = 0;
        foreach (var digit in text) number = digit is >= (byte)'0' and <= (byte)'9' ? (number * 10) + digit - '0' : throw NoTime(text);
        return number;
    }

    private static FormatException NoTime(ReadOnlySpan<byte> text) => new($"'{System.Text.Encoding.UTF8.GetString(text)}' is no time of the catalogue");

    private bool Is(string column) => !reader.IsDBNull(reader.GetOrdinal(column));
}
