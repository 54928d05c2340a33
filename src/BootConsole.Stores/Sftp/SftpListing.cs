// Listing a folder on a server, with an end to what it may tell.
using BootConsole.Core;

namespace BootConsole.Stores.Sftp;

/// <summary>Reads all names of an open folder.</summary>
internal sealed class SftpListing(SftpChannel channel, string path)
{
    /// <summary>Requests under way at once: OpenSSH gives 100 names for each, and a round trip for every hundred would be slow.</summary>
    private const int UnderWay = 8;

    private readonly List<StoreEntry> _entries = [];
    private int _characters;

    /// <summary>Reads to the end of the listing.</summary>
    /// <returns>The names, or the code of a refusal.</returns>
    /// <exception cref="CorruptFault">More names than a folder may have, or one that cannot be.</exception>
    internal async Task<(IReadOnlyList<StoreEntry> Entries, SftpCode Code)> ReadAsync(byte[] handle, CancellationToken cancel)
    {
        while (true)
        {
            var answers = await Task.WhenAll(Enumerable.Range(0, UnderWay).Select(_ => channel.ReadFolderAsync(handle))).WaitAsync(cancel);
            foreach (var answer in answers)
            {
                if (answer.Code == SftpCode.EndOfFile) return (_entries, SftpCode.Ok);
                if (!answer.IsOk) return ([], answer.Code);
                foreach (var name in answer.Value!) Add(name);
            }
        }
    }

    private void Add(SftpName name)
    {
        if (name.Name is "." or "..") return;
        _characters += name.Name.Length;
        if (_entries.Count >= StoreLimits.EntriesPerFolder || _characters > StoreLimits.NameCharactersPerFolder)
            throw new CorruptFault("a folder of the store holds too many names") { Which = path, Expected = $"at most {StoreLimits.EntriesPerFolder}" };
        // A slash would be taken for a path later on.
        if (name.Name.Length == 0 || name.Name.Contains('/', StringComparison.Ordinal))
            throw new CorruptFault("a folder of the store holds an impossible name") { Which = path, Found = PlainWords.Of(name.Name) };
        if (SftpEntries.Of(name.Name, name.Attributes, path) is { } entry) _entries.Add(entry);
    }
}

/// <summary>Store entries from what a server tells.</summary>
internal static class SftpEntries
{
    /// <summary>The entry for a name; null for a link or special file.</summary>
    /// <exception cref="CorruptFault">The server does not say what the name stands for.</exception>
    internal static StoreEntry? Of(string name, SftpAttributes attributes, string path) => attributes switch
    {
        { Kind: SftpKind.Special } => null,
        { Kind: SftpKind.Folder } => new StoreEntry(name, IsFolder: true, 0, DateTimeOffset.FromUnixTimeSeconds(attributes.ModifiedSeconds)),
        { Kind: SftpKind.File, Length: { } length } => new StoreEntry(name, IsFolder: false, length, DateTimeOffset.FromUnixTimeSeconds(attributes.ModifiedSeconds)),
        _ => throw new CorruptFault("the server does not tell kind and length of files") { Which = path },
    };
}
