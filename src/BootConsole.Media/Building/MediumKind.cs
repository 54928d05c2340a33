// The kinds of boot media.
using BootConsole.Core;

namespace BootConsole.Media.Building;

/// <summary>What a PC boots from.</summary>
public enum MediumKind
{
    /// <summary>An image of a CD or DVD, which a USB stick can hold too.</summary>
    Iso,

    /// <summary>An image of a USB stick or disk.</summary>
    Usb,

    /// <summary>Files for a TFTP server.</summary>
    Pxe,

    /// <summary>One program for UEFI firmware with kernel, root and settings in it: a unified kernel image.</summary>
    Uki,
}

/// <summary>The kinds by the names that commands and the catalogue call them.</summary>
public static class MediumKinds
{
    /// <summary>All names.</summary>
    public static IReadOnlyList<string> Names { get; } = ["iso", "usb", "pxe", "uki"];

    /// <summary>The name of a kind.</summary>
    public static string Name(this MediumKind kind) => kind switch
    {
        MediumKind.Iso => "iso",
        MediumKind.Usb => "usb",
        MediumKind.Pxe => "pxe",
        _ => "uki",
    };

    /// <summary>The kind of a name.</summary>
    /// <exception cref="UsageFault">It is none.</exception>
    public static MediumKind Parse(string name) => name switch
    {
        "iso" => MediumKind.Iso,
        "usb" => MediumKind.Usb,
        "pxe" => MediumKind.Pxe,
        "uki" => MediumKind.Uki,
        _ => throw new UsageFault("unknown kind of medium") { Which = "--medium", Found = name, Expected = "iso, usb, pxe or uki" },
    };
}
