// The kinds of boot media.
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
}
