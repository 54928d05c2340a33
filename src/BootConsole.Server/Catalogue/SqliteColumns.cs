// The values of a row as SQLite has them in memory. A list of a hundred thousand rows takes two million calls; those of the provider count references to the statement each time and are not marked as short.
using System.Runtime.InteropServices;
using SQLitePCL;

namespace BootConsole.Server.Catalogue;

/// <summary>Signatures of sqlite3.h (https://sqlite.org/c3ref/column_blob.html), names and parameter order as there.</summary>
internal static unsafe partial class SqliteColumns
{
    /// <summary>A text or blob; empty for NULL. It holds until the statement's next step.</summary>
    /// <param name="statement">A statement that stands on a row; not closed meanwhile.</param>
    /// <param name="column">From 0.</param>
    internal static ReadOnlySpan<byte> Bytes(sqlite3_stmt statement, int column)
    {
        var at = statement.DangerousGetHandle();
        // In this order: the first may convert the value.
        var first = sqlite3_column_blob(at, column);
        return new ReadOnlySpan<byte>(first, sqlite3_column_bytes(at, column));
    }

    /// <summary>A number; 0 for NULL.</summary>
    /// <inheritdoc cref="Bytes"/>
    internal static long Number(sqlite3_stmt statement, int column) => sqlite3_column_int64(statement.DangerousGetHandle(), column);

    // They only look into the row, which is in memory.
    [LibraryImport(SystemSqlite.Library)]
    [SuppressGCTransition]
    private static partial byte* sqlite3_column_blob(nint statement, int column);

    [LibraryImport(SystemSqlite.Library)]
    [SuppressGCTransition]
    private static partial int sqlite3_column_bytes(nint statement, int column);

    [LibraryImport(SystemSqlite.Library)]
    [SuppressGCTransition]
    private static partial long sqlite3_column_int64(nint statement, int column);
}
