// How an address becomes arguments of mount(8). Pure.
using BootConsole.Core;

namespace BootConsole.Stores.Mounts;

/// <summary>The arguments of one mount.</summary>
/// <param name="FileSystem">Type for <c>-t</c>.</param>
/// <param name="Source">A device, <c>host:/export</c> or <c>//host/share</c>.</param>
/// <param name="Options">Joined with commas for <c>-o</c>.</param>
internal sealed record MountCall(string FileSystem, string Source, IReadOnlyList<string> Options)
{
    // Nothing on a medium or share of others is ever run, and no device node of theirs is opened.
    private static readonly string[] Always = ["nosuid", "nodev", "noexec"];

    /// <summary>File systems of local media; others are not mounted. NTFS by ntfs-3g: not every kernel has a driver of its own.
    /// Who only reads leaves the journal as it is: <c>ro</c> alone would write it into the file system of a medium that was not closed.
    /// A dirty journal of NTFS is refused in any case, where ntfs-3g would else throw it away.</summary>
    private static readonly Dictionary<string, (string Type, string[] Always, string[] ForReading)> Media = new(StringComparer.Ordinal)
    {
        ["ext2"] = ("ext4", [], ["noload"]),
        ["ext3"] = ("ext4", [], ["noload"]),
        ["ext4"] = ("ext4", [], ["noload"]),
        ["xfs"] = ("xfs", [], ["norecovery"]),
        ["btrfs"] = ("btrfs", [], ["rescue=nologreplay"]),
        ["vfat"] = ("vfat", [], []),
        ["exfat"] = ("exfat", [], []),
        ["ntfs"] = ("ntfs-3g", ["norecover"], []),
    };

    /// <summary>True where the source is a device that nothing may write while it is being mounted: see <see cref="MediumProtection"/>.</summary>
    internal bool IsProtected { get; init; }

    /// <summary>True for a file system that <see cref="Of(string, string, StoreAccess)"/> takes.</summary>
    internal static bool IsKnown(string fileSystem) => Media.ContainsKey(fileSystem);

    /// <summary>The arguments as they are given.</summary>
    /// <param name="folder">Where it is mounted.</param>
    internal IReadOnlyList<string> Arguments(string folder) => ["-t", FileSystem, "-o", string.Join(',', Options), Source, folder];

    /// <summary>A share. Where the server goes away, calls fail (over NFS after a minute) instead of waiting for ever: every file is flushed before it counts, so a late failure loses nothing unseen.</summary>
    /// <exception cref="UsageFault">The address cannot be given to mount.</exception>
    internal static MountCall Of(NfsAddress share, StoreAccess access) =>
        new("nfs", $"{HostText.Bracketed(share.Host)}:{share.Path}", [.. Begin(access), "soft", "timeo=100", "retrans=2", "retry=0", "nolock", .. Port(share.Port)]);

    /// <inheritdoc cref="Of(NfsAddress, StoreAccess)"/>
    internal static MountCall Of(SmbAddress share, StoreAccess access)
    {
        if (share.CredentialsFile.Contains(',', StringComparison.Ordinal)) throw new UsageFault("the path of the credentials holds a comma") { Which = share.CredentialsFile };
        string login = share.CredentialsFile.Length > 0 ? $"credentials={share.CredentialsFile}" : "guest";
        return new("cifs", $"//{share.Host}/{share.Share}{share.Path}", [.. Begin(access), "soft", "echo_interval=20", login, .. Port(share.Port)]);
    }

    /// <summary>A partition.</summary>
    /// <param name="device">Its device.</param>
    /// <param name="fileSystem">What is on it, as blkid names it.</param>
    /// <param name="access">What it is opened for.</param>
    /// <exception cref="RefusedFault">Not a file system that is mounted here.</exception>
    internal static MountCall Of(string device, string fileSystem, StoreAccess access) =>
        Media.TryGetValue(fileSystem, out var medium)
            ? new MountCall(medium.Type, device, [.. Begin(access), .. medium.Always, .. access == StoreAccess.Read ? medium.ForReading : []]) { IsProtected = access == StoreAccess.Read }
            : throw new RefusedFault("the medium has no file system for images") { Which = device, Found = fileSystem.Length > 0 ? PlainWords.Of(fileSystem) : "none", Expected = string.Join(", ", Media.Keys) };

    private static IEnumerable<string> Begin(StoreAccess access) => [access == StoreAccess.Write ? "rw" : "ro", .. Always];

    private static string[] Port(int port) => port > 0 ? [$"port={port}"] : [];
}
