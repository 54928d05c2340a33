// The versions of the catalogue: numbered SQL files, applied in order, each whole or not at all.
using System.Globalization;
using System.Reflection;
using BootConsole.Core;
using Microsoft.Data.Sqlite;

namespace BootConsole.Server.Catalogue;

/// <summary>Brings a catalogue to this program's version. SQLite's <c>user_version</c> is the number of the last file that was applied.</summary>
internal static class CatalogueVersions
{
    private static readonly string[] Files = [.. Assembly.GetExecutingAssembly().GetManifestResourceNames().Where(name => name.EndsWith(".sql", StringComparison.Ordinal)).Order(StringComparer.Ordinal)];

    /// <summary>The version of this program.</summary>
    internal static int Current => Files.Length;

    /// <summary>Applies what is missing.</summary>
    /// <exception cref="RefusedFault">The catalogue is newer than this program.</exception>
    internal static void Raise(SqliteConnection connection, string path)
    {
        if (Version(connection) == Current) return;
        Run(connection, null, "PRAGMA journal_mode = WAL");
        // Asked again inside the transaction: another program may be doing the same.
        using var transaction = connection.BeginTransaction(deferred: false);
        var version = Version(connection, transaction);
        if (version > Current)
            throw new RefusedFault("the catalogue was made by a newer bootserver") { Which = path, Expected = $"version {Current} at most", Found = $"version {version}", Remedy = "Install that bootserver again; this one changes nothing." };
        foreach (var file in Files[version..]) Run(connection, transaction, Text(file));
        Run(connection, transaction, string.Create(CultureInfo.InvariantCulture, $"PRAGMA user_version = {Current}"));
        transaction.Commit();
    }

    private static int Version(SqliteConnection connection, SqliteTransaction? transaction = null)
    {
        using var command = connection.CreateCommand();
        command.Transaction = transaction;
        command.CommandText = "PRAGMA user_version";
        return checked((int)(long)command.ExecuteScalar()!);
    }

    private static void Run(SqliteConnection connection, SqliteTransaction? transaction, string sql)
    {
        using var command = connection.CreateCommand();
        command.Transaction = transaction;
#pragma warning disable CA2100 // Files of this program.
        command.CommandText = sql;
#pragma warning restore CA2100
        command.ExecuteNonQuery();
    }

    private static string Text(string file)
    {
        using var reader = new StreamReader(Assembly.GetExecutingAssembly().GetManifestResourceStream(file)!);
        return reader.ReadToEnd();
    }
}
