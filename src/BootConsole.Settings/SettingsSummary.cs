// What a settings file means, in plain English, for `check-config`.
using System.Globalization;
using BootConsole.Core;

namespace BootConsole.Settings;

/// <summary>Describes settings as sentences, one a line.</summary>
public static class SettingsSummary
{
    /// <summary>The meaning of the settings: the PC, its stores, and what happens without a person.</summary>
    public static IReadOnlyList<string> Describe(ApplianceSettings settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        return [.. Pc(settings.Pc), .. Stores(settings), .. Job(settings)];
    }

    private static IEnumerable<string> Pc(PcSettings pc)
    {
        var network = pc.Address switch
        {
            StaticAddress { Gateway: { } gateway } address => $"has the address {address} and the gateway {gateway}",
            StaticAddress address => $"has the address {address} and no gateway",
            NoAddress => "has no network",
            _ => "gets its address by DHCP",
        };
        var vlan = pc.Vlan is { } number ? $", in VLAN {number}" : "";
        var dns = pc.Dns.Count > 0 ? $"; names are resolved by {string.Join(", ", pc.Dns)}" : "";
        yield return $"The PC \"{pc.Name}\" {network}{vlan}{dns}.";
        yield return $"Its keyboard layout is {pc.Keyboard}; times of day are in {pc.TimeZone}.";
    }

    private static IEnumerable<string> Stores(ApplianceSettings settings)
    {
        if (settings.StoreNames.Count == 0) yield return "It names no store: the console asks for one.";
        foreach (var name in settings.StoreNames) yield return $"Store \"{name}\": {Target(settings.Store(name))}.";
    }

    private static string Target(StorageTarget target) => target switch
    {
        SftpStorage sftp => Sftp(sftp),
        MountStorage { Address: NfsAddress nfs } => $"the NFS export {nfs.Path} of {nfs.Host}{Port(nfs.Port)}",
        MountStorage { Address: SmbAddress { CredentialsFile.Length: > 0 } smb } => $"{Share(smb)}, with the credentials in {smb.CredentialsFile}",
        MountStorage { Address: SmbAddress smb } => $"{Share(smb)}, as guest",
        MountStorage { Address: LabelAddress label } => $"the local partition with the label \"{label.Label}\"",
        _ => $"the folder {target}",
    };

    private static string Share(SmbAddress smb) => $"the SMB share {smb.Share}{smb.Path} of {smb.Host}{Port(smb.Port)}";

    private static string Sftp(SftpStorage sftp)
    {
        var through = sftp.Ssh.Jump.Length > 0 ? $" through {sftp.Ssh.Jump}" : "";
        var lines = sftp.Ssh.KnownHostsLines.Count;
        var proof = lines == 1 ? "1 line of host keys proves the server" : $"{lines} lines of host keys prove the server";
        return $"{sftp}, logging in with the key {sftp.Ssh.IdentityFile}{through}; {proof}";
    }

    private static IEnumerable<string> Job(ApplianceSettings settings)
    {
        var job = settings.Job;
        if (job.Action == JobAction.Menu)
        {
            yield return "Nothing happens without a person: the menu is shown.";
            if (settings.Backup is not null) foreach (var line in BackupSummary.Proposal(settings.Backup)) yield return line;
            if (settings.Restore is not null) yield return "The table [restore] is not used: no job asks for it.";
            yield break;
        }

        var start = Start(job, settings.Pc.TimeZone);
        if (job.Action == JobAction.Backup) foreach (var line in BackupSummary.Lines(settings, start, End(job))) yield return line;
        else foreach (var line in RestoreSummary.Lines(settings, start, End(job))) yield return line;
        yield return $"If it fails: {Failure(job.OnFailure)}. {Countdown(job.CountdownSeconds)}";
    }

    private static string Start(JobSettings job, string zone)
    {
        var time = job.At switch
        {
            StartAtClock clock => $"At {clock} ({zone})",
            StartAtLocal local => string.Create(CultureInfo.InvariantCulture, $"On {local.Time:yyyy-MM-dd 'at' HH:mm:ss} ({zone})"),
            StartAtInstant instant => string.Create(CultureInfo.InvariantCulture, $"On {instant.Time:yyyy-MM-dd 'at' HH:mm:ss '(UTC'zzz')'}"),
            _ => "At once",
        };
        return job.Jitter > TimeSpan.Zero ? $"{time}, up to {DurationText.Format(job.Jitter)} later" : time;
    }

    private static string End(JobSettings job) => job.Afterwards switch
    {
        JobEnd.PowerOff => "power off",
        JobEnd.Reboot => "reboot",
        _ => "the menu",
    };

    private static string Failure(JobFailure failure) => failure switch
    {
        JobFailure.Retry => "it is tried again",
        JobFailure.PowerOff => "the PC powers off",
        _ => "the menu shows why",
    };

    private static string Countdown(int seconds) =>
        seconds > 0 ? $"A key press in the first {Count(seconds, "second")} leads to the menu instead." : "There is no countdown to stop it by a key.";

    private static string Port(int port) => port > 0 ? $" (port {port})" : "";

    internal static string Count(int number, string noun) => $"{number} {noun}{(number == 1 ? "" : "s")}";
}
