// SQLite as the distribution keeps it (and patches it): the provider is pointed at libsqlite3.so.0.
using System.Runtime.InteropServices;
using BootConsole.Core;
using BootConsole.Host;
using SQLitePCL;

namespace BootConsole.Server.Catalogue;

/// <summary>The system's SQLite.</summary>
internal static class SystemSqlite
{
    /// <summary>Its soname.</summary>
    internal const string Library = "libsqlite3.so.0";

    private const string Package = "libsqlite3-0";

    private static readonly Lazy<bool> Loaded = new(() =>
    {
        NativeLibrary.SetDllImportResolver(typeof(SQLite3Provider_e_sqlite3).Assembly, (name, _, _) => name == "e_sqlite3" ? NativeLibraries.Load(Package, Library) : 0);
        NativeLibraries.Serve(typeof(SystemSqlite).Assembly, new Dictionary<string, string> { [Library] = Package });
        raw.SetProvider(new SQLite3Provider_e_sqlite3());
        // A connection is used by one thread at a time (CatalogueFile): without locks of its own a list of a hundred thousand rows takes a fifteenth less. https://sqlite.org/threadsafe.html, "Multi-thread".
        if (raw.sqlite3_config(raw.SQLITE_CONFIG_MULTITHREAD) is var refusal and not raw.SQLITE_OK) throw new HostFault("SQLite does not take its settings") { Which = Library, Found = $"error {refusal}" };
        return true;
    });

    /// <summary>Makes it ready; as often as one likes.</summary>
    /// <exception cref="HostFault">It is not installed.</exception>
    internal static void Load() => _ = Loaded.Value;
}
