// SQLite as the distribution keeps it (and patches it): the provider is pointed at libsqlite3.so.0.
using System.Runtime.InteropServices;
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
        return true;
    });

    /// <summary>Makes it ready; as often as one likes.</summary>
    /// <exception cref="Core.HostFault">It is not installed.</exception>
    internal static void Load() => _ = Loaded.Value;
}
