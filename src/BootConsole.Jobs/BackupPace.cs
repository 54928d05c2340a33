// How hard a backup works, from its first disk to its last: what goes over the wire, and when.
using BootConsole.Core;

namespace BootConsole.Jobs;

/// <summary>The pace of one backup. Asked by the sending stage, one caller at a time.</summary>
internal sealed class BackupPace
{
    private readonly RateLimit? _limit;

    internal BackupPace(JobContext context, BackupOptions options)
    {
        if (options.LimitBytesPerSecond <= 0) return;
        _limit = new RateLimit(options.LimitBytesPerSecond, context.Clock, context.Progress);
        context.Progress[Stage.Limit].Workers = 1;
    }

    /// <summary>Waits until bytes may be sent.</summary>
    internal ValueTask BeforeSendAsync(long bytes, CancellationToken cancel) => _limit?.WaitAsync(bytes, cancel) ?? ValueTask.CompletedTask;
}
