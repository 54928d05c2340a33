// Further stores and relays that PCs may use.
using BootConsole.Core;

namespace BootConsole.Server.Catalogue;

/// <summary>A further store, or a relay on the way to this server.</summary>
/// <param name="Name">Its name, as settings call it.</param>
/// <param name="IsRelay">True for a relay: a jump host.</param>
/// <param name="Url">A store's address, as settings write it; a relay's <c>user@host:port</c>.</param>
/// <param name="HostKeys">Lines as in known_hosts; empty for stores that need none.</param>
internal sealed record Storage(string Name, bool IsRelay, string Url, string HostKeys);

/// <summary>Reads and writes storages.</summary>
internal static class StorageTable
{
    /// <summary>All of them, by name.</summary>
    internal static IReadOnlyList<Storage> Storages(this CatalogueSession session) => session.Rows("SELECT * FROM storage ORDER BY name", Read);

    /// <summary>One of them.</summary>
    /// <exception cref="UsageFault">There is none of this name.</exception>
    internal static Storage Storage(this CatalogueSession session, string name) => session.Rows("SELECT * FROM storage WHERE name = $name", Read, ("name", name)).SingleOrDefault()
        ?? throw new UsageFault("there is no storage of this name") { Which = name, Expected = Known.Of(session.Storages().Select(storage => storage.Name)), Remedy = "'bootserver storage list' shows all; 'bootserver storage add' makes one." };

    /// <summary>Adds one.</summary>
    /// <exception cref="RefusedFault">There is one of this name.</exception>
    internal static void AddStorage(this CatalogueSession session, Storage storage)
    {
        ServerNames.CheckName(storage.Name, "a storage's name");
        if (session.Storages().Any(other => other.Name == storage.Name)) throw new RefusedFault("there is a storage of this name already") { Which = storage.Name };
        session.Insert(
            "INSERT INTO storage (name, kind, url, host_keys) VALUES ($name, $kind, $url, $keys)",
            ("name", storage.Name), ("kind", storage.IsRelay ? "relay" : "storage"), ("url", storage.Url), ("keys", storage.HostKeys));
    }

    /// <summary>Takes one away; one that is not there is no fault.</summary>
    internal static void RemoveStorage(this CatalogueSession session, string name) => session.Execute("DELETE FROM storage WHERE name = $name", ("name", name));

    private static Storage Read(CatalogueRow row) => new(row.Text("name"), row.Text("kind") == "relay", row.Text("url"), row.Text("host_keys"));
}
