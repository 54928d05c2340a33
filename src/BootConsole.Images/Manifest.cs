// The manifest of an image, image.json: what the image is and every file it consists of (docs/format.md, "Manifest").
using BootConsole.Core;

namespace BootConsole.Images;

/// <summary>How an image was made.</summary>
public enum ImageKind
{
    /// <summary>Everything, and a baseline for later images.</summary>
    Full,

    /// <summary>Everything, but no baseline.</summary>
    Copy,

    /// <summary>What changed since the last full image.</summary>
    Differential,

    /// <summary>What changed since the last image.</summary>
    Incremental,
}

/// <summary>The manifest. JSON with camel-case names; times are UTC.</summary>
/// <remarks>The serializer made at build time sets init-only properties that a document leaves out to null, whatever their initial value: those say "?? []" themselves.</remarks>
public sealed record Manifest
{
    /// <summary>Value of <see cref="Format"/>.</summary>
    public const string FormatName = "bootconsole-image";

    /// <summary>Version written and read.</summary>
    public const int CurrentVersion = 1;

    /// <summary>Most disks of an image.</summary>
    public const int MaxDisks = 64;

    /// <summary>Always <see cref="FormatName"/>.</summary>
    public required string Format { get; init; }

    /// <summary>Version of the format.</summary>
    public required int Version { get; init; }

    /// <summary>The image's id, equal to its folder's name.</summary>
    public required string Id { get; init; }

    /// <summary>How it was made.</summary>
    public required ImageKind Kind { get; init; }

    /// <summary>The image it was made against; null for full and copy.</summary>
    public string? Parent { get; init; }

    /// <summary>When the backup was begun, by the PC's clock.</summary>
    public required DateTimeOffset Created { get; init; }

    /// <summary>When the last segment was published, by the PC's clock.</summary>
    public required DateTimeOffset Finished { get; init; }

    /// <summary>Whether the PC's clock agreed with the store's (within five minutes) when the backup began.</summary>
    public required bool ClockTrusted { get; init; }

    /// <summary>The PC.</summary>
    public required PcRecord Pc { get; init; }

    /// <summary>Key id of the key set, 64 hexadecimal digits; null when the image is not encrypted.</summary>
    public string? KeyId { get; init; }

    /// <summary>Byte that unused and unreadable bytes read as.</summary>
    public required int Pad { get; init; }

    /// <summary>zstd level; null when it was chosen chunk by chunk.</summary>
    public int? Level { get; init; }

    /// <summary>False when the store could not confirm that what it took is on the medium.</summary>
    public required bool DurabilityConfirmed { get; init; }

    /// <summary>The disks, numbered from 0 in this order.</summary>
    public required IReadOnlyList<ManifestDisk> Disks { get; init; }

    /// <summary>Segments of other images that rows point into.</summary>
    public IReadOnlyList<ForeignSegment> Foreign { get; init => field = value ?? []; } = [];

    /// <summary>What a person should know about this image, a sentence each.</summary>
    public IReadOnlyList<string> Notes { get; init => field = value ?? []; } = [];

    /// <summary>Program and version that made it.</summary>
    public required string Program { get; init; }

    /// <summary>How long the backup took, in seconds, pauses included.</summary>
    public required double DurationSeconds { get; init; }

    /// <summary>True when the image reads without any other: kinds full and copy.</summary>
    [System.Text.Json.Serialization.JsonIgnore]
    public bool StandsAlone => Kind is ImageKind.Full or ImageKind.Copy;

    /// <summary>Bytes read from the disks.</summary>
    public required long ReadBytes { get; init; }

    /// <summary>Bytes of all files of the image's own (segments, tables, layout).</summary>
    public required long StoredBytes { get; init; }
}

/// <summary>The PC that was backed up.</summary>
public sealed record PcRecord
{
    /// <summary>Its name, the second part of image ids.</summary>
    public required string Name { get; init; }

    /// <summary>DMI system UUID; empty when unknown.</summary>
    public string Uuid { get; init => field = value ?? ""; } = "";

    /// <summary>DMI vendor and product; empty when unknown.</summary>
    public string Product { get; init => field = value ?? ""; } = "";

    /// <summary><c>uefi</c> or <c>bios</c>.</summary>
    public required string Firmware { get; init; }

    /// <summary>The firmware's boot entries that start from disks of the image, in its order; null for none.</summary>
    [System.Text.Json.Serialization.JsonIgnore(Condition = System.Text.Json.Serialization.JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<BootEntryRecord>? BootEntries { get; init; }
}

/// <summary>One boot entry of UEFI firmware.</summary>
/// <param name="Name">The variable: <c>Boot0001</c>.</param>
/// <param name="Description">What the firmware's menu calls it.</param>
/// <param name="Option">The variable's content, an EFI_LOAD_OPTION, in base64.</param>
public sealed record BootEntryRecord(string Name, string Description, string Option)
{
    /// <summary>Most entries of an image, and the longest option in base64.</summary>
    public const int MaxEntries = 64, MaxOptionCharacters = 96 << 10;
}

/// <summary>One disk of an image.</summary>
public sealed record ManifestDisk
{
    /// <summary>Model; empty when unknown.</summary>
    public string Model { get; init => field = value ?? ""; } = "";

    /// <summary>Serial number; empty when unknown.</summary>
    public string Serial { get; init => field = value ?? ""; } = "";

    /// <summary>World Wide Name; empty when there is none.</summary>
    public string Wwn { get; init => field = value ?? ""; } = "";

    /// <summary>How it was attached: <c>nvme</c>, <c>sata</c>, <c>usb</c>, <c>file</c> …</summary>
    public string Attachment { get; init => field = value ?? ""; } = "";

    /// <summary>The path it was read from.</summary>
    public required string Path { get; init; }

    /// <summary>Length in bytes.</summary>
    public required long Size { get; init; }

    /// <summary>Length in bytes of the smallest disk that it can be restored to; null in images that do not say it. For people: a restore looks at the layout.</summary>
    [System.Text.Json.Serialization.JsonIgnore(Condition = System.Text.Json.Serialization.JsonIgnoreCondition.WhenWritingNull)]
    public long? MinimumBytes { get; init; }

    /// <summary>Logical sector size in bytes.</summary>
    public required int SectorBytes { get; init; }

    /// <summary>Physical sector size in bytes.</summary>
    public required int PhysicalSectorBytes { get; init; }

    /// <summary>Chunk size in bytes.</summary>
    public required int ChunkBytes { get; init; }

    /// <summary>How many chunks of each kind.</summary>
    public required KindCounts Counts { get; init; }

    /// <summary>Ranges that could not be read and are padded, in disk order.</summary>
    public IReadOnlyList<StoredRange> Unreadable { get; init => field = value ?? []; } = [];

    /// <summary>What a person should know about this disk, a sentence each: hibernated, dirty, BitLocker, gap left out.</summary>
    public IReadOnlyList<string> Notes { get; init => field = value ?? []; } = [];

    /// <summary>layout.json.</summary>
    public required StoredFile Layout { get; init; }

    /// <summary>SHA256SUMS; null when the image has no segments of its own for this disk.</summary>
    public StoredFile? Sums { get; init; }

    /// <summary>The tables in disk order; they tile the disk.</summary>
    public required IReadOnlyList<TableEntry> Tables { get; init; }

    /// <summary>The disk's own segments in disk order.</summary>
    public required IReadOnlyList<StoredFile> Segments { get; init; }

    /// <summary>The disk cut into chunks.</summary>
    [System.Text.Json.Serialization.JsonIgnore]
    public ChunkGrid Grid => new(Size, ChunkBytes);
}

/// <summary>Chunks by kind.</summary>
public sealed record KindCounts
{
    /// <summary>Stored content.</summary>
    public long Data { get; init; }

    /// <summary>Content stored before.</summary>
    public long Same { get; init; }

    /// <summary>Zeros.</summary>
    public long Zero { get; init; }

    /// <summary>Free by the used map.</summary>
    public long Unused { get; init; }

    /// <summary>Not wholly readable.</summary>
    public long Unreadable { get; init; }
}

/// <summary>A range of bytes of a disk.</summary>
/// <param name="Start">First byte.</param>
/// <param name="Length">Number of bytes.</param>
public sealed record StoredRange(long Start, long Length);

/// <summary>A file of an image.</summary>
/// <param name="Name">Its plain name in its folder.</param>
/// <param name="Length">Stored length in bytes.</param>
/// <param name="Sha256">SHA-256 of the stored bytes, 64 hexadecimal digits.</param>
public sealed record StoredFile(string Name, long Length, string Sha256);

/// <summary>A table file and the chunks it covers.</summary>
/// <param name="Name">File name, which also tells first chunk and attempt.</param>
/// <param name="Chunks">How many chunks it covers.</param>
/// <param name="Length">Stored length in bytes.</param>
/// <param name="Sha256">SHA-256 of the stored bytes.</param>
public sealed record TableEntry(string Name, int Chunks, long Length, string Sha256);

/// <summary>A segment of another image.</summary>
/// <param name="Image">That image's id.</param>
/// <param name="Disk">Its disk number there.</param>
/// <param name="Name">Its file name.</param>
/// <param name="Length">Stored length in bytes.</param>
/// <param name="Sha256">SHA-256 of the stored bytes.</param>
public sealed record ForeignSegment(string Image, int Disk, string Name, long Length, string Sha256);
