// [[storage]]: further places for images, each with a name.
using BootConsole.Core;

namespace BootConsole.Settings;

/// <summary>A place for images.</summary>
/// <param name="Name">The name that <c>store</c> keys use.</param>
/// <param name="Target">Where it is.</param>
public sealed record StorageSettings(string Name, StorageTarget Target);

/// <summary>Where a store is: <see cref="SftpStorage"/>, <see cref="FolderStorage"/> or <see cref="MountStorage"/>.</summary>
public abstract record StorageTarget
{
    private protected StorageTarget() { }

    /// <summary>Where.</summary>
    public abstract StoreAddress Place { get; }

    /// <summary>How to log in at a server.</summary>
    public virtual SshSettings Login => new();

    /// <summary>True when the store cannot be reached without a network.</summary>
    public virtual bool NeedsNetwork => true;

    /// <inheritdoc/>
    public sealed override string ToString() => Place.ToString()!;
}

/// <summary>A folder behind SFTP.</summary>
/// <param name="Address">Where.</param>
/// <param name="Ssh">How to log in.</param>
public sealed record SftpStorage(SftpAddress Address, SshSettings Ssh) : StorageTarget
{
    /// <inheritdoc/>
    public override StoreAddress Place => Address;

    /// <inheritdoc/>
    public override SshSettings Login => Ssh;
}

/// <summary>A folder of this machine that is already mounted.</summary>
/// <param name="Address">Its absolute path.</param>
public sealed record FolderStorage(DirectoryAddress Address) : StorageTarget
{
    /// <inheritdoc/>
    public override StoreAddress Place => Address;

    /// <inheritdoc/>
    public override bool NeedsNetwork => false;
}

/// <summary>What is mounted for the job: an NFS export, an SMB share, or a partition by its label.</summary>
/// <param name="Address">Where.</param>
public sealed record MountStorage(MountAddress Address) : StorageTarget
{
    /// <inheritdoc/>
    public override StoreAddress Place => Address;

    /// <inheritdoc/>
    public override bool NeedsNetwork => Address is not LabelAddress;
}
