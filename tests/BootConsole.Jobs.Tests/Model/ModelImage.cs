// What a model run knows of a finished image: nothing but what its disks were at that moment.
using BootConsole.Core;
using BootConsole.Images;

namespace BootConsole.Jobs.Tests.Model;

/// <summary>A finished image.</summary>
/// <param name="Disks">The padded bytes of each disk, and what was used of it.</param>
/// <param name="Keys">Its key set.</param>
internal sealed record ModelImage(IReadOnlyList<(byte[] Bytes, RangeSet Used)> Disks, KeySet? Keys);

/// <summary>The backup that somebody asks for; the same again goes on with what is unfinished.</summary>
/// <param name="Disks">Indices of the disks.</param>
/// <param name="Kind">The kind.</param>
/// <param name="Keys">The key set; null for an image that is not encrypted.</param>
/// <param name="Pad">The pad byte.</param>
internal sealed record ModelWish(IReadOnlyList<int> Disks, ImageKind Kind, KeySet? Keys, byte Pad)
{
    public override string ToString() => $"{Kind} backup of {string.Join('+', Disks)}{(Keys is null ? "" : $" for {Keys.Id.ToString()[..4]}")}, pad {Pad:x2}";
}
