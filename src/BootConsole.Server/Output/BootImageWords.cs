// A boot image in words and as a document.
using System.Globalization;
using BootConsole.Core;
using BootConsole.Media.Building;
using BootConsole.Media.Contents;
using BootConsole.Server.BootImages;
using BootConsole.Server.Catalogue;

namespace BootConsole.Server.Output;

/// <summary>How boot images are shown.</summary>
internal static class BootImageWords
{
    /// <summary>What was made.</summary>
    internal static IEnumerable<string> Built(BootImagePlan plan, IssuedBootImage issued, double seconds, string? device)
    {
        var image = issued.Image;
        yield return $"{plan.Wish.Target}: boot image {image.Serial} for {image.Pc}, {image.Medium}, {image.Mode}, {ByteSize.Format(issued.Bytes)}, made in {seconds.ToString("0.0", CultureInfo.InvariantCulture)} s";
        yield return $"  base {plan.Base.Folder}, kernel {plan.Base.Kernel}";
        yield return $"  {PcArchive.SettingsPath}";
        foreach (var file in issued.Files) yield return $"  {file.Path}{(file.Secrecy == Secrecy.Public ? "" : "  (private)")}";
        if (image.Sha256.Length > 0) yield return $"  sha256 {image.Sha256}";
        if (device is not null) yield return $"Written to {device}, and read back: all bytes are there.";
        if (plan.HasKey) yield return $"Whoever has the medium comes in as {image.Pc}. If it is lost: 'bootserver bootimage revoke {image.Serial}'.";
        if (plan.Wish is { IsLocal: false, Medium: MediumKind.Pxe }) yield return "No key is on it, because files for network boot go to everyone who asks: the PC shows its console, and this server does not let it in. Take iso, usb or uki for that, or '--mode local'.";
    }

    /// <summary>The list.</summary>
    internal static IEnumerable<string> Table(IReadOnlyList<BootImage> images, DateTimeOffset now)
    {
        string[] head = ["Serial", "PC", "Medium", "Mode", "Issued", "Valid until", "State", "SHA-256"];
        return images.Count == 0
            ? ["There are none; 'bootserver bootimage build' makes one."]
            : PlainTable.Lines([head, .. images.Select(image => (string[])
                [image.Serial.ToString(CultureInfo.InvariantCulture), image.Pc, image.Medium, image.Mode, Day(image.Issued), HasKey(image) ? Day(image.ValidUntil) : "-", Shown(image, now), image.Sha256.Length > 0 ? image.Sha256 : "-"])]);
    }

    /// <summary>The document.</summary>
    internal static BootImageDocument Document(BootImage image, string? @base, DateTimeOffset now) => new(
        image.Serial, image.Pc, image.Medium, image.Mode, State(image, now), @base, image.Issued, HasKey(image) ? image.ValidUntil : null, image.Revoked, image.KeyId, image.PublicKey, image.Sha256);

    private static bool HasKey(BootImage image) => image.PublicKey.Length > 0;

    private static string State(BootImage image, DateTimeOffset now) => image.Revoked is not null ? "revoked" : !HasKey(image) ? "no-key" : now < image.ValidUntil ? "valid" : "expired";

    private static string Shown(BootImage image, DateTimeOffset now) => image.Revoked is { } time ? $"revoked {Day(time)}" : State(image, now) == "no-key" ? "no key" : State(image, now);

    private static string Day(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
