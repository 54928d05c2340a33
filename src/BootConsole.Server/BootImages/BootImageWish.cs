// What boot image an administrator asks for.
using BootConsole.Media.Building;

namespace BootConsole.Server.BootImages;

/// <summary>A boot image that is wanted.</summary>
internal sealed record BootImageWish
{
    /// <summary>The PC's name.</summary>
    internal required string Pc { get; init; }

    /// <summary>The kind of medium.</summary>
    internal required MediumKind Medium { get; init; }

    /// <summary>True for a PC that works without this server: no address, no key.</summary>
    internal bool IsLocal { get; init; }

    /// <summary>The new file, or for a tree the new folder.</summary>
    internal required string Target { get; init; }

    /// <summary>The beginning of a base's name; null for the one that was imported last.</summary>
    internal string? Base { get; init; }

    /// <summary>A settings file instead of what the catalogue has; null for that.</summary>
    internal string? SettingsFile { get; init; }

    /// <summary>The tree with the files that the settings name; null for none.</summary>
    internal string? Files { get; init; }

    /// <summary>True when passwords and keys that open backups may be on the medium.</summary>
    internal bool WithSecrets { get; init; }

    /// <summary>The relay on the way to the server; null for none.</summary>
    internal string? Relay { get; init; }

    /// <summary>Further stores of the catalogue that the PC shall know.</summary>
    internal IReadOnlyList<string> Storages { get; init; } = [];

    /// <summary>The serial port; empty for none.</summary>
    internal string SerialPort { get; init; } = "";

    /// <summary>Further words of the kernel's line.</summary>
    internal IReadOnlyList<string> KernelOptions { get; init; } = [];

    /// <summary>Bytes for backups on a USB medium; null for what the mode has.</summary>
    internal long? RoomBytes { get; init; }
}
