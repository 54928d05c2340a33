// SHA256SUMS: the segments of a disk in disk order, as sha256sum -c and a shell read them.
using System.Text;

namespace BootConsole.Images;

/// <summary>The file that makes a full image readable without BootConsole (docs/format.md).</summary>
internal static class SumsFile
{
    /// <summary>By first chunk, then attempt. The names sort so until an attempt has two digits.</summary>
    internal static Comparison<StoredFile> InDiskOrder { get; } = (left, right) => Place(left).CompareTo(Place(right));

    /// <summary>One line a segment: 64 digits, two blanks, the name. The recipe cuts the names out at column 67.</summary>
    internal static byte[] Of(IReadOnlyList<StoredFile> segments) => Encoding.ASCII.GetBytes(string.Concat(segments.Select(segment => $"{segment.Sha256}  {segment.Name}\n")));

    private static (uint, int) Place(StoredFile file) => SegmentName.TryParseSegment(file.Name, out var name) ? (name.FirstChunk, name.Attempt) : default;
}
