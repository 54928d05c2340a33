// Flushing a folder: fsync takes the handle of an open file, and OpenSSH's OPEN opens a folder as well.
namespace BootConsole.Stores.Sftp;

/// <summary>Folders as files.</summary>
internal static class SftpFolders
{
    /// <summary>Waits until the names in a folder are on the medium: open(2) for reading, fsync(2), close(2) on the server.</summary>
    /// <returns>The first code that is not OK.</returns>
    internal static async Task<SftpCode> FlushAsync(SftpChannel channel, string path, CancellationToken cancel)
    {
        var open = await SftpHandles.OpenAsync(channel, path, SftpOpen.Read, cancel);
        if (!open.IsOk) return open.Code;
        var flush = channel.FsyncAsync(open.Value!);
        // Sent at once: the server answers in order, and nothing hangs on how the close ends.
        _ = SftpHandles.CloseSoonAsync(channel, open.Value!);
        return (await flush.WaitAsync(cancel)).Code;
    }
}

/// <summary>Handles that are not lost when the wait for them is given up.</summary>
internal static class SftpHandles
{
    /// <summary>Opens a file; when the wait is cancelled, what the server opened meanwhile is closed.</summary>
    internal static Task<SftpAnswer<byte[]>> OpenAsync(SftpChannel channel, string path, SftpOpen mode, CancellationToken cancel) =>
        KeepAsync(channel, channel.OpenAsync(path, mode), cancel);

    /// <summary>Opens a folder for listing, in the same way.</summary>
    internal static Task<SftpAnswer<byte[]>> OpenFolderAsync(SftpChannel channel, string path, CancellationToken cancel) =>
        KeepAsync(channel, channel.OpenFolderAsync(path), cancel);

    /// <summary>Closes without anybody waiting; a connection that ends meanwhile closes it too.</summary>
    internal static async Task CloseSoonAsync(SftpChannel channel, byte[] handle)
    {
        try
        {
            await channel.CloseAsync(handle);
        }
        catch (Core.TransportFault)
        {
            // The server closes what a lost connection left open.
        }
    }

    private static async Task<SftpAnswer<byte[]>> KeepAsync(SftpChannel channel, Task<SftpAnswer<byte[]>> opening, CancellationToken cancel)
    {
        try
        {
            return await opening.WaitAsync(cancel);
        }
        catch (OperationCanceledException)
        {
            _ = CloseLateAsync(channel, opening);
            throw;
        }
    }

    private static async Task CloseLateAsync(SftpChannel channel, Task<SftpAnswer<byte[]>> opening)
    {
        try
        {
            if (await opening is { IsOk: true, Value: { } handle }) await CloseSoonAsync(channel, handle);
        }
        catch (Core.TransportFault)
        {
            // Never opened.
        }
    }
}
