// [server]: the SFTP server, and how each side proves itself to the other.
using BootConsole.Core;

namespace BootConsole.Settings;

/// <summary>The SFTP server.</summary>
/// <param name="Address">Where the store is.</param>
/// <param name="Ssh">Key, host keys and jump host; <see cref="SshSettings.OnlyTheseValues"/> is set.</param>
public sealed record ServerSettings(SftpAddress Address, SshSettings Ssh)
{
    /// <summary>Where a PC without a key gets one, <c>http://host:port/path</c>; empty for a PC that brings its key.</summary>
    public string Enrol { get; init; } = "";
}
