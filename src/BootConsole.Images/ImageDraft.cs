// What an image is going to be: settled before its first file is written, recorded in its state record.
using BootConsole.Core;

namespace BootConsole.Images;

/// <summary>The parameters of an image that is begun or gone on with.</summary>
public sealed record ImageDraft
{
    /// <summary>Its id.</summary>
    public required ImageId Id { get; init; }

    /// <summary>How it is made.</summary>
    public required ImageKind Kind { get; init; }

    /// <summary>The image it is made against; null for full and copy.</summary>
    public ImageId? Parent { get; init; }

    /// <summary>Images whose segments it may refer to: the parent, and those that the parent itself refers to.</summary>
    public IReadOnlyList<string> RefersTo { get; init; } = [];

    /// <summary>Pad byte.</summary>
    public required byte Pad { get; init; }

    /// <summary>Its disks.</summary>
    public required IReadOnlyList<StateDisk> Disks { get; init; }

    /// <summary>The keys of its files; null for an image that is not encrypted. Stays the caller's.</summary>
    public KeySet? Keys { get; init; }

    /// <summary>True when the image reads without any other: kinds full and copy.</summary>
    internal bool StandsAlone => Kind is ImageKind.Full or ImageKind.Copy;

    internal ImageSeal Seal => Keys is null ? ImageSeal.None : new ImageSeal(Keys);
}
