// [server]: the SFTP server, and how each side proves itself to the other.
using BootConsole.Core;

namespace BootConsole.Settings;

/// <summary>The SFTP server.</summary>
/// <param name="Address">Where the store is.</param>
/// <param name="Ssh">Key, host keys and jump host; <see cref="SshSettings.OnlyTheseValues"/> is set.</param>
public sealed record ServerSettings(SftpAddress Address, SshSettings Ssh);
