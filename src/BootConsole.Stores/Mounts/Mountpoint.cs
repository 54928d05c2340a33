// A folder of our own with a file system mounted on it, as long as the store is open.
using System.Security.Cryptography;
using BootConsole.Core;
using BootConsole.Host;

namespace BootConsole.Stores.Mounts;

/// <summary>One mount. What processes that were killed left mounted is unmounted before the next.</summary>
internal sealed class Mountpoint : IAsyncDisposable
{
    // Not below a folder that anything removes with what is in it: a store may be mounted here.
    private const string Place = "/run/bootconsole/mounts", LockSuffix = ".lock";

    private const int MostTries = 25;

    private readonly IProgramRunner _programs;
    private readonly FileStream _lock;

    private Mountpoint(IProgramRunner programs, string folder, FileStream alive) => (_programs, Folder, _lock) = (programs, folder, alive);

    /// <summary>The absolute path.</summary>
    internal string Folder { get; }

    /// <summary>Mounts.</summary>
    /// <exception cref="Fault">See <see cref="MountFaults"/>.</exception>
    internal static async Task<Mountpoint> MountAsync(MountAddress address, MountCall call, IProgramRunner programs, CancellationToken cancel)
    {
        var mount = await MakeAsync(programs, cancel);
        try
        {
            using var protection = call.IsProtected ? MediumProtection.Of(call.Source) : null;
            var result = await programs.RunAsync(new ProgramCall("mount", call.Arguments(mount.Folder)) { Limit = TimeSpan.FromSeconds(90), InOwnSession = true }, cancel);
            return result.Succeeded ? mount : throw MountFaults.From(address, result);
        }
        catch
        {
            await mount.DisposeAsync();
            throw;
        }
    }

    /// <summary>Unmounts: what was written is on the medium then. A share whose server is gone is detached.</summary>
    public async ValueTask DisposeAsync()
    {
        await UnmountAsync(_programs, Folder);
        await _lock.DisposeAsync();
        File.Delete(Folder + LockSuffix);
    }

    private static async Task<Mountpoint> MakeAsync(IProgramRunner programs, CancellationToken cancel)
    {
        try
        {
            MakePlace();
            await UnmountLeftoversAsync(programs, cancel);
            var folder = Path.Combine(Place, RandomNumberGenerator.GetHexString(12, lowercase: true));
            // The lock (flock) comes first and lives as long as this process, whatever way it ends.
            var alive = new FileStream(folder + LockSuffix, FileMode.CreateNew, FileAccess.Write, FileShare.None);
            Directory.CreateDirectory(folder);
            return new Mountpoint(programs, folder, alive);
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException)
        {
            throw new HostFault("no place to mount on", cause) { Which = Place, Remedy = "Run the program as root, or mount it first and give the folder." };
        }
    }

    // Only root looks into what is mounted here.
    private static void MakePlace()
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Place)!);
        try
        {
            LinuxNames.MakePrivateFolder(Place);
        }
        catch (SystemCallException refusal) when (refusal.Error == Errno.EEXIST)
        {
            // Made before.
        }
    }

    private static async Task UnmountLeftoversAsync(IProgramRunner programs, CancellationToken cancel)
    {
        foreach (var path in Directory.EnumerateFiles(Place, "*" + LockSuffix))
        {
            cancel.ThrowIfCancellationRequested();
            if (TryLock(path) is not { } left) continue;
            await UnmountAsync(programs, path[..^LockSuffix.Length]);
            await left.DisposeAsync();
            File.Delete(path);
        }
    }

    private static FileStream? TryLock(string path)
    {
        try
        {
            return new FileStream(path, FileMode.Open, FileAccess.Write, FileShare.None);
        }
        catch (IOException)
        {
            return null;
        }
    }

    private static async Task UnmountAsync(IProgramRunner programs, string folder)
    {
        var limit = TimeSpan.FromSeconds(60);
        if (IsMounted(folder))
        {
            // A program that another thread starts right now has our open files for the moment between fork and exec, and the mount is busy for that long.
            ProgramResult result;
            var tries = 0;
            while (!(result = await programs.RunAsync(new ProgramCall("umount", folder) { Limit = limit }, CancellationToken.None)).Succeeded && !result.TimedOut && ++tries < MostTries)
                await Task.Delay(TimeSpan.FromMilliseconds(200));
            if (!result.Succeeded) await programs.RunAsync(new ProgramCall("umount", "-l", folder) { Limit = limit }, CancellationToken.None);
        }

        try
        {
            // Never with what is in it.
            Directory.Delete(folder, recursive: false);
        }
        catch (IOException)
        {
            // Still mounted, or gone already.
        }
    }

    private static bool IsMounted(string folder) => File.ReadLines("/proc/self/mounts").Any(line => line.Split(' ') is [_, var where, ..] && where == folder);
}
