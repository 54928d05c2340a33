// The settings of one PC: what one TOML file says, checked.
using BootConsole.Core;

namespace BootConsole.Settings;

/// <summary>A settings file that was read without an error. What is null was not in the file; the rest has its documented default.</summary>
public sealed record ApplianceSettings
{
    /// <summary>The name by which <c>store</c> keys call the table <c>[server]</c>.</summary>
    public const string ServerName = "server";

    /// <summary>The PC itself.</summary>
    public required PcSettings Pc { get; init; }

    /// <summary>The SFTP server.</summary>
    public ServerSettings? Server { get; init; }

    /// <summary>Further targets, in the order of the file; names are unique.</summary>
    public IReadOnlyList<StorageSettings> Storages { get; init; } = [];

    /// <summary>How backups are made.</summary>
    public BackupSettings? Backup { get; init; }

    /// <summary>The unattended restore.</summary>
    public RestoreSettings? Restore { get; init; }

    /// <summary>What <c>bootconsole run</c> does.</summary>
    public JobSettings Job { get; init; } = new();

    /// <summary>Finds a store by the name that <c>store</c> keys use: <see cref="ServerName"/> or the name of a storage.</summary>
    /// <exception cref="UsageFault">There is none of that name.</exception>
    public StorageTarget Store(string name)
    {
        if (name == ServerName && Server is not null) return new SftpStorage(Server.Address, Server.Ssh);
        if (Storages.FirstOrDefault(storage => storage.Name == name) is { } found) return found.Target;
        var expected = StoreNames.Count == 0 ? "a [server] or [[storage]] table" : string.Join(", ", StoreNames);
        throw new UsageFault("the settings file knows no such store") { Which = name, Expected = expected };
    }

    /// <summary>The names that <see cref="Store"/> finds.</summary>
    public IReadOnlyList<string> StoreNames => [.. Server is null ? (string[])[] : [ServerName], .. Storages.Select(storage => storage.Name)];
}
