// [[storage]]: further places for images, each with a name.
using BootConsole.Core;

namespace BootConsole.Settings;

/// <summary>A place for images.</summary>
/// <param name="Name">The name that <c>store</c> keys use.</param>
/// <param name="Target">Where it is.</param>
public sealed record StorageSettings(string Name, StorageTarget Target);

/// <summary>
/// Where a store is: <see cref="SftpStorage"/>, <see cref="FolderStorage"/>, <see cref="NfsStorage"/>, <see cref="SmbStorage"/> or <see cref="LabelStorage"/>.
/// </summary>
public abstract record StorageTarget
{
    private protected StorageTarget() { }

    /// <summary>True when the store cannot be reached without a network.</summary>
    public virtual bool NeedsNetwork => true;
}

/// <summary>A folder behind SFTP.</summary>
/// <param name="Address">Where.</param>
/// <param name="Ssh">How to log in.</param>
public sealed record SftpStorage(SftpAddress Address, SshSettings Ssh) : StorageTarget
{
    /// <inheritdoc/>
    public override string ToString() => Address.ToString();
}

/// <summary>A folder of this machine that is already mounted.</summary>
/// <param name="Address">Its absolute path.</param>
public sealed record FolderStorage(DirectoryAddress Address) : StorageTarget
{
    /// <inheritdoc/>
    public override bool NeedsNetwork => false;

    /// <inheritdoc/>
    public override string ToString() => Address.ToString();
}

/// <summary>An NFS export.</summary>
/// <param name="Host">Host name or address; an IPv6 address without brackets.</param>
/// <param name="Port">1 to 65535, or 0 for the usual one.</param>
/// <param name="Path">Absolute path of the export.</param>
public sealed record NfsStorage(string Host, int Port, string Path) : StorageTarget
{
    /// <inheritdoc/>
    public override string ToString() => $"nfs://{HostText.Bracketed(Host)}{(Port > 0 ? $":{Port}" : "")}{Path}";
}

/// <summary>An SMB share.</summary>
/// <param name="Host">Host name or address; an IPv6 address without brackets.</param>
/// <param name="Port">1 to 65535, or 0 for the usual one.</param>
/// <param name="Share">Name of the share.</param>
/// <param name="Path">Path below the share, starting with '/'; empty for the share itself.</param>
/// <param name="CredentialsFile">
/// Absolute path of a file as <c>mount.cifs</c> reads it; empty to come as guest. Holds no comma, which would end the mount option.
/// </param>
public sealed record SmbStorage(string Host, int Port, string Share, string Path, string CredentialsFile) : StorageTarget
{
    /// <inheritdoc/>
    public override string ToString() => $"smb://{HostText.Bracketed(Host)}{(Port > 0 ? $":{Port}" : "")}/{Share}{Path}";
}

/// <summary>A partition of this PC or of a medium attached to it, found by its file system's label.</summary>
/// <param name="Label">The label, as <c>blkid</c> shows it.</param>
public sealed record LabelStorage(string Label) : StorageTarget
{
    /// <inheritdoc/>
    public override bool NeedsNetwork => false;

    /// <inheritdoc/>
    public override string ToString() => $"label:{Label}";
}
