// The catalogue: what the server knows of contracts, PCs and boot images, in one SQLite file. Every change is an event.
using BootConsole.Core;
using Microsoft.Data.Sqlite;

namespace BootConsole.Server.Catalogue;

/// <summary>An open catalogue. Several programs may have it open at once: readers see the last whole change, changes wait for each other, and a crash leaves the last whole change. Not for several threads at once.</summary>
internal sealed class CatalogueFile : IDisposable
{
    /// <summary>How long a command waits for another's change.</summary>
    internal static readonly TimeSpan UsualPatience = TimeSpan.FromSeconds(10);

    private readonly SqliteConnection _connection;
    private readonly string _path;
    private readonly string _author;
    private readonly TimeProvider _clock;

    private CatalogueFile(SqliteConnection connection, string path, string author, TimeProvider clock) => (_connection, _path, _author, _clock) = (connection, path, author, clock);

    /// <summary>Makes a new catalogue.</summary>
    /// <param name="path">A file that is not there.</param>
    /// <param name="author">Who is named in events.</param>
    /// <param name="clock">The server's clock.</param>
    /// <exception cref="RefusedFault">There is something at the path.</exception>
    internal static CatalogueFile Create(string path, string author, TimeProvider clock)
    {
        if (Path.Exists(path)) throw new RefusedFault("there is a catalogue already") { Which = path };
        return Guarded(path, () => Opened(path, author, clock, SqliteOpenMode.ReadWriteCreate, UsualPatience));
    }

    /// <summary>Opens a catalogue; an older one is brought to this version first.</summary>
    /// <param name="path">The file.</param>
    /// <param name="author">Who is named in events.</param>
    /// <param name="clock">The server's clock.</param>
    /// <param name="patience">How long each statement waits for another program's change.</param>
    /// <exception cref="HostFault">It is missing, locked for longer than that, or cannot be read.</exception>
    /// <exception cref="CorruptFault">It is none, or damaged.</exception>
    /// <exception cref="RefusedFault">A newer bootserver made it.</exception>
    internal static CatalogueFile Open(string path, string author, TimeProvider clock, TimeSpan? patience = null) =>
        Guarded(path, () => Opened(path, author, clock, SqliteOpenMode.ReadWrite, patience ?? UsualPatience));

    /// <summary>Reads: all statements see the same state.</summary>
    internal T Read<T>(Func<CatalogueSession, T> work) => Guarded(_path, () =>
    {
        using var transaction = _connection.BeginTransaction(deferred: true);
        return work(new CatalogueSession(_connection, transaction));
    });

    /// <inheritdoc cref="Read{T}"/>
    internal void Read(Action<CatalogueSession> work) => Read(session =>
    {
        work(session);
        return true;
    });

    /// <summary>Changes the catalogue: all of it, with its event, or nothing.</summary>
    /// <param name="what">What happens, for the events: <c>contract added</c>.</param>
    /// <param name="subject">To whom: a name.</param>
    /// <param name="work">The change; when it throws, nothing is changed.</param>
    internal T Change<T>(string what, string subject, Func<CatalogueSession, T> work) => Guarded(_path, () =>
    {
        using var transaction = _connection.BeginTransaction(deferred: false);
        var session = new CatalogueSession(_connection, transaction);
        var result = work(session);
        session.Execute("INSERT INTO event (time, author, what, subject) VALUES ($time, $author, $what, $subject)", ("time", _clock.GetUtcNow()), ("author", _author), ("what", what), ("subject", subject));
        transaction.Commit();
        return result;
    });

    /// <inheritdoc cref="Change{T}"/>
    internal void Change(string what, string subject, Action<CatalogueSession> work) => Change(what, subject, session =>
    {
        work(session);
        return true;
    });

    /// <summary>Writes what is only remembered and can be read from the manifests again: without an event.</summary>
    internal void Remember(Action<CatalogueSession> work) => Guarded(_path, () =>
    {
        using var transaction = _connection.BeginTransaction(deferred: false);
        work(new CatalogueSession(_connection, transaction));
        transaction.Commit();
        return true;
    });

    /// <summary>Copies the whole catalogue, as it is at one moment, into a new file.</summary>
    internal void CopyTo(string path) => Guarded(_path, () =>
    {
        using var command = _connection.CreateCommand();
        command.CommandText = "VACUUM INTO $path";
        command.Parameters.AddWithValue("$path", path);
        command.ExecuteNonQuery();
        return true;
    });

    /// <summary>Reads every page.</summary>
    /// <returns>What is wrong, a line each; nothing when all is well.</returns>
    internal IReadOnlyList<string> Check() => Guarded(_path, () =>
    {
        using var command = _connection.CreateCommand();
        List<string> lines = [];
        foreach (var pragma in (string[])["integrity_check", "foreign_key_check"])
        {
            command.CommandText = "PRAGMA " + pragma;
            using var reader = command.ExecuteReader();
            while (reader.Read())
                if (reader.GetString(0) is var line && line != "ok") lines.Add($"{pragma}: {line}");
        }

        return lines;
    });

    public void Dispose() => _connection.Dispose();

    private static CatalogueFile Opened(string path, string author, TimeProvider clock, SqliteOpenMode mode, TimeSpan patience)
    {
        SystemSqlite.Load();
        // Pooled connections would keep the file open after Dispose.
        var text = new SqliteConnectionStringBuilder { DataSource = path, Mode = mode, Pooling = false, ForeignKeys = true, DefaultTimeout = Math.Max(1, (int)patience.TotalSeconds) };
        var connection = new SqliteConnection(text.ConnectionString);
        try
        {
            connection.Open();
            CatalogueVersions.Raise(connection, path);
            return new CatalogueFile(connection, path, author, clock);
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    private static T Guarded<T>(string path, Func<T> work)
    {
        try
        {
            return work();
        }
        catch (Exception failure) when (CatalogueFaults.IsOne(failure))
        {
            throw CatalogueFaults.Of(failure, path);
        }
    }
}
