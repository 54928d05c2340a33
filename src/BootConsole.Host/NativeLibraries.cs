// Where the system keeps a native library: by its soname, with a clear word when it is missing.
using System.Reflection;
using System.Runtime.InteropServices;
using BootConsole.Core;

namespace BootConsole.Host;

/// <summary>Loads shared libraries of the distribution.</summary>
public static class NativeLibraries
{
    /// <summary>Loads the first of <paramref name="sonames"/> that is there (<c>libzstd.so.1</c>).</summary>
    /// <param name="package">The distribution package that has it, for the message.</param>
    /// <param name="sonames">Names with version, best first.</param>
    /// <returns>The library's handle; never zero.</returns>
    /// <exception cref="HostFault">None is there.</exception>
    public static nint Load(string package, params ReadOnlySpan<string> sonames)
    {
        foreach (var soname in sonames)
            if (NativeLibrary.TryLoad(soname, out var handle)) return handle;
        throw new HostFault("a system library is missing") { Which = sonames[0], Remedy = $"Install the package {package}." };
    }

    /// <summary>Lets the native calls of <paramref name="caller"/> find their libraries with <see cref="Load"/>; a missing one is a <see cref="HostFault"/> at the first call.</summary>
    /// <param name="caller">An assembly whose calls name libraries by soname. Once per assembly.</param>
    /// <param name="packages">The distribution package of each soname.</param>
    public static void Serve(Assembly caller, IReadOnlyDictionary<string, string> packages) =>
        NativeLibrary.SetDllImportResolver(caller, (soname, _, _) => packages.TryGetValue(soname, out var package) ? Load(package, soname) : 0);
}
