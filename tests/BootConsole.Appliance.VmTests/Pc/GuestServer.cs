// A server on the host, as a PC sees it through QEMU's network.
using BootConsole.TestKit;

namespace BootConsole.Appliance.VmTests.Pc;

/// <summary>A private sshd at 10.0.2.2, and what a PC needs to come in.</summary>
internal sealed class GuestServer(PrivateSshd sshd) : IAsyncDisposable
{
    /// <summary>The host in QEMU's network.</summary>
    internal const string Host = "10.0.2.2";

    /// <summary>The server itself.</summary>
    internal PrivateSshd Sshd => sshd;

    /// <summary>Its store, as a folder of the host.</summary>
    internal string Store => sshd.StoreFolder;

    /// <summary><c>[server]</c> for a settings file.</summary>
    internal string Settings => SettingsThrough(sshd.Port);

    /// <summary>The key, for <see cref="PcArchive"/>.</summary>
    internal (string Path, string Source) Key => ("/etc/bootconsole/id_ed25519", Path.Combine(sshd.Folder, "id"));

    /// <summary>Starts it.</summary>
    internal static async Task<GuestServer> StartAsync() => new(await PrivateSshd.StartAsync());

    /// <summary>The same through another port, such as that of a proxy.</summary>
    internal string SettingsThrough(int port) => $"""
        [server]
        url = "{sshd.AddressThrough(port) with { Host = Host }}"
        host_keys = ["[{Host}]:{port} {sshd.PublicKey("hostkey")}"]
        identity = "/etc/bootconsole/id_ed25519"
        """;

    public ValueTask DisposeAsync() => sshd.DisposeAsync();
}
