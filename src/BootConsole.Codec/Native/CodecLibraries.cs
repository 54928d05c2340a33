// Which system libraries this project calls, and the packages that have them.
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using BootConsole.Host;

namespace BootConsole.Codec.Native;

/// <summary>The sonames of the codec's native libraries.</summary>
internal static class CodecLibraries
{
    internal const string Zstd = "libzstd.so.1", Sodium = "libsodium.so.23";

    [ModuleInitializer]
    [SuppressMessage("Usage", "CA2255", Justification = "The resolver must stand before the first native call of this assembly, whichever class makes it.")]
    internal static void Serve() => NativeLibraries.Serve(typeof(CodecLibraries).Assembly, new Dictionary<string, string> { [Zstd] = "libzstd1", [Sodium] = "libsodium23" });
}
