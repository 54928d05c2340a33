// A store behind SFTP.
using BootConsole.Core;
using BootConsole.Stores.Ssh;

namespace BootConsole.Stores.Sftp;

/// <summary>
/// A folder of an SFTP server as a store. Links, pipes, sockets and devices are as if they were not there. The first fault of the connection ends the store:
/// every operation under way and every later one says why, and the caller opens a new one.
/// </summary>
public sealed class SftpStore : IDeleteStore
{
    private readonly SftpTree _tree;
    private readonly SftpFiles _files;
    private readonly SftpNames _names;

    private SftpStore(SftpTree tree, bool flushesFolders) =>
        (_tree, _files, _names, ConfirmsDurability) = (tree, new SftpFiles(tree), new SftpNames(tree, flushesFolders), flushesFolders);

    /// <inheritdoc/>
    public string Description => _tree.Description;

    /// <inheritdoc/>
    public string? LocalFolder => null;

    /// <inheritdoc/>
    public bool ConfirmsDurability { get; }

    /// <summary>Channels that are open now; more are opened when the line is long and wide enough.</summary>
    public int Channels => _tree.Lanes.Count;

    /// <summary>Connects to a server by ssh and opens a folder as a store.</summary>
    /// <exception cref="TransportFault">The server cannot be reached, is not the expected one, or refuses the login.</exception>
    /// <exception cref="StoreFault">The folder is missing (and <paramref name="ifMissing"/> says to refuse), or <paramref name="access"/> is not granted.</exception>
    /// <exception cref="UsageFault">The address or a setting holds what ssh must not see.</exception>
    /// <exception cref="KeyFault">The private key file is missing.</exception>
    public static Task<SftpStore> OpenAsync(SftpAddress address, SshSettings settings, StoreAccess access, IfMissing ifMissing, CancellationToken cancel) =>
        OpenAsync(new SshLink(address, settings), TopOf(address.Path), access, ifMissing, cancel);

    /// <summary>Opens a folder of this machine through an sftp-server program, without ssh: for tests and measurements.</summary>
    /// <param name="program">The server, such as <c>/usr/lib/openssh/sftp-server</c>.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <param name="folder">The store's folder.</param>
    /// <param name="access">What it is opened for.</param>
    /// <param name="ifMissing">What to do when the folder is not there.</param>
    /// <param name="cancel">Gives up.</param>
    public static Task<SftpStore> OpenChildAsync(
        string program, IReadOnlyList<string> arguments, string folder, StoreAccess access, IfMissing ifMissing, CancellationToken cancel) =>
        OpenAsync(new ChildLink(program, arguments, folder), folder, access, ifMissing, cancel);

    internal static async Task<SftpStore> OpenAsync(ISftpLink link, string top, StoreAccess access, IfMissing ifMissing, CancellationToken cancel)
    {
        SftpChannel? channel = null;
        SftpLanes? lanes = null;
        try
        {
            channel = await SftpLanes.OpenChannelAsync(link, SftpWay.Shared, cancel);
            var abilities = await SftpOpening.FindAbilitiesAsync(channel, cancel);
            lanes = new SftpLanes(link, channel, abilities);
            var opening = new SftpOpening(channel, abilities, top, link.Description);
            await opening.RequireTopAsync(ifMissing, cancel);
            if (access == StoreAccess.Write) await opening.RequireWritableAsync(cancel);
            var flushesFolders = access == StoreAccess.Write && await opening.FlushesFoldersAsync(cancel);
            return new SftpStore(new SftpTree(lanes, new SftpPaths(top), abilities, link.Description), flushesFolders);
        }
        catch
        {
            await (lanes?.DisposeAsync() ?? SftpLanes.CloseAsync(link, channel));
            throw;
        }
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<StoreEntry>> ListAsync(StorePath folder, CancellationToken cancel) => _files.ListAsync(folder, cancel);

    /// <inheritdoc/>
    public Task<StoreEntry?> FindAsync(StorePath path, CancellationToken cancel) => _files.FindAsync(path, cancel);

    /// <inheritdoc/>
    public Task<IStoreReader> OpenReadAsync(StorePath path, CancellationToken cancel) => _files.OpenReadAsync(path, cancel);

    /// <inheritdoc/>
    public async Task<StoreSpace?> FindSpaceAsync(CancellationToken cancel)
    {
        if (!_tree.Abilities.Has(SftpExtensions.StatVfs)) return null;
        var lane = await _tree.Lanes.PickAsync(cancel);
        var answer = await lane.Channel.FindSpaceAsync(_tree.Paths.Top).WaitAsync(cancel);
        return answer is { IsOk: true, Value.Total: > 0 } ? new StoreSpace(answer.Value.Total, answer.Value.Free) : null;
    }

    /// <inheritdoc/>
    public Task CreateFolderAsync(StorePath folder, CancellationToken cancel) => _names.CreateFolderAsync(folder, cancel);

    /// <inheritdoc/>
    public Task<IStoreWriter> CreateAsync(StorePath path, CancellationToken cancel) => _files.CreateAsync(path, cancel);

    /// <inheritdoc/>
    public Task PublishAsync(StorePath part, StorePath final, long expectedLength, CancellationToken cancel)
    {
        StoreNames.RequireOneFolder(part, final);
        return _names.PublishAsync(part, final, expectedLength, cancel);
    }

    /// <inheritdoc/>
    public async Task ReplaceAsync(StorePath path, ReadOnlyMemory<byte> bytes, CancellationToken cancel)
    {
        var passing = StoreNames.PassingNameFor(path);
        await using (var writer = await _files.CreateAsync(passing, cancel))
        {
            await writer.AppendAsync(bytes, cancel);
            await writer.FinishAsync(cancel);
        }

        await _names.ReplaceAsync(passing, path, cancel);
    }

    /// <inheritdoc/>
    public Task RewriteAsync(StorePath path, ReadOnlyMemory<byte> bytes, CancellationToken cancel) => _files.RewriteAsync(path, bytes, cancel);

    /// <inheritdoc/>
    public Task RemoveAsync(StorePath path, CancellationToken cancel) => _names.RemoveAsync(path, cancel);

    /// <inheritdoc/>
    public Task RemoveFolderAsync(StorePath folder, CancellationToken cancel) => _names.RemoveFolderAsync(folder, cancel);

    /// <inheritdoc/>
    public Task RenameAsync(StorePath from, StorePath to, CancellationToken cancel)
    {
        StoreNames.RequireOneFolder(from, to);
        return _names.RenameAsync(from, to, cancel);
    }

    /// <inheritdoc/>
    public Task FlushFolderAsync(StorePath folder, CancellationToken cancel) => _names.FlushFolderAsync(folder, cancel);

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _tree.Lanes.DisposeAsync();

    /// <summary>The path on the server: <c>/~</c> and <c>/~/x</c> are relative to the login folder, where an SFTP session starts.</summary>
    private static string TopOf(string path) => path switch
    {
        "" or "/~" or "/~/" => ".",
        _ when path.StartsWith("/~/", StringComparison.Ordinal) => path[3..],
        _ => path,
    };
}
