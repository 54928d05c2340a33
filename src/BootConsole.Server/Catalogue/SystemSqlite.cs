// SQLite as the distribution keeps it (and patches it): the provider is pointed at libsqlite3.so.0.
using System.Runtime.InteropServices;
using BootConsole.Host;
using SQLitePCL;

namespace BootConsole.Server.Catalogue;

/// <summary>The system's SQLite.</summary>
internal static class SystemSqlite
{
    private static readonly Lazy<bool> Loaded = new(() =>
    {
        NativeLibrary.SetDllImportResolver(typeof(SQLite3Provider_e_sqlite3).Assembly, (name, _, _) => name == "e_sqlite3" ? NativeLibraries.Load("libsqlite3-0", "libsqlite3.so.0") : 0);
        raw.SetProvider(new SQLite3Provider_e_sqlite3());
        return true;
    });

    /// <summary>Makes it ready; as often as one likes.</summary>
    /// <exception cref="Core.HostFault">It is not installed.</exception>
    internal static void Load() => _ = Loaded.Value;
}
