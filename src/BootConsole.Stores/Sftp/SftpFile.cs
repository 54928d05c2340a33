// A file that is open on one lane, and on more of them once there is much to move.
using BootConsole.Core;

namespace BootConsole.Stores.Sftp;

/// <summary>
/// An open file. Handles belong to a channel, since each has a server process of its own; the file is opened first on its home lane and, after a window's worth
/// of bytes, on every other lane that will take it. A server that refuses (a write-once one does) keeps the file on its home lane.
/// </summary>
internal sealed class SftpFile(SftpLanes lanes, string path, SftpOpen modeElsewhere, SftpLane home, byte[] handle)
{
    // Null: being opened, or refused. Under the lock of the lanes.
    private readonly Dictionary<SftpLane, byte[]?> _handles = new() { [home] = handle };
    private long _issuedBytes;
    private bool _isClosing;

    /// <summary>The lane that opened it first.</summary>
    internal SftpLane Home { get; } = home;

    /// <summary>The handle on the home lane.</summary>
    internal byte[] HomeHandle { get; } = handle;

    /// <summary>Its path on the server.</summary>
    internal string Path { get; } = path;

    /// <summary>The handle on a lane; null when it is not open there. Under the lock of the lanes.</summary>
    internal byte[]? HandleOn(SftpLane lane) => _handles.GetValueOrDefault(lane);

    /// <summary>Counts a block that is about to go out and opens the file on new lanes when it is worth it. Under the lock of the lanes.</summary>
    internal void Issue(int blockBytes, IReadOnlyList<SftpLane> all)
    {
        _issuedBytes += blockBytes;
        if (_issuedBytes <= SftpLane.WindowBytes || _handles.Count == all.Count) return;
        // Not started inline: an answer that is there at once would serve those who wait, in the middle of serving them.
        foreach (var lane in all)
            if (lane.Flushes == 0 && _handles.TryAdd(lane, null)) _ = Task.Run(() => OpenOnAsync(lane));
    }

    /// <summary>Closes the handles on all lanes but the home one. One that is only being opened is closed when it comes: nothing was sent through it.</summary>
    /// <returns>The worst code.</returns>
    internal async Task<SftpCode> CloseElsewhereAsync()
    {
        var codes = await Task.WhenAll(lanes.Locked(TakeElsewhere).Select(open => open.Key.Channel.CloseAsync(open.Value!)));
        return codes.Select(answer => answer.Code).DefaultIfEmpty(SftpCode.Ok).Max();
    }

    /// <summary>Closes all handles without waiting: for a file that is given up or was only read.</summary>
    internal void CloseSoon() => _ = CloseAllAsync();

    private async Task CloseAllAsync()
    {
        try
        {
            await Task.WhenAll(CloseElsewhereAsync(), Home.Channel.CloseAsync(HomeHandle));
        }
        catch (TransportFault)
        {
            // The server closes what a lost connection left open.
        }
    }

    private KeyValuePair<SftpLane, byte[]?>[] TakeElsewhere()
    {
        _isClosing = true;
        var open = _handles.Where(entry => entry.Key != Home && entry.Value is not null).ToArray();
        foreach (var entry in open) _handles[entry.Key] = null;
        return open;
    }

    private bool TryKeep(SftpLane lane, byte[] openHandle)
    {
        if (_isClosing) return false;
        _handles[lane] = openHandle;
        return true;
    }

    private async Task OpenOnAsync(SftpLane lane)
    {
        try
        {
            var answer = await lane.Channel.OpenAsync(Path, modeElsewhere);
            if (answer.IsOk && !lanes.TryOpen(this, () => TryKeep(lane, answer.Value!))) await lane.Channel.CloseAsync(answer.Value!);
        }
        catch (TransportFault)
        {
            // The end of a channel ends the connection; whoever waits for a block hears it.
        }
    }
}
