// The folder that TFTP and HTTP hand out: made under a passing name, then exchanged for the old one in one step.
using BootConsole.Host;
using BootConsole.Media.Building;
using BootConsole.Server.Bases;

namespace BootConsole.Server.NetworkBoot;

/// <summary>Makes the folder <c>pxe</c> of a server.</summary>
/// <param name="tree">The server.</param>
/// <param name="programs">Runs <c>grub-mkimage</c>.</param>
internal sealed class NetworkBootFolder(ServerTree tree, IProgramRunner programs)
{
    private const string Passing = ".pxe-";

    /// <summary>Where it is.</summary>
    internal string Path => System.IO.Path.Combine(tree.Root, "pxe");

    /// <summary>The kernel and the root of a base, by their names in the folder.</summary>
    internal static IReadOnlyList<string> BaseFiles { get; } = ["vmlinuz", "base.img"];

    /// <summary>Makes it anew. Whoever reads a file of the old one reads it to its end.</summary>
    /// <param name="plan">What belongs in it.</param>
    /// <param name="order">What is served.</param>
    /// <param name="cancel">Gives it up; the old one stays.</param>
    /// <exception cref="Core.RefusedFault">The base is missing or damaged.</exception>
    /// <exception cref="Core.HostFault">A boot loader is missing.</exception>
    internal async Task MakeAsync(NetworkBootPlan plan, ServeOrder order, CancellationToken cancel)
    {
        var staging = System.IO.Path.Combine(tree.Root, Passing + Guid.NewGuid().ToString("N"));
        try
        {
            LinuxNames.MakePrivateFolder(staging);
            var known = BaseChoice.Open(tree, plan.Base);
            await new NetworkLoaders(programs).MakeAsync(staging, order.Interface.Address, order.HttpPort, cancel);
            var folder = Directory.CreateDirectory(System.IO.Path.Combine(staging, "bases", plan.Base.Folder)).FullName;
            foreach (var (file, name) in ((string, string)[])[(known.KernelFile, BaseFiles[0]), (known.RootFile, BaseFiles[1])])
            {
                // Not copied: the base lies beside it, and nobody writes into either.
                if (!LinuxNames.Link(file, System.IO.Path.Combine(folder, name))) File.Copy(file, System.IO.Path.Combine(folder, name));
            }

            foreach (var (path, bytes) in plan.Files)
            {
                var file = System.IO.Path.Combine(staging, path);
                Directory.CreateDirectory(System.IO.Path.GetDirectoryName(file)!);
                await File.WriteAllBytesAsync(file, bytes, cancel);
            }

            OpenForAll(staging);
            Publish(staging);
        }
        finally
        {
            if (Directory.Exists(staging)) Directory.Delete(staging, recursive: true);
        }
    }

    /// <summary>Removes what runs that were killed have left.</summary>
    internal void Clear()
    {
        foreach (var left in Directory.EnumerateDirectories(tree.Root, Passing + "*")) Directory.Delete(left, recursive: true);
    }

    private void Publish(string staging)
    {
        if (!Directory.Exists(Path))
        {
            LinuxNames.RenameWithoutReplacing(staging, Path);
            return;
        }

        LinuxNames.Exchange(staging, Path);
    }

    // dnsmasq reads as nobody, whatever this user's umask is.
    private static void OpenForAll(string folder)
    {
        LinuxNames.SetMode(folder, WholeFile.OpenFolder);
        foreach (var below in Directory.EnumerateDirectories(folder)) OpenForAll(below);
        foreach (var file in Directory.EnumerateFiles(folder)) LinuxNames.SetMode(file, WholeFile.ReadableByAll);
    }
}
