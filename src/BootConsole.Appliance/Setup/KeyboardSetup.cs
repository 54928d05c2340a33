// Loads a keyboard layout for the PC's own console.
using System.IO.Compression;
using BootConsole.Core;
using BootConsole.Host;

namespace BootConsole.Appliance.Setup;

/// <summary>Finds and loads keyboard layouts.</summary>
internal sealed class KeyboardSetup(IProgramRunner programs, SetupPlaces places)
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(10);
    private static readonly string[] BusyboxEnds = [".bmap", ".bmap.gz"], KbdEnds = [".map", ".map.gz", ".kmap", ".kmap.gz"];

    private readonly SystemPrograms _programs = new(programs);

    /// <summary>The layouts that there are, by name.</summary>
    internal IReadOnlyList<string> List() => [.. Files().Select(file => Name(file)).OfType<string>().Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];

    /// <summary>Loads a layout.</summary>
    /// <exception cref="RefusedFault">This is not the boot image.</exception>
    internal async Task<SetupReport> LoadAsync(string layout, CancellationToken cancel)
    {
        places.RequireBootImage();
        // What is typed on a serial line has been through somebody else's keyboard already.
        if (!File.Exists(places.Screen)) return SetupReport.Empty.And("This PC has no keyboard of its own: the layout is that of the terminal at the other end of the line.");
        var file = Files().Where(candidate => Name(candidate) == layout).OrderBy(candidate => IsBusybox(candidate) ? 0 : 1).ThenBy(candidate => candidate, StringComparer.Ordinal).FirstOrDefault();
        if (file is null) return Missing(layout, "it is not in this boot image");
        try
        {
            var result = IsBusybox(file)
                ? await _programs.FeedAsync(await ReadAsync(file, cancel), "loadkmap", Limit, cancel)
                : await _programs.RunAsync("loadkeys", Limit, ["-q", file], cancel);
            return result.Succeeded ? SetupReport.Empty.And($"The keyboard layout is {layout}.") : Missing(layout, SystemPrograms.Words(result));
        }
        catch (HostFault missing)
        {
            return Missing(layout, $"{missing.Which} is not in this boot image");
        }
    }

    private static SetupReport Missing(string layout, string why) =>
        SetupReport.Empty.Or($"The keyboard layout {layout} was not loaded: {why}.", "Type passwords with F2 (show what I type), or choose a layout (Keyboard in the menu).");

    private IEnumerable<string> Files() => Directory.Exists(places.Keymaps) ? Directory.EnumerateFiles(places.Keymaps, "*", SearchOption.AllDirectories) : [];

    private static string? Name(string file) =>
        BusyboxEnds.Concat(KbdEnds).FirstOrDefault(end => file.EndsWith(end, StringComparison.Ordinal)) is { } end ? Path.GetFileName(file)[..^end.Length] : null;

    private static bool IsBusybox(string file) => BusyboxEnds.Any(end => file.EndsWith(end, StringComparison.Ordinal));

    private static async Task<byte[]> ReadAsync(string file, CancellationToken cancel)
    {
        await using var bytes = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.Read);
        using var whole = new MemoryStream();
        if (!file.EndsWith(".gz", StringComparison.Ordinal))
        {
            await bytes.CopyToAsync(whole, cancel);
            return whole.ToArray();
        }

        await using var unpacked = new GZipStream(bytes, CompressionMode.Decompress);
        await unpacked.CopyToAsync(whole, cancel);
        return whole.ToArray();
    }
}
