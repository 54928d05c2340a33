// Where a PC without a key gets one, and what it becomes part of: read from the settings, before anybody is asked.
using System.Security.Cryptography;
using BootConsole.Settings;

namespace BootConsole.Appliance.Setup;

/// <summary>A server that takes enrolments.</summary>
/// <param name="Pc">The PC's name.</param>
/// <param name="Server">The server.</param>
/// <param name="Root">For tests: a folder that stands for <c>/</c>; empty for <c>/</c> itself.</param>
internal sealed record EnrolmentPlace(string Pc, ServerSettings Server, string Root = "")
{
    private const string Authority = "@cert-authority ";

    /// <summary>The place that settings name; null when they name none.</summary>
    internal static EnrolmentPlace? Of(ApplianceSettings? settings) => settings?.Server is { Enrol.Length: > 0 } server ? new EnrolmentPlace(settings.Pc.Name, server) : null;

    /// <summary>The place where a PC gets the key that it has not; null when it has one, or the settings name no place.</summary>
    internal static EnrolmentPlace? Missing(ApplianceSettings? settings) => Of(settings) is { HasKey: false } place ? place : null;

    /// <summary>The same, when the unattended job of the settings needs that key.</summary>
    internal static EnrolmentPlace? MissingForJob(ApplianceSettings settings) =>
        (settings.Job.Action == JobAction.Restore ? settings.Restore?.Store : settings.Backup?.Store) == ApplianceSettings.ServerName ? Missing(settings) : null;

    /// <summary>The address that takes enrolments.</summary>
    internal Uri Address => new(Server.Enrol);

    /// <summary>Where the private key goes.</summary>
    internal string IdentityFile => Root + Server.Ssh.IdentityFile;

    /// <summary>True when the key is there.</summary>
    internal bool HasKey => File.Exists(IdentityFile);

    /// <summary>The authorities by which the settings know the server: type and key, as in a public key file.</summary>
    internal IReadOnlyList<string> Authorities => [.. Server.Ssh.KnownHostsLines.Where(line => line.StartsWith(Authority, StringComparison.Ordinal)).Select(KeyOf)];

    /// <summary>The same as <c>ssh-keygen -l</c> shows them: <c>SHA256:…</c>.</summary>
    internal IReadOnlyList<string> Fingerprints => [.. Authorities.Select(Fingerprint).Where(print => print.Length > 0)];

    /// <summary>Type and key of a line of known hosts that names an authority.</summary>
    internal static string KeyOf(string line) => string.Join(' ', line.Split(' ', StringSplitOptions.RemoveEmptyEntries).Skip(2).Take(2));

    private static string Fingerprint(string key)
    {
        var text = key.Split(' ')[^1];
        var blob = new byte[text.Length];
        return Convert.TryFromBase64String(text, blob, out var length) ? "SHA256:" + Convert.ToBase64String(SHA256.HashData(blob.AsSpan(0, length))).TrimEnd('=') : "";
    }
}
