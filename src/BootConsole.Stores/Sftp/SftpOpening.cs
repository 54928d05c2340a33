// Before an SFTP store is used: the greeting, the limits, the store's folder, and whether it takes anything.
using System.Security.Cryptography;
using BootConsole.Core;

namespace BootConsole.Stores.Sftp;

/// <summary>The steps from a link to an open store.</summary>
internal sealed class SftpOpening(SftpChannel channel, SftpAbilities abilities, string top, string description)
{
    /// <summary>Asks for the server's limits.</summary>
    internal static async Task<SftpAbilities> FindAbilitiesAsync(SftpChannel channel, CancellationToken cancel)
    {
        if (!channel.Extensions.HasFlag(SftpExtensions.Limits)) return SftpAbilities.Default(channel.Extensions);
        var answer = await channel.FindLimitsAsync().WaitAsync(cancel);
        return answer.Value ?? SftpAbilities.Default(channel.Extensions);
    }

    /// <summary>Makes sure that the store's folder is there.</summary>
    /// <exception cref="StoreFault">It is missing, is no folder, or cannot be made.</exception>
    internal async Task RequireTopAsync(IfMissing ifMissing, CancellationToken cancel)
    {
        var answer = await channel.StatAsync(top).WaitAsync(cancel);
        if (answer.Code == SftpCode.NoSuchFile && ifMissing == IfMissing.Create)
        {
            await MakeAsync(top, cancel);
            answer = await channel.StatAsync(top).WaitAsync(cancel);
        }

        if (answer is { IsOk: true, Value.Kind: SftpKind.Folder }) return;
        throw answer.Code switch
        {
            SftpCode.Ok => new StoreFault(StoreProblem.Missing, "the store's path is not a folder") { Which = description },
            SftpCode.NoSuchFile => new StoreFault(StoreProblem.Missing, "the store's folder is not there") { Which = description, Remedy = "Check the path. A backup makes a new store only inside a folder that is there." },
            SftpCode.PermissionDenied => Denied("the store's folder cannot be entered by this account"),
            _ => new StoreFault(StoreProblem.Other, "the store's folder cannot be looked up") { Which = description, Found = $"the server answers with code {(uint)answer.Code}" },
        };
    }

    /// <summary>Refuses a store that takes nothing, as far as that shows without leaving a trace: a write-once server could not even remove a trial file.</summary>
    /// <exception cref="StoreFault"><see cref="StoreProblem.Denied"/>.</exception>
    internal async Task RequireWritableAsync(CancellationToken cancel)
    {
        // A read-only account (internal-sftp -R) refuses to open for writing before it looks whether the file is there; any other says it is not there.
        var nobody = (top is "." ? "" : top.TrimEnd('/') + "/") + "no-file-" + RandomNumberGenerator.GetHexString(16, lowercase: true);
        var trial = await channel.OpenAsync(nobody, SftpOpen.Write).WaitAsync(cancel);
        if (trial.IsOk) await channel.CloseAsync(trial.Value!).WaitAsync(cancel);
        if (trial.Code == SftpCode.PermissionDenied) throw Denied("the server lets this account only read");
        if (!abilities.Has(SftpExtensions.StatVfs)) return;
        var space = await channel.FindSpaceAsync(top).WaitAsync(cancel);
        if (space is { IsOk: true, Value.IsReadOnly: true }) throw Denied("the server's file system is read-only");
    }

    /// <summary>Tries whether the server flushes folders as well as files.</summary>
    internal async Task<bool> FlushesFoldersAsync(CancellationToken cancel) =>
        abilities.Has(SftpExtensions.Fsync) && await SftpFolders.FlushAsync(channel, top, cancel) == SftpCode.Ok;

    // Only the folder itself: a mistyped path must not become a new, empty store.
    private async Task MakeAsync(string path, CancellationToken cancel)
    {
        var answer = await channel.MakeFolderAsync(path).WaitAsync(cancel);
        if (answer.Code == SftpCode.PermissionDenied) throw Denied("the store's folder cannot be made by this account");
        if (abilities.Has(SftpExtensions.Fsync)) await SftpFolders.FlushAsync(channel, SftpPaths.Above(path) ?? ".", cancel);
    }

    private StoreFault Denied(string what) =>
        new(StoreProblem.Denied, what) { Which = description, Found = "permission denied", Remedy = "Check what the account may do on the server; a contract that has ended grants reading only." };
}
