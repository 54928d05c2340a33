// contract.json of each store: what its PC is told of its contract (docs/format.md, "Contract").
using BootConsole.Host;
using BootConsole.Images;
using BootConsole.Server.Catalogue;

namespace BootConsole.Server.Stores;

/// <summary>Writes what PCs are told. It enforces nothing: the oracle does, and <see cref="SpaceQuota"/>.</summary>
internal static class ContractFile
{
    private const UnixFileMode Readable = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead;

    /// <summary>Writes the file of one store, whole or not at all; one that says the same already stays as it is.</summary>
    /// <param name="store">The store's folder.</param>
    /// <param name="pc">Its PC.</param>
    /// <param name="contract">The PC's contract.</param>
    /// <param name="use">What the PC has stored.</param>
    /// <param name="now">The server's time.</param>
    internal static void Write(string store, Pc pc, Contract contract, StoreUse use, DateTimeOffset now)
    {
        var path = Path.Combine(store, StoreNames.Contract.Text);
        var bytes = ImageJson.Write(Record(pc, contract, use, now));
        if (File.Exists(path) && File.ReadAllBytes(path).AsSpan().SequenceEqual(bytes)) return;
        var draft = path + ".new";
        File.Delete(draft);
        using (var file = new FileStream(draft, FileMode.CreateNew, FileAccess.Write))
        {
            file.Write(bytes);
            file.Flush(flushToDisk: true);
        }

        // The umask may have taken bits that the PC's user needs.
        LinuxNames.SetMode(draft, Readable);
        LinuxNames.Replace(draft, path);
    }

    /// <summary>What the file of a store says.</summary>
    internal static ContractRecord Record(Pc pc, Contract contract, StoreUse use, DateTimeOffset now) => new()
    {
        Version = 1,
        Customer = contract.Customer,
        Pc = pc.Name,
        From = contract.Begins,
        Until = contract.Ends,
        GraceUntil = contract.GraceEnds,
        State = contract.StandingAt(now) == ContractStanding.Running ? "full" : "readonly",
        Images = contract.ImageLimit is { } images ? new ContractCount(images, use.Images) : null,
        Bytes = contract.SpaceBytes is { } bytes ? new ContractCount(bytes, use.Bytes) : null,
        Deletion = contract.AllowsDeletion ? "allowed" : "forbidden",
    };
}
