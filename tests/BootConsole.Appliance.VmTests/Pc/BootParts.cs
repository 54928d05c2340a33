// The kernel and the base that `make image` made.
using BootConsole.TestKit;

namespace BootConsole.Appliance.VmTests.Pc;

/// <summary>Where the parts of the boot environment are.</summary>
internal static class BootParts
{
    /// <summary>Folder with vmlinuz, base.img and base.json.</summary>
    internal static string Folder { get; } = Path.Combine(RepositoryFolder.Path, "buildroot", "out");

    /// <summary>The kernel.</summary>
    internal static string Kernel => Path.Combine(Folder, "vmlinuz");

    /// <summary>The base.</summary>
    internal static string Base => Path.Combine(Folder, "base.img");

    /// <summary>The administrator's program, as <c>make publish</c> leaves it.</summary>
    internal static string Server => Path.Combine(RepositoryFolder.Path, "artifacts", "bin", "bootserver");
}
