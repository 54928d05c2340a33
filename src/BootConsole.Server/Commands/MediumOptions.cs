// Options that all commands have that make boot media.
using System.CommandLine;
using BootConsole.Core;

namespace BootConsole.Server.Commands;

/// <summary>Options of media.</summary>
internal static class MediumOptions
{
    internal static Option<string?> Files { get; } = new("--files") { Description = "folder with the files that the settings name: DIR/etc/bootconsole/x becomes /etc/bootconsole/x", HelpName = "DIR" };

    internal static Option<string?> Room { get; } = new("--room") { Description = "usb: a partition of this size for backups, label BOOTCONSOLE", HelpName = "SIZE" };

    internal static Option<string?> SerialPort { get; } = new("--serial") { Description = "show boot menu and console on this serial port too, such as ttyS0,115200", HelpName = "PORT" };

    internal static Option<string[]> KernelOption { get; } = new("--kernel-option") { Description = "further word of the kernel's line; may be repeated", HelpName = "WORD" };

    internal static Option<string?> Write { get; } = new("--write") { Description = "usb, iso: write the finished medium to this stick too, and read it back", HelpName = "DEVICE" };

    internal static Option<string?> DeviceSerial { get; } = new("--device-serial") { Description = "with --write: the serial number of the stick, so that no other is overwritten", HelpName = "SERIAL" };

    /// <summary>The bytes of <see cref="Room"/>; null when it is not given.</summary>
    /// <exception cref="UsageFault">It is no size.</exception>
    internal static long? RoomBytes(ParseResult line) => line.GetValue(Room) is not { } text ? null : ByteSize.TryParse(text, out var bytes) && bytes > 0
        ? bytes
        : throw new UsageFault("the size is not one") { Which = "--room", Found = text, Expected = "a number with a unit, such as \"16 GiB\"" };
}
