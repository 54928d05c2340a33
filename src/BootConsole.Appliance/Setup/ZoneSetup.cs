// Sets the time zone of the booted PC.
namespace BootConsole.Appliance.Setup;

/// <summary>Sets the time zone (localtime(5)).</summary>
internal sealed class ZoneSetup(SetupPlaces places)
{
    private const string Zones = "/usr/share/zoneinfo";

    /// <summary>Sets the zone, by its IANA name.</summary>
    internal SetupReport Set(string zone)
    {
        places.RequireBootImage();
        var file = Path.GetFullPath($"{Zones}/{zone}");
        if (!file.StartsWith(Zones + "/", StringComparison.Ordinal) || !File.Exists(file))
            return SetupReport.Empty.Or($"The time zone {zone} is not in this boot image; times are in UTC.", "Read times as UTC, or name another zone ([pc] timezone).");
        // A link that another one replaces: never a moment without a zone.
        File.Delete(places.LocalTime + ".new");
        File.CreateSymbolicLink(places.LocalTime + ".new", file);
        File.Move(places.LocalTime + ".new", places.LocalTime, overwrite: true);
        TimeZoneInfo.ClearCachedData();
        return SetupReport.Empty.And($"Times are in {zone}.");
    }
}
