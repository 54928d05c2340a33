// Ends the DHCP client of an earlier set-up.
using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;

namespace BootConsole.Appliance.Setup;

/// <summary>The process that keeps a lease.</summary>
internal static class LeaseKeeper
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    /// <summary>Ends the process whose number a file has, when it is a DHCP client: after a crash the number may be somebody else's.</summary>
    internal static async Task EndAsync(string file, TimeProvider clock, CancellationToken cancel)
    {
        try
        {
            if (!int.TryParse((await File.ReadAllTextAsync(file, cancel)).Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var id)) return;
            var name = (await File.ReadAllTextAsync($"/proc/{id}/cmdline", cancel)).Replace('\0', ' ');
            if (!name.Contains("udhcpc", StringComparison.Ordinal)) return;
            using var process = Process.GetProcessById(id);
            process.Kill();
            using var limit = new CancellationTokenSource(Patience, clock);
            await process.WaitForExitAsync(limit.Token);
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException or ArgumentException or InvalidOperationException or Win32Exception or OperationCanceledException)
        {
            // It has ended by itself, or will not: the next one takes its lease over.
            cancel.ThrowIfCancellationRequested();
        }
    }
}
