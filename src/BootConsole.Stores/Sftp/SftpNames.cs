// Making, moving, replacing and removing names on a server, each made to last.
using BootConsole.Core;

namespace BootConsole.Stores.Sftp;

/// <summary>Operations on names.</summary>
/// <param name="tree">The store.</param>
/// <param name="flushesFolders">True when the server can flush a folder.</param>
internal sealed class SftpNames(SftpTree tree, bool flushesFolders)
{
    /// <summary>Makes a folder and those above it.</summary>
    internal async Task CreateFolderAsync(StorePath folder, CancellationToken cancel)
    {
        if (folder == StorePath.Top) return;
        await CreateFolderAsync(folder.Folder, cancel);
        var lane = await tree.Lanes.PickAsync(cancel);
        if (!await tree.Paths.IsPlainFolderAsync(lane.Channel, folder, cancel))
        {
            var made = await lane.Channel.MakeFolderAsync(tree.Paths.Of(folder)).WaitAsync(cancel);
            // Another writer may have been quicker; only what is there now counts.
            if (!await tree.Paths.IsPlainFolderAsync(lane.Channel, folder, cancel))
                throw await tree.ExplainAsync(lane.Channel, new SftpRefusal("the folder cannot be made", folder, made.Code) { TakesName = true, TakesRoom = true }, cancel);
        }

        // Also for a folder that was there: whoever made it may have been cut off before flushing.
        await FlushAsync(lane, folder.Folder, cancel);
    }

    /// <summary>Gives a file of a known length its final name.</summary>
    internal async Task PublishAsync(StorePath part, StorePath final, long expectedLength, CancellationToken cancel)
    {
        const string What = "the file cannot be published";
        var lane = await tree.PickInAsync(What, part.Folder, cancel);
        var length = await tree.RequireFileAsync(lane.Channel, What, part, cancel);
        if (length != expectedLength)
            throw new CorruptFault("a written file has the wrong length") { Which = tree.NameOf(part), Expected = $"{expectedLength} bytes", Found = $"{length} bytes" };
        await MoveAsync(lane, What, part, final, cancel);
    }

    /// <summary>Renames a file.</summary>
    internal async Task RenameAsync(StorePath from, StorePath to, CancellationToken cancel)
    {
        const string What = "the file cannot be renamed";
        var lane = await tree.PickInAsync(What, from.Folder, cancel);
        await tree.RequireFileAsync(lane.Channel, What, from, cancel);
        await MoveAsync(lane, What, from, to, cancel);
    }

    /// <summary>Puts a finished file in the place of another.</summary>
    internal async Task ReplaceAsync(StorePath passing, StorePath path, CancellationToken cancel)
    {
        var lane = await tree.Lanes.PickAsync(cancel);
        var (from, to) = (tree.Paths.Of(passing), tree.Paths.Of(path));
        // Without the extension a plain rename still makes a first version; over an existing file it fails, which is better than a moment without any.
        var replaces = tree.Abilities.Has(SftpExtensions.PosixRename);
        var moved = await (replaces ? lane.Channel.ReplaceAsync(from, to) : lane.Channel.RenameAsync(from, to)).WaitAsync(cancel);
        if (!moved.IsOk)
        {
            var fault = await tree.ExplainAsync(lane.Channel, new SftpRefusal("the file cannot be replaced", path, moved.Code) { TakesName = !replaces }, cancel);
            await lane.Channel.RemoveAsync(from).WaitAsync(cancel);
            throw fault.Problem == StoreProblem.Exists
                ? new StoreFault(StoreProblem.Other, "the server cannot replace a file in one step") { Which = fault.Which, Remedy = "Use a server with posix-rename@openssh.com, such as OpenSSH's." }
                : fault;
        }

        await FlushAsync(lane, path.Folder, cancel);
    }

    /// <summary>Removes a file.</summary>
    internal async Task RemoveAsync(StorePath path, CancellationToken cancel)
    {
        var channel = (await tree.Lanes.PickAsync(cancel)).Channel;
        if (!await tree.Paths.IsPlainFolderAsync(channel, path.Folder, cancel)) return;
        var answer = await channel.RemoveAsync(tree.Paths.Of(path)).WaitAsync(cancel);
        if (answer.Code is not (SftpCode.Ok or SftpCode.NoSuchFile))
            throw await tree.ExplainAsync(channel, new SftpRefusal("the file cannot be removed", path, answer.Code), cancel);
    }

    /// <summary>Removes an empty folder.</summary>
    internal async Task RemoveFolderAsync(StorePath folder, CancellationToken cancel)
    {
        var channel = (await tree.Lanes.PickAsync(cancel)).Channel;
        if (!await tree.Paths.IsPlainFolderAsync(channel, folder.Folder, cancel)) return;
        var answer = await channel.RemoveFolderAsync(tree.Paths.Of(folder)).WaitAsync(cancel);
        if (answer.Code is not (SftpCode.Ok or SftpCode.NoSuchFile))
            throw await tree.ExplainAsync(channel, new SftpRefusal("the folder cannot be removed", folder, answer.Code), cancel);
        tree.Paths.Forget(folder);
    }

    /// <summary>Flushes a folder, where the server can.</summary>
    internal async Task FlushFolderAsync(StorePath folder, CancellationToken cancel) =>
        await FlushAsync(await tree.PickInAsync("the folder cannot be flushed", folder, cancel), folder, cancel);

    private async Task MoveAsync(SftpLane lane, string what, StorePath from, StorePath to, CancellationToken cancel)
    {
        var moved = await lane.Channel.RenameAsync(tree.Paths.Of(from), tree.Paths.Of(to)).WaitAsync(cancel);
        if (moved.Code is SftpCode.PermissionDenied or SftpCode.Unsupported && tree.Abilities.Has(SftpExtensions.HardLink))
        {
            // A write-once server forbids renaming (it could hide a published file) and perhaps removing, but not a second name.
            moved = await lane.Channel.HardLinkAsync(tree.Paths.Of(from), tree.Paths.Of(to)).WaitAsync(cancel);
            if (moved.IsOk) await lane.Channel.RemoveAsync(tree.Paths.Of(from)).WaitAsync(cancel);
        }

        if (!moved.IsOk) throw await tree.ExplainAsync(lane.Channel, new SftpRefusal(what, to, moved.Code) { TakesName = true }, cancel);
        await FlushAsync(lane, to.Folder, cancel);
    }

    private async Task FlushAsync(SftpLane lane, StorePath folder, CancellationToken cancel)
    {
        if (!flushesFolders) return;
        var code = await tree.Lanes.FlushingAsync(lane, () => SftpFolders.FlushAsync(lane.Channel, tree.Paths.Of(folder), cancel));
        if (code != SftpCode.Ok) throw await tree.ExplainAsync(lane.Channel, new SftpRefusal("the folder cannot be flushed", folder, code), cancel);
    }
}
