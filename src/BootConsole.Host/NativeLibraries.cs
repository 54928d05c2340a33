// Where the system keeps a native library: by its soname, with a clear word when it is missing.
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
}
