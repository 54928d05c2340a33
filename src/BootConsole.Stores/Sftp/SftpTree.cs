// The store's files on the server: looking at names, and saying why something was refused.
using BootConsole.Core;

namespace BootConsole.Stores.Sftp;

/// <summary>What the operations on files and on names have in common.</summary>
/// <param name="Lanes">The connection.</param>
/// <param name="Paths">Where things are.</param>
/// <param name="Abilities">What the server offers.</param>
/// <param name="Description">The store in words.</param>
internal sealed record SftpTree(SftpLanes Lanes, SftpPaths Paths, SftpAbilities Abilities, string Description)
{
    private readonly SftpRefusals _refusals = new(Paths, Abilities, Description);

    /// <summary>The name of a file or folder for messages.</summary>
    internal string NameOf(StorePath path) => $"{Description.TrimEnd('/')}/{path}";

    /// <summary>Chooses a lane and makes sure that a folder is a real one.</summary>
    /// <exception cref="StoreFault"><see cref="StoreProblem.Missing"/>.</exception>
    internal async Task<SftpLane> PickInAsync(string what, StorePath folder, CancellationToken cancel)
    {
        var lane = await Lanes.PickAsync(cancel);
        return await Paths.IsPlainFolderAsync(lane.Channel, folder, cancel) ? lane : throw Missing(what, folder);
    }

    /// <summary>Looks up a file and gives its length.</summary>
    /// <exception cref="StoreFault"><see cref="StoreProblem.Missing"/> when it is not there or no regular file.</exception>
    internal async Task<long> RequireFileAsync(SftpChannel channel, string what, StorePath path, CancellationToken cancel)
    {
        var answer = await channel.LstatAsync(Paths.Of(path)).WaitAsync(cancel);
        if (!answer.IsOk) throw await ExplainAsync(channel, new SftpRefusal(what, path, answer.Code), cancel);
        return LengthOf(what, path, answer.Value);
    }

    /// <summary>The length of a file from its attributes.</summary>
    /// <exception cref="StoreFault"><see cref="StoreProblem.Missing"/> when it is no regular file.</exception>
    internal long LengthOf(string what, StorePath path, SftpAttributes attributes) =>
        SftpEntries.Of(path.Name, attributes, NameOf(path)) is { IsFolder: false } file ? file.Length : throw Missing(what, path);

    /// <summary>The fault for a name that is not there.</summary>
    internal StoreFault Missing(string what, StorePath path) => new(StoreProblem.Missing, what) { Which = NameOf(path), Found = "no such file or folder" };

    /// <summary>Finds the fault for a refused request.</summary>
    internal Task<StoreFault> ExplainAsync(SftpChannel channel, SftpRefusal refusal, CancellationToken cancel) => _refusals.ExplainAsync(channel, refusal, cancel);

    /// <summary>Finds the fault for a refused block of an open file.</summary>
    /// <param name="what">What could not be done.</param>
    /// <param name="path">The file.</param>
    /// <param name="takesRoom">True for a file that is written.</param>
    internal Func<SftpCode, long, Task<Exception>> Explainer(string what, StorePath path, bool takesRoom) => async (code, offset) =>
    {
        var lane = await Lanes.PickAsync(CancellationToken.None);
        return await ExplainAsync(lane.Channel, new SftpRefusal(what, path, code) { Offset = offset, TakesRoom = takesRoom }, CancellationToken.None);
    };
}
