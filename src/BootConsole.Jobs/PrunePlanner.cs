// Which images of a store retention judges, and which it leaves alone whatever the rules say.
using BootConsole.Core;
using BootConsole.Images;
using BootConsole.Stores;

namespace BootConsole.Jobs;

/// <summary>Plans what <c>prune</c> removes. Writes nothing.</summary>
public sealed class PrunePlanner(IReadStore store, TimeProvider clock)
{
    /// <summary>Judges the images of a store, or of one PC.</summary>
    /// <exception cref="RefusedFault">The rules keep nothing: they would empty the store.</exception>
    public async Task<IReadOnlyList<RetentionDecision>> PlanAsync(RetentionRules rules, string? pc, CancellationToken cancel)
    {
        if (rules.KeepNothing) throw new RefusedFault("the rules keep no image at all") { Expected = "at least one number above 0" };
        var images = await ImageList.ReadAsync(store, cancel);
        var bad = await BadSegments.ReadAsync(store, cancel);
        var now = clock.GetUtcNow();
        return RetentionPolicy.Decide(images.Where(image => pc is null || image.Id.Pc == pc).Select(image => new RetainedImage(image.Id, Disks(image), Doubt(image, bad, now))), rules);
    }

    // What was never finished may be gone on with, what is damaged may be all there is left and must not stand for a good one, and a date that is wrong says nothing about which image is the newest.
    private static string Doubt(ImageListing image, BadSegments bad, DateTimeOffset now) => image switch
    {
        { Manifest: null } => $"{image.State}: prune leaves it alone, 'delete' removes it",
        _ when image.Id.Time > now + ClockCheck.Tolerance => "dated in the future: not counted, 'delete' removes it",
        { Manifest: { } manifest } when bad.CountIn(image.Id, manifest) is var count and > 0 => $"{count} of its segments {(count == 1 ? "was" : "were")} found bad: not counted, 'delete' removes it",
        { Manifest.ClockTrusted: false } => "the PC's clock was wrong when it was made: not counted, 'delete' removes it",
        _ => "",
    };

    /// <summary>Which disks an image is of, as a text that is equal for equal disks.</summary>
    public static string DisksOf(Manifest manifest) => Join(manifest.Disks.Select(disk => Name(disk.Serial, disk.Wwn, disk.Path)));

    // Paths of disks change from boot to boot; they count only where a disk has nothing better. In any order: which of two disks was named first means nothing.
    private static string Disks(ImageListing image) =>
        image.Manifest is { } manifest ? DisksOf(manifest) : Join(image.Record?.Disks.Select(disk => Name(disk.Serial, disk.Wwn, disk.Path)) ?? []);

    private static string Join(IEnumerable<string> names) => string.Join('\n', names.Order(StringComparer.Ordinal));

    private static string Name(string serial, string wwn, string path) => serial.Length > 0 ? $"serial:{serial}" : wwn.Length > 0 ? $"wwn:{wwn}" : path;
}
