// Which key set a PC's backups use.
using BootConsole.Core;
using BootConsole.Images;
using BootConsole.Stores;

namespace BootConsole.Appliance.Secrets;

/// <summary>Finds key sets by PC.</summary>
internal static class PcKeys
{
    /// <summary>The set of the newest image of the PC, unfinished ones included: those are gone on with.</summary>
    /// <returns>Null when there is none, or nothing wraps it.</returns>
    internal static async Task<ChunkHash?> FindAsync(IReadStore store, string pc, CancellationToken cancel)
    {
        var keyId = (await ImageList.ReadAsync(store, cancel)).Where(listing => listing.Id.Pc == pc).Select(listing => listing.Manifest?.KeyId ?? listing.Record?.KeyId).LastOrDefault(key => key is not null);
        return ChunkHash.TryParse(keyId, out var id) && (await KeyWraps.ListAsync(store, id, cancel)).Count > 0 ? id : null;
    }
}
