// What the server adds to a PC's own settings.
namespace BootConsole.Server.BootImages;

/// <summary>Additions to settings.</summary>
internal sealed record PcAdditions
{
    /// <summary>The PC's name.</summary>
    internal required string Name { get; init; }

    /// <summary>The address, as settings write it, where the PC's own settings have none.</summary>
    internal required string Address { get; init; }

    /// <summary>The gateway that belongs to <see cref="Address"/>; null for none.</summary>
    internal string? Gateway { get; init; }

    /// <summary>The way to this server; null for a PC that has none.</summary>
    internal ServerAddition? Server { get; init; }

    /// <summary>Further stores.</summary>
    internal IReadOnlyList<StorageAddition> Storages { get; init; } = [];
}

/// <summary>The table <c>[server]</c>.</summary>
/// <param name="Url"><c>sftp://user@host:port/</c>.</param>
/// <param name="HostKeys">Lines as in known_hosts, of the relay too.</param>
/// <param name="HostKeyAlias">The name that the host certificate proves.</param>
/// <param name="Identity">Path of the private key.</param>
/// <param name="Jump">The relay; empty for none.</param>
internal sealed record ServerAddition(string Url, IReadOnlyList<string> HostKeys, string HostKeyAlias, string Identity, string Jump)
{
    /// <summary>Where a PC that has no key gets one; empty for one that has.</summary>
    internal string Enrol { get; init; } = "";
}

/// <summary>A table <c>[[storage]]</c>.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Url">Its address.</param>
/// <param name="HostKeys">Lines as in known_hosts; empty for a store without a login.</param>
/// <param name="Identity">Path of the private key; empty for a store without a login.</param>
internal sealed record StorageAddition(string Name, string Url, IReadOnlyList<string> HostKeys, string Identity);
