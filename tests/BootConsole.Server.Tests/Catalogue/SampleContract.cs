// A contract for tests.
using BootConsole.Server.Catalogue;

namespace BootConsole.Server.Tests.Catalogue;

/// <summary>Sample contracts.</summary>
internal static class SampleContract
{
    /// <summary>A year, ten images, deletion allowed.</summary>
    internal static Contract Basic { get; } = new()
    {
        Name = "basic",
        Customer = "Example Ltd",
        FirstDay = new DateOnly(2026, 1, 1),
        LastDay = new DateOnly(2026, 12, 31),
        GraceDays = 30,
        SpaceBytes = 1L << 40,
        ImageLimit = 10,
        AllowsDeletion = true,
        Media = ["iso", "usb"],
        Retention = new Retention(Last: 3, Weekly: 4),
        MinimumAgeDays = 7,
        OverdueDays = 2,
    };
}
