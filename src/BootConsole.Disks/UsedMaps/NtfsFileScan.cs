// Reads every file record of an NTFS volume: are all clusters of all files in the map, and does Windows sleep here?
using System.Buffers.Binary;
using System.Text;
using BootConsole.Core;

namespace BootConsole.Disks.UsedMaps;

/// <summary>
/// Volumes whose <c>$Bitmap</c> calls clusters free that files use occur in the wild; by the bitmap alone those files would be lost without a word. The clusters of
/// every file record are compared with the map, and those that it lacks are added. On the way the header of the hibernation file is looked at.
/// </summary>
internal sealed class NtfsFileScan(NtfsVolume volume, RangeSet used, PartitionReader reader, int maxRanges)
{
    private const int FileNameOffset = 66;
    private const string HibernationFile = "hiberfil.sys";

    // hibr: a memory image; rstr: Windows stopped while it read one back; HORM: one that is started from again and again. Awake (wake) and zeros are harmless.
    private static readonly string[] SleepingHeaders = ["HIBR", "RSTR", "HORM"];

    private readonly List<ByteRange> _strays = [];

    /// <summary>Bytes of files that the map lacked.</summary>
    internal RangeSet Strays => RangeSet.Of(_strays);

    /// <exception cref="UnprovenMapException">Windows is hibernated, a record is damaged, or the map lacks too much to be a map.</exception>
    internal void Run()
    {
        var recordBytes = volume.Boot.RecordBytes;
        var length = volume.Mft.Length / recordBytes * recordBytes;
        var piece = new byte[(int)Math.Min(PartitionReader.PieceBytes, length)];
        for (var position = 0L; position < length; position += piece.Length)
        {
            var part = piece.AsMemory(0, (int)Math.Min(piece.Length, length - position));
            volume.Mft.Read(position, part.Span);
            for (var i = 0; i < part.Length; i += recordBytes)
                if (NtfsRecord.Open(part.Slice(i, recordBytes)) is { } record) Look(record);
        }
    }

    private void Look(NtfsRecord record)
    {
        var isHibernation = false;
        foreach (var attribute in record.Attributes())
        {
            if (attribute.Type == NtfsAttributeType.FileName && attribute.IsResident) isHibernation |= IsHibernationName(attribute.Value.Span);
            if (attribute.IsResident) continue;
            var runs = NtfsRuns.Decode(attribute.MappingPairs, attribute.FirstVcn, volume.Boot.Clusters);
            foreach (var run in runs.Where(run => !run.IsHole)) Compare(run);
            if (isHibernation && attribute is { Type: NtfsAttributeType.Data, IsNamed: false, FirstVcn: 0 } && runs is [{ IsHole: false } first, ..]) CheckAwake(first);
        }
    }

    private void Compare(NtfsRun run)
    {
        var bytes = new ByteRange(run.Lcn * volume.Boot.ClusterBytes, run.Count * volume.Boot.ClusterBytes);
        if (used.Contains(bytes)) return;
        _strays.Add(bytes);
        if (_strays.Count > maxRanges) throw UnprovenMapException.Tables("files use clusters that $Bitmap calls free");
    }

    // A name in the root folder; names come before data in a record, since attributes are sorted by kind.
    private static bool IsHibernationName(ReadOnlySpan<byte> name)
    {
        if (name.Length < FileNameOffset + 2 * HibernationFile.Length || name[64] != HibernationFile.Length) return false;
        var parent = BinaryPrimitives.ReadInt64LittleEndian(name) & 0xFFFF_FFFF_FFFF;
        var text = Encoding.Unicode.GetString(name.Slice(FileNameOffset, 2 * HibernationFile.Length));
        return parent == NtfsVolume.RootRecord && text.Equals(HibernationFile, StringComparison.OrdinalIgnoreCase);
    }

    private void CheckAwake(NtfsRun first)
    {
        var header = Encoding.Latin1.GetString(reader.Read(first.Lcn * volume.Boot.ClusterBytes, 4));
        if (SleepingHeaders.Contains(header, StringComparer.OrdinalIgnoreCase)) throw Hibernated();
    }

    internal static UnprovenMapException Hibernated() => new("Windows is hibernated on this NTFS volume or was shut down with Fast Startup");
}
