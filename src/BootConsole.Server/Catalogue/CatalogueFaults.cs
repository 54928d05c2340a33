// What SQLite says, as faults with a way on.
using BootConsole.Core;
using Microsoft.Data.Sqlite;

namespace BootConsole.Server.Catalogue;

/// <summary>Translates SQLite's result codes (sqlite.org/rescode.html).</summary>
internal static class CatalogueFaults
{
    private const string Repair = "Run 'bootserver doctor'; a copy of the catalogue of every day lies in the folder backup/ of the server.";

    /// <summary>True for what SQLite ends with.</summary>
    internal static bool IsOne(Exception exception) => exception is SqliteException;

    /// <summary>The fault of a failure.</summary>
    /// <param name="exception">What SQLite ended with.</param>
    /// <param name="path">The catalogue.</param>
    internal static Fault Of(Exception exception, string path) => exception is not SqliteException failure ? new HostFault("the catalogue cannot be used", exception) { Which = path } : failure.SqliteErrorCode switch
    {
        5 or 6 => new HostFault("the catalogue is locked by another program", failure) { Which = path, Remedy = "Wait until the other 'bootserver' has ended, then try again." },
        8 => new HostFault("the catalogue cannot be written", failure) { Which = path, Remedy = "Run this as the user who may change it (root, or who made the server), and see whether the file system is mounted read-only." },
        10 => new HostFault("the catalogue's disk does not read or write", failure) { Which = path, Found = failure.Message, Remedy = "Look at the system's log; then " + Lowered(Repair) },
        11 or 26 => new CorruptFault("the catalogue is damaged", failure) { Which = path, Remedy = Repair },
        13 => new HostFault("the file system of the catalogue is full", failure) { Which = path, Remedy = "Make room, then try again." },
        14 => new HostFault("the catalogue cannot be opened", failure) { Which = path, Remedy = "See whether the path is right and who may read it; 'bootserver init' makes a new server." },
        _ => new HostFault("the catalogue cannot be used", failure) { Which = path, Found = failure.Message, Remedy = Repair },
    };

    private static string Lowered(string text) => char.ToLowerInvariant(text[0]) + text[1..];
}
