// Keyboard layouts of the boot image, and the time zone; loadkmap is a program that writes down what it gets, for this machine's keyboard is somebody's.
using System.IO.Compression;
using BootConsole.TestKit;

namespace BootConsole.Appliance.Tests.Setups;

public sealed class KeyboardSetupTests : IDisposable
{
    private readonly NetworkRoom _room = new();

    public KeyboardSetupTests()
    {
        File.WriteAllText(_room.Root["busybox"], $"#!/bin/sh\n[ \"$1\" = loadkmap ] || exec /bin/busybox \"$@\"\ncat > {_room.Root["loaded"]}\n");
        SystemTool.Run("chmod", "+x", _room.Root["busybox"]);
        File.WriteAllBytes(_room.Root["usr/share/keymaps/i386/us.bmap"], [.. "bkeymap"u8, 0, 255, 128]);
        using var packed = new GZipStream(File.Create(_room.Root["usr/share/keymaps/i386/de-latin1.bmap.gz"]), CompressionLevel.Fastest);
        packed.Write([.. "bkeymap"u8, 1, 254, 129]);
    }

    [Theory]
    [InlineData("us", 128)]
    [InlineData("de-latin1", 129)]
    public void A_layout_is_loaded_byte_for_byte(string layout, byte last)
    {
        File.WriteAllText(_room.Root["dev/tty0"], "");
        Assert.Contains($"The keyboard layout is {layout}.", Setup(layout).Succeeds().Output, StringComparison.Ordinal);
        Assert.Equal(last, File.ReadAllBytes(_room.Root["loaded"])[^1]);
    }

    [Fact]
    public void A_layout_that_the_image_lacks_is_a_trouble_and_the_rest_is_set_up()
    {
        File.WriteAllText(_room.Root["dev/tty0"], "");
        var run = Setup("fr", "timezone = \"Europe/Berlin\"").Reports(1, "layout fr was not loaded", "F2");
        Assert.Contains("Times are in Europe/Berlin.", run.Output, StringComparison.Ordinal);
        Assert.Equal("/usr/share/zoneinfo/Europe/Berlin", new FileInfo(_room.Root["etc/localtime"]).LinkTarget);
    }

    [Fact]
    public void A_PC_with_a_serial_line_alone_needs_no_layout() => Assert.Contains("no keyboard of its own", Setup("fr").Succeeds().Output, StringComparison.Ordinal);

    // In a network of its own: "none" takes every address away.
    private Run Setup(string layout, string more = "") => _room.Setup($"address = \"none\"\nkeyboard = \"{layout}\"\n{more}");

    public void Dispose() => _room.Dispose();
}
