// An NTFS volume opened for reading: its master file table, flags and bitmap.
using System.Buffers.Binary;
using BootConsole.Core;

namespace BootConsole.Disks.UsedMaps;

/// <summary>The tables of an NTFS volume, found from the boot sector on.</summary>
internal sealed class NtfsVolume
{
    internal const long RootRecord = 5;
    private const long MftRecord = 0, VolumeRecord = 3, BitmapRecord = 6;
    private const int MaxListBytes = 256 << 10, MaxRuns = 1 << 20;

    private readonly PartitionReader _reader;

    internal NtfsVolume(PartitionReader reader, NtfsBootSector boot)
    {
        (_reader, Boot) = (reader, boot);
        // The table's own record lies at its start; as many runs as it holds itself are needed to find the records that hold the others.
        var first = NtfsRecord.Open(reader.Read(boot.MftCluster * boot.ClusterBytes, boot.RecordBytes)) ?? throw NtfsRecord.Damaged();
        var data = Unnamed(first, NtfsAttributeType.Data).FirstOrDefault(attribute => !attribute.IsResident && attribute.FirstVcn == 0) ?? throw NtfsRecord.Damaged();
        var runs = NtfsRuns.Decode(data.MappingPairs, 0, boot.Clusters);
        if (runs.Count == 0 || runs[0].Lcn != boot.MftCluster) throw NtfsRecord.Damaged();
        Mft = new NtfsStream(reader, boot, runs, Math.Min(data.InitializedBytes, runs.Sum(run => run.Count) * boot.ClusterBytes));
        Mft = OpenData(first, MftRecord);
    }

    /// <summary>Geometry.</summary>
    internal NtfsBootSector Boot { get; }

    /// <summary>The master file table, as far as it was ever written.</summary>
    internal NtfsStream Mft { get; }

    /// <summary>Flags of <c>$Volume</c>: 1 dirty, 2 log to be resized, 4 to be upgraded, 0x4000 under repair.</summary>
    internal ushort Flags
    {
        get
        {
            var information = Unnamed(Record(VolumeRecord), NtfsAttributeType.VolumeInformation).FirstOrDefault() ?? throw NtfsRecord.Damaged();
            return information.IsResident && information.Value.Length >= 12 ? BinaryPrimitives.ReadUInt16LittleEndian(information.Value.Span[10..]) : throw NtfsRecord.Damaged();
        }
    }

    /// <summary>Reads <c>$Bitmap</c> from first to last byte and tells the clusters' states.</summary>
    internal void ReadBitmap(UnitRuns clusters)
    {
        var bitmap = OpenData(Record(BitmapRecord), BitmapRecord);
        var bytes = (Boot.Clusters + 7) / 8;
        if (bitmap.Length < bytes) throw UnprovenMapException.Tables("$Bitmap is too short");
        var piece = new byte[(int)Math.Min(PartitionReader.PieceBytes, bytes)];
        for (var position = 0L; position < bytes; position += piece.Length)
        {
            var part = piece.AsSpan(0, (int)Math.Min(piece.Length, bytes - position));
            bitmap.Read(position, part);
            clusters.AddBits(part);
        }
    }

    private NtfsRecord Record(long number)
    {
        var bytes = new byte[Boot.RecordBytes];
        Mft.Read(checked(number * Boot.RecordBytes), bytes);
        return NtfsRecord.Open(bytes) ?? throw NtfsRecord.Damaged();
    }

    // The unnamed data of a file, as far as it was written, runs kept in other records included.
    private NtfsStream OpenData(NtfsRecord file, long fileNumber)
    {
        var parts = Unnamed(file, NtfsAttributeType.Data).ToList();
        if (file.Attributes().FirstOrDefault(attribute => attribute.Type == NtfsAttributeType.AttributeList) is { } list)
        {
            foreach (var number in ListedRecords(list).Distinct().Where(number => number != fileNumber))
            {
                var other = Record(number);
                if (other.BaseRecord != fileNumber) throw NtfsRecord.Damaged();
                parts.AddRange(Unnamed(other, NtfsAttributeType.Data));
            }
        }

        if (parts.Count == 0 || parts.Any(part => part.IsResident || (part.Flags & 0xC0FF) != 0)) throw NtfsRecord.Damaged();
        parts = [.. parts.OrderBy(part => part.FirstVcn)];
        var runs = new List<NtfsRun>();
        foreach (var part in parts)
        {
            runs.AddRange(NtfsRuns.Decode(part.MappingPairs, part.FirstVcn, Boot.Clusters));
            if (runs.Count > MaxRuns) throw UnprovenMapException.Tables("a table of the NTFS volume is in too many pieces");
        }

        // What is not initialised reads as zeros, which in a bitmap would mean free.
        return new NtfsStream(_reader, Boot, runs, Math.Min(parts[0].DataBytes, parts[0].InitializedBytes));
    }

    // Numbers of the other records that hold unnamed data of the file: entries of type, length, name, first cluster, record.
    private List<long> ListedRecords(NtfsAttribute list)
    {
        var bytes = list.IsResident ? list.Value.ToArray() : ReadList(list);
        var numbers = new List<long>();
        for (var entry = bytes.AsSpan(); entry.Length >= 26;)
        {
            int length = BinaryPrimitives.ReadUInt16LittleEndian(entry[4..]);
            if (length < 26 || length > entry.Length) throw NtfsRecord.Damaged();
            var number = BinaryPrimitives.ReadInt64LittleEndian(entry[16..]) & 0xFFFF_FFFF_FFFF;
            if ((NtfsAttributeType)BinaryPrimitives.ReadUInt32LittleEndian(entry) == NtfsAttributeType.Data && entry[6] == 0) numbers.Add(number);
            entry = entry[length..];
        }

        return numbers;
    }

    private byte[] ReadList(NtfsAttribute list)
    {
        if (list.DataBytes is <= 0 or > MaxListBytes || list.FirstVcn != 0) throw NtfsRecord.Damaged();
        var bytes = new byte[list.DataBytes];
        new NtfsStream(_reader, Boot, NtfsRuns.Decode(list.MappingPairs, 0, Boot.Clusters), list.DataBytes).Read(0, bytes);
        return bytes;
    }

    private static IEnumerable<NtfsAttribute> Unnamed(NtfsRecord record, NtfsAttributeType type) =>
        record.Attributes().Where(attribute => attribute.Type == type && !attribute.IsNamed);
}
