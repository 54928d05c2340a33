// Where things lie in a store: every folder and file name of the format in one place (docs/format.md, "Store layout").
using System.Globalization;
using System.Security.Cryptography;
using BootConsole.Core;
using BootConsole.Stores;

namespace BootConsole.Images;

/// <summary>The names of the store layout, version 1.</summary>
public static class StoreNames
{
    private const string RunEnding = ".log";

    /// <summary>The folder of all images.</summary>
    public static StorePath Images => StorePath.Of("images");

    /// <summary>The folder of all leases.</summary>
    public static StorePath Leases => StorePath.Of("leases");

    /// <summary>The folder of notes about bad segments.</summary>
    public static StorePath Bad => StorePath.Of("bad");

    /// <summary>The folder of the records of unattended runs.</summary>
    public static StorePath Runs => StorePath.Of("runs");

    /// <summary>The record of one run.</summary>
    /// <param name="run">Time, PC, and what was done; of the form of an image's id.</param>
    public static StorePath Run(ImageId run) => Runs / (run.Text + RunEnding);

    /// <summary>Reads the name of a run's record.</summary>
    public static bool TryParseRun(string name, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out ImageId? run)
    {
        run = null;
        return name.EndsWith(RunEnding, StringComparison.Ordinal) && ImageId.TryParse(name[..^RunEnding.Length], out run);
    }

    /// <summary>The folder of published images: in each folder of it <c>images/</c> and <c>keys/</c> of the form of a store, for reading alone; never written here.</summary>
    public static StorePath Shared => StorePath.Of("shared");

    /// <summary>What the server says of its contract with this PC; never written here.</summary>
    public static StorePath Contract => StorePath.Of("contract.json");

    /// <summary>The folder of all key sets.</summary>
    public static StorePath Keys => StorePath.Of("keys");

    /// <summary>The folder of one key set's wraps.</summary>
    public static StorePath KeySet(ChunkHash id) => Keys / id.ToString();

    /// <summary>Says that a table key of the set was given out, so that it stays without an image.</summary>
    public static StorePath KeptKeySet(ChunkHash id) => KeySet(id) / "kept";

    /// <summary>The folder of one image.</summary>
    public static StorePath Image(ImageId id) => Images / id.Text;

    /// <summary>The manifest: an image is finished when it has one.</summary>
    public static StorePath Manifest(ImageId id) => Image(id) / "image.json";

    /// <summary>The SHA-256 of the manifest in <c>sha256sum</c> form, against accidents; published before the manifest.</summary>
    public static StorePath ManifestSum(ImageId id) => Image(id) / "image.json.sha256";

    /// <summary>The HMAC of the manifest in <c>sha256sum</c> form, of an encrypted image.</summary>
    public static StorePath ManifestMac(ImageId id) => Image(id) / "image.json.mac";

    /// <summary>The record of an unfinished image.</summary>
    public static StorePath State(ImageId id) => Image(id) / "state.json";

    /// <summary>The manifest's name after a deletion.</summary>
    public static StorePath Deleted(ImageId id) => Image(id) / "deleted.json";

    /// <summary>The folder of one disk of an image.</summary>
    /// <param name="id">The image.</param>
    /// <param name="disk">Disk number in the image, 0 and up.</param>
    public static StorePath Disk(ImageId id, int disk) => Image(id) / string.Create(CultureInfo.InvariantCulture, $"disk-{disk}");

    /// <summary>The folder of the tables of one disk.</summary>
    public static StorePath Tables(ImageId id, int disk) => Disk(id, disk) / "tables";

    /// <summary>The list of segments in disk order, in <c>sha256sum</c> form.</summary>
    public static StorePath Sums(ImageId id, int disk) => Disk(id, disk) / "SHA256SUMS";

    /// <summary>The partition table, file systems and boot sectors of one disk.</summary>
    /// <param name="id">The image.</param>
    /// <param name="disk">Disk number in the image, 0 and up.</param>
    /// <param name="isEncrypted">True for an image with a key set.</param>
    public static StorePath Layout(ImageId id, int disk, bool isEncrypted = false) => Disk(id, disk) / LayoutFile(isEncrypted);

    /// <summary>The name of the layout's file.</summary>
    public static string LayoutFile(bool isEncrypted) => isEncrypted ? "layout.json.age" : "layout.json";

    /// <summary>A segment file.</summary>
    public static StorePath Segment(ImageId id, int disk, SegmentName name) => Disk(id, disk) / name.SegmentFile;

    /// <summary>Reads the path of a segment file.</summary>
    public static bool TryParseSegment(string path, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out ImageId? image, out int disk, out SegmentName name)
    {
        (image, disk, name) = (null, 0, default);
        return path.Split('/') is ["images", var id, var folder, var file] && ImageId.TryParse(id, out image) && folder.StartsWith("disk-", StringComparison.Ordinal)
            && int.TryParse(folder.AsSpan(5), NumberStyles.None, CultureInfo.InvariantCulture, out disk) && SegmentName.TryParseSegment(file, out name);
    }

    /// <summary>A table file.</summary>
    public static StorePath Table(ImageId id, int disk, SegmentName name) => Tables(id, disk) / name.TableFile;

    /// <summary>A passing name beside <paramref name="final"/> that nobody else uses.</summary>
    public static StorePath Part(StorePath final) => final.Folder / $"{final.Name}.{RandomToken()}.part";

    /// <summary>True for a passing name, left behind by a cut.</summary>
    public static bool IsPart(string name) => name.EndsWith(".part", StringComparison.Ordinal);

    /// <summary>16 hexadecimal digits that nobody can guess.</summary>
    public static string RandomToken() => RandomNumberGenerator.GetHexString(16, lowercase: true);
}
