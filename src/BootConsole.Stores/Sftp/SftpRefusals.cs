// "Failure", says the server; this finds out what it means.
using BootConsole.Core;

namespace BootConsole.Stores.Sftp;

/// <summary>A request that the server refused.</summary>
/// <param name="What">What could not be done: "the file cannot be created".</param>
/// <param name="Path">The file or folder.</param>
/// <param name="Code">The server's answer.</param>
internal sealed record SftpRefusal(string What, StorePath Path, SftpCode Code)
{
    /// <summary>True when the request needed the name to be free.</summary>
    internal bool TakesName { get; init; }

    /// <summary>True when the request needed room for data or for a name. Never of a store that is only read: what takes room may be tried out.</summary>
    internal bool TakesRoom { get; init; }

    /// <summary>Position in the file; negative when the request had none.</summary>
    internal long Offset { get; init; } = -1;
}

/// <summary>
/// Turns refusals into store faults. OpenSSH answers code 4 for a full disk, a quota, a taken name, a read-only file system and an I/O error alike
/// (errno_to_portable in its sftp-server.c), so the server is asked again: who has the name, how much room is left, and, since a user's quota does not show
/// in that, whether even a small file is refused.
/// </summary>
internal sealed class SftpRefusals(SftpPaths paths, SftpAbilities abilities, string description)
{
    /// <summary>Less than this left after a refusal means full: file systems keep their last blocks to themselves.</summary>
    private const long NothingLeftBytes = 1 << 20;

    private const int TrialBytes = 4096;

    /// <summary>Finds the fault for a refusal.</summary>
    internal async Task<StoreFault> ExplainAsync(SftpChannel channel, SftpRefusal refusal, CancellationToken cancel)
    {
        switch (refusal.Code)
        {
            case SftpCode.NoSuchFile:
                return Fault(StoreProblem.Missing, refusal, "no such file or folder", "");
            case SftpCode.PermissionDenied:
                return Fault(StoreProblem.Denied, refusal, "permission denied", "Check what the account may do on the server and who owns the folder.");
            case SftpCode.Unsupported:
                return Fault(StoreProblem.Other, refusal, "the server cannot do this", "");
        }

        if (refusal.TakesName && (await channel.LstatAsync(paths.Of(refusal.Path)).WaitAsync(cancel)).IsOk)
            return Fault(StoreProblem.Exists, refusal, "the name is taken", "");
        if (!abilities.Has(SftpExtensions.StatVfs)) return Fault(StoreProblem.Other, refusal, "the server gives no reason", LogRemedy);
        var space = await FindSpaceAsync(channel, refusal.Path, cancel);
        return space switch
        {
            null => Fault(StoreProblem.Other, refusal, "the server gives no reason", LogRemedy),
            { IsReadOnly: true } => Fault(StoreProblem.Denied, refusal, "the server's file system is read-only", "After a disk error Linux makes it so by itself: look into the server's log."),
            { Free: < NothingLeftBytes } or { FreeFiles: 0 } => Full(refusal, space.Value),
            _ when refusal.TakesRoom && await TakesNothingAsync(channel, refusal.Path, cancel) => UsedUp(refusal, space.Value),
            _ => Fault(StoreProblem.Other, refusal, $"the server gives no reason; its file system has {ByteSize.Format(space.Value.Free)} free", LogRemedy),
        };
    }

    private const string LogRemedy = "Look into the server's log: a limit on file sizes and a disk error look like this.";

    private async Task<SftpSpace?> FindSpaceAsync(SftpChannel channel, StorePath path, CancellationToken cancel)
    {
        var answer = await channel.FindSpaceAsync(paths.Of(path.Folder)).WaitAsync(cancel);
        return answer.IsOk ? answer.Value : null;
    }

    // A block of a file system, beside what was refused: less than that no quota gives out. What was refused still lies there, so no room has come back.
    private async Task<bool> TakesNothingAsync(SftpChannel channel, StorePath path, CancellationToken cancel)
    {
        var trial = paths.Of(StoreNames.PassingNameFor(path.Folder / "trial"));
        var open = await channel.OpenAsync(trial, SftpOpen.Write | SftpOpen.Create | SftpOpen.Exclusive).WaitAsync(cancel);
        if (!open.IsOk) return open.Code == SftpCode.Failure;
        var writing = channel.WriteAsync(open.Value!, 0, new byte[TrialBytes]);
        var closing = channel.CloseAsync(open.Value!);
        var removal = channel.RemoveAsync(trial);
        var written = await writing.WaitAsync(cancel);
        await Task.WhenAll(closing, removal).WaitAsync(cancel);
        return written.Code == SftpCode.Failure;
    }

    private StoreFault UsedUp(SftpRefusal refusal, SftpSpace space) => new(StoreProblem.Full, "the store is full")
    {
        Which = NameOf(refusal),
        Found = $"this account can write nothing more; the server's file system has {ByteSize.Format(space.Free)} free",
        Remedy = "The account's quota is used up, most likely: delete images that are no longer needed, or have it raised; a backup that is started again goes on with what it has saved. A disk error looks the same: the server's log tells.",
    };

    private StoreFault Full(SftpRefusal refusal, SftpSpace space) => new(StoreProblem.Full, "the store is full")
    {
        Which = NameOf(refusal),
        Found = space.FreeFiles == 0 ? "no more files can be made" : $"{ByteSize.Format(space.Free)} free",
        Remedy = "Free some space on the server, or delete images that are no longer needed; a backup that is started again goes on with what it has saved.",
    };

    private StoreFault Fault(StoreProblem problem, SftpRefusal refusal, string found, string remedy) =>
        new(problem, refusal.What) { Which = NameOf(refusal), Found = found, Remedy = remedy };

    private string NameOf(SftpRefusal refusal) =>
        description.TrimEnd('/') + "/" + refusal.Path + (refusal.Offset >= 0 ? $" at byte {refusal.Offset}" : "");
}
