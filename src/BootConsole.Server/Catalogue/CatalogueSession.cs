// One transaction of the catalogue: statements in, rows out.
using System.Globalization;
using Microsoft.Data.Sqlite;

namespace BootConsole.Server.Catalogue;

/// <summary>Runs statements inside a transaction. The tables (<see cref="ContractTable"/> and the others) are written on it.</summary>
internal sealed class CatalogueSession(SqliteConnection connection, SqliteTransaction transaction)
{
    /// <summary>Runs a statement.</summary>
    /// <param name="sql">One statement; values stand as <c>$name</c>.</param>
    /// <param name="values">The values; null is NULL, times and days are written as the catalogue has them.</param>
    /// <returns>How many rows it changed.</returns>
    internal int Execute(string sql, params ReadOnlySpan<(string Name, object? Value)> values)
    {
        using var command = Command(sql, values);
        return command.ExecuteNonQuery();
    }

    /// <summary>Adds a row.</summary>
    /// <returns>Its number.</returns>
    internal long Insert(string sql, params ReadOnlySpan<(string Name, object? Value)> values)
    {
        using var command = Command(sql + " RETURNING rowid", values);
        return (long)command.ExecuteScalar()!;
    }

    /// <summary>Reads rows.</summary>
    internal IReadOnlyList<T> Rows<T>(string sql, Func<CatalogueRow, T> read, params ReadOnlySpan<(string Name, object? Value)> values)
    {
        using var command = Command(sql, values);
        using var reader = command.ExecuteReader();
        var row = new CatalogueRow(reader);
        List<T> rows = [];
        while (reader.Read()) rows.Add(read(row));
        return rows;
    }

    /// <summary>Reads rows one by one and keeps none of them: for lists of a hundred thousand.</summary>
    internal void Each(string sql, Action<CatalogueRow> read, params ReadOnlySpan<(string Name, object? Value)> values)
    {
        using var command = Command(sql, values);
        using var reader = command.ExecuteReader();
        var row = new CatalogueRow(reader);
        while (reader.Read()) read(row);
    }

    /// <summary>Reads one number; 0 when there is none.</summary>
    internal long Number(string sql, params ReadOnlySpan<(string Name, object? Value)> values)
    {
        using var command = Command(sql, values);
        return command.ExecuteScalar() is long number ? number : 0;
    }

    private SqliteCommand Command(string sql, ReadOnlySpan<(string Name, object? Value)> values)
    {
        var command = connection.CreateCommand();
        command.Transaction = transaction;
#pragma warning disable CA2100 // Every statement is a literal of this folder; what comes from outside is a parameter.
        command.CommandText = sql;
#pragma warning restore CA2100
        foreach (var (name, value) in values) command.Parameters.AddWithValue("$" + name, Stored(value));
        return command;
    }

    private static object Stored(object? value) => value switch
    {
        null => DBNull.Value,
        DateTimeOffset time => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture),
        DateOnly day => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
        _ => value,
    };
}
