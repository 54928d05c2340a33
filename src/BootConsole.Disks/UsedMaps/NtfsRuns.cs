// Where the clusters of an NTFS stream lie.
namespace BootConsole.Disks.UsedMaps;

/// <summary>Consecutive clusters of a stream.</summary>
/// <param name="Vcn">First cluster, counted in the stream.</param>
/// <param name="Lcn">First cluster on the volume; -1 for a hole.</param>
/// <param name="Count">How many.</param>
internal readonly record struct NtfsRun(long Vcn, long Lcn, long Count)
{
    internal bool IsHole => Lcn < 0;
}

/// <summary>Decodes mapping pairs: a byte with two lengths, then a count and a signed step from the previous place, both little-endian.</summary>
internal static class NtfsRuns
{
    /// <param name="pairs">From the first pair to the end of the attribute.</param>
    /// <param name="firstVcn">Where in the stream the first run starts.</param>
    /// <param name="clusters">Clusters of the volume.</param>
    /// <exception cref="UnprovenMapException">A run lies outside the volume or the code is broken.</exception>
    internal static List<NtfsRun> Decode(ReadOnlySpan<byte> pairs, long firstVcn, long clusters)
    {
        var runs = new List<NtfsRun>();
        long vcn = firstVcn, place = 0;
        if (vcn < 0) throw NtfsRecord.Damaged();
        while (true)
        {
            if (pairs.IsEmpty) throw NtfsRecord.Damaged();
            int countBytes = pairs[0] & 0xF, stepBytes = pairs[0] >> 4;
            if (pairs[0] == 0) return runs;
            if (countBytes is 0 or > 8 || stepBytes > 8 || pairs.Length < 1 + countBytes + stepBytes) throw NtfsRecord.Damaged();
            var count = Signed(pairs.Slice(1, countBytes));
            if (count <= 0) throw NtfsRecord.Damaged();
            var isHole = stepBytes == 0;
            if (!isHole)
            {
                place = checked(place + Signed(pairs.Slice(1 + countBytes, stepBytes)));
                // $BadClus and old Windows write -1 for a hole in full.
                isHole = place == -1;
                if (!isHole && (place < 0 || place > clusters - count)) throw NtfsRecord.Damaged();
            }

            runs.Add(new NtfsRun(vcn, isHole ? -1 : place, count));
            vcn = checked(vcn + count);
            pairs = pairs[(1 + countBytes + stepBytes)..];
        }
    }

    private static long Signed(ReadOnlySpan<byte> bytes)
    {
        long value = unchecked((sbyte)bytes[^1]);
        for (var i = bytes.Length - 2; i >= 0; i--) value = (value << 8) | bytes[i];
        return value;
    }
}
