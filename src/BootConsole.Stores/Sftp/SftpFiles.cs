// Opening, creating, rewriting and listing on a server.
using BootConsole.Core;

namespace BootConsole.Stores.Sftp;

/// <summary>Operations that open something on the server.</summary>
internal sealed class SftpFiles(SftpTree tree)
{
    /// <summary>Lists a folder.</summary>
    internal async Task<IReadOnlyList<StoreEntry>> ListAsync(StorePath folder, CancellationToken cancel)
    {
        const string What = "the folder cannot be listed";
        var channel = (await tree.PickInAsync(What, folder, cancel)).Channel;
        var open = await SftpHandles.OpenFolderAsync(channel, tree.Paths.Of(folder), cancel);
        if (!open.IsOk) throw await tree.ExplainAsync(channel, new SftpRefusal(What, folder, open.Code), cancel);
        try
        {
            var (entries, code) = await new SftpListing(channel, tree.NameOf(folder)).ReadAsync(open.Value!, cancel);
            return code == SftpCode.Ok ? entries : throw await tree.ExplainAsync(channel, new SftpRefusal(What, folder, code), cancel);
        }
        finally
        {
            _ = SftpHandles.CloseSoonAsync(channel, open.Value!);
        }
    }

    /// <summary>Looks up a name.</summary>
    internal async Task<StoreEntry?> FindAsync(StorePath path, CancellationToken cancel)
    {
        var channel = (await tree.Lanes.PickAsync(cancel)).Channel;
        if (!await tree.Paths.IsPlainFolderAsync(channel, path.Folder, cancel)) return null;
        // The top may be a link: it is the person's own choice.
        var answer = path == StorePath.Top ? await channel.StatAsync(tree.Paths.Top).WaitAsync(cancel) : await channel.LstatAsync(tree.Paths.Of(path)).WaitAsync(cancel);
        return answer.Code switch
        {
            SftpCode.Ok => SftpEntries.Of(path.Name, answer.Value, tree.NameOf(path)),
            SftpCode.NoSuchFile => null,
            var code => throw await tree.ExplainAsync(channel, new SftpRefusal("the file cannot be looked up", path, code), cancel),
        };
    }

    /// <summary>Opens a file for reading.</summary>
    internal async Task<IStoreReader> OpenReadAsync(StorePath path, CancellationToken cancel)
    {
        const string What = "the file cannot be opened";
        var lane = await tree.PickInAsync(What, path.Folder, cancel);
        // Looked at before it is opened: opening a pipe would hang the server's process.
        await tree.RequireFileAsync(lane.Channel, What, path, cancel);
        var open = await SftpHandles.OpenAsync(lane.Channel, tree.Paths.Of(path), SftpOpen.Read, cancel);
        if (!open.IsOk) throw await tree.ExplainAsync(lane.Channel, new SftpRefusal(What, path, open.Code), cancel);
        var file = new SftpFile(tree.Lanes, tree.Paths.Of(path), SftpOpen.Read, lane, open.Value!);
        try
        {
            var attributes = await lane.Channel.FstatAsync(open.Value!).WaitAsync(cancel);
            if (!attributes.IsOk) throw await tree.ExplainAsync(lane.Channel, new SftpRefusal(What, path, attributes.Code), cancel);
            return new SftpReader(tree.Lanes, file, tree.LengthOf(What, path, attributes.Value), tree.Explainer("the file cannot be read", path, takesRoom: false));
        }
        catch
        {
            file.CloseSoon();
            throw;
        }
    }

    /// <summary>Creates a file.</summary>
    internal async Task<IStoreWriter> CreateAsync(StorePath path, CancellationToken cancel)
    {
        const string What = "the file cannot be created";
        var lane = await tree.PickInAsync(What, path.Folder, cancel);
        var open = await SftpHandles.OpenAsync(lane.Channel, tree.Paths.Of(path), SftpOpen.Write | SftpOpen.Create | SftpOpen.Exclusive, cancel);
        if (!open.IsOk) throw await tree.ExplainAsync(lane.Channel, new SftpRefusal(What, path, open.Code) { TakesName = true, TakesRoom = true }, cancel);
        var file = new SftpFile(tree.Lanes, tree.Paths.Of(path), SftpOpen.Write, lane, open.Value!);
        return new SftpWriter(tree.Lanes, file, tree.Abilities.Has(SftpExtensions.Fsync), tree.Explainer("the file cannot be written", path, takesRoom: true));
    }

    /// <summary>Writes over the start of a file.</summary>
    internal async Task RewriteAsync(StorePath path, ReadOnlyMemory<byte> bytes, CancellationToken cancel)
    {
        const string What = "the file cannot be rewritten";
        ArgumentOutOfRangeException.ThrowIfGreaterThan(bytes.Length, tree.Lanes.WriteBlockBytes, nameof(bytes));
        var channel = (await tree.PickInAsync(What, path.Folder, cancel)).Channel;
        await tree.RequireFileAsync(channel, What, path, cancel);
        var open = await SftpHandles.OpenAsync(channel, tree.Paths.Of(path), SftpOpen.Write, cancel);
        if (!open.IsOk) throw await tree.ExplainAsync(channel, new SftpRefusal(What, path, open.Code), cancel);
        // The close follows at once: the server works through a channel in order.
        var writing = channel.WriteAsync(open.Value!, 0, bytes.Span);
        var closing = channel.CloseAsync(open.Value!);
        var answers = await Task.WhenAll(writing, closing).WaitAsync(cancel);
        var code = answers.Select(answer => answer.Code).Max();
        if (code != SftpCode.Ok) throw await tree.ExplainAsync(channel, new SftpRefusal(What, path, code), cancel);
    }
}
