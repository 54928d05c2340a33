// The boot loaders of a server for network boot, as a TFTP server's top folder has them (docs/media.md, "A server for network boot").
using System.Globalization;
using System.Net;
using BootConsole.Core;
using BootConsole.Host;

namespace BootConsole.Media.Building;

/// <summary>Puts boot loaders into the folder of a TFTP server whose address is known.</summary>
/// <param name="runner">Runs <c>grub-mkimage</c>.</param>
public sealed class NetworkLoaders(IProgramRunner runner)
{
    /// <summary>The file that a BIOS asks for. It knows the server's address, and needs no other to tell it.</summary>
    public const string BiosFile = PxeTree.BiosFile;

    /// <summary>The file for UEFI with or without Secure Boot. The distribution has signed it, so it knows no address: it takes its menu from the server that the network's DHCP server names.</summary>
    public const string SignedUefiFile = PxeTree.UefiFile;

    /// <summary>The file for UEFI without Secure Boot. It knows the server's address, and is signed by nobody.</summary>
    public const string UnsignedUefiFile = "grubnet.efi";

    /// <summary>The file for UEFI that boots over HTTP without Secure Boot. It fetches everything else over HTTP too, and is signed by nobody.</summary>
    public const string HttpUefiFile = "grubhttp.efi";

    // GRUB looks there for modules beyond its own, and waits half a minute for each list that HTTP says is not there. It has all that it needs.
    private const string ModuleLists = "grub/x86_64-efi";

    private readonly BootLoaders _loaders = new("/");

    /// <summary>Makes them.</summary>
    /// <param name="folder">The TFTP server's top folder.</param>
    /// <param name="server">The server's address.</param>
    /// <param name="httpPort">The port where the same folder is served over HTTP; null where it is not.</param>
    /// <param name="cancel">Gives it up.</param>
    /// <exception cref="HostFault">A loader of the distribution or <c>grub-mkimage</c> is missing.</exception>
    public async Task MakeAsync(string folder, IPAddress server, int? httpPort, CancellationToken cancel)
    {
        File.Copy(_loaders.Shim, Path.Combine(folder, SignedUefiFile));
        File.Copy(_loaders.NetworkGrub, Path.Combine(folder, "grubx64.efi"));
        File.Copy(_loaders.MokManager, Path.Combine(folder, "mmx64.efi"));
        var programs = new MediaPrograms(runner, folder, DateTimeOffset.UnixEpoch, cancel);
        await _loaders.MakeNetworkImageAsync(programs, BiosFile, $"tftp,{server}");
        await _loaders.MakeNetworkUefiImageAsync(programs, UnsignedUefiFile, "tftp", server.ToString());
        if (httpPort is not { } port) return;
        await _loaders.MakeNetworkUefiImageAsync(programs, HttpUefiFile, "http", string.Create(CultureInfo.InvariantCulture, $"{server}:{port}"));
        var lists = Directory.CreateDirectory(Path.Combine(folder, ModuleLists)).FullName;
        foreach (var name in (string[])["command.lst", "crypto.lst", "fs.lst", "terminal.lst"]) await File.Create(Path.Combine(lists, name)).DisposeAsync();
    }
}
