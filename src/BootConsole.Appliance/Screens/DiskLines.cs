// A disk in a few lines: who it is, what is on it, where on it, and what speaks against it.
using BootConsole.Appliance.Terminal;
using BootConsole.Core;
using BootConsole.Disks.Finding;

namespace BootConsole.Appliance.Screens;

/// <summary>Describes disks for lists.</summary>
internal static class DiskLines
{
    /// <summary>The one line by which a person knows the disk.</summary>
    internal static string Name(DiskRow disk) =>
        string.Join("  ", new[] { disk.Info.CanonicalPath, ByteSize.Format(disk.Info.Length), disk.Info.Attachment, disk.Info.Model, disk.Info.Serial.Length > 0 ? $"serial {disk.Info.Serial}" : "no serial" }.Where(part => part.Length > 0));

    /// <summary>A partition in a few words.</summary>
    internal static string Name(PartitionRow partition) => $"partition {partition.Number} {ByteSize.Format(partition.Range.Length)} {(partition.FileSystem.Length > 0 ? partition.FileSystem : "unknown")} {partition.Label}".TrimEnd();

    /// <summary>Why a disk may not be used; empty when it may.</summary>
    internal static string Refusal(DiskRow disk, DiskPurpose purpose) => purpose == DiskPurpose.Backup ? disk.BackupRefusal : disk.RestoreRefusal;

    /// <summary>What is on the disk.</summary>
    internal static IEnumerable<TextLine> Describe(DiskRow disk, View view)
    {
        if (disk.Partitions.Count == 0)
        {
            yield return TextLine.Of("      no partitions", Role.Dim);
            yield break;
        }

        yield return TextLine.Of("      ").And(Bar(disk, view.Look, Math.Max(10, view.Width - 8)), Role.Dim);
        foreach (var partition in disk.Partitions)
            yield return TextLine.Of(TextCells.Fit($"      {partition.Number,2}  {ByteSize.Format(partition.Range.Length),-9}  {(partition.FileSystem.Length > 0 ? partition.FileSystem : "unknown"),-12}  {partition.Label}", view.Width, view.Look.Cut), Role.Dim);
    }

    // Each partition as wide as its share of the disk, one cell at least, with its number where there is room.
    private static string Bar(DiskRow disk, Look look, int width)
    {
        var cells = Enumerable.Repeat(look.Rest[0], width).ToArray();
        var next = 0;
        foreach (var (index, partition) in disk.Partitions.Index())
        {
            var sign = (index % 2 == 0 ? look.Full : look.Other)[0];
            // A small one keeps its cell: its neighbour begins behind it.
            var from = Math.Max(next, Cell(partition.Range.Start));
            var to = next = Math.Max(from + 1, Cell(partition.Range.End));
            for (var cell = from; cell < Math.Min(to, width); cell++) cells[cell] = sign;
            var label = partition.Number.ToString(System.Globalization.CultureInfo.InvariantCulture);
            if (to - from > label.Length && to <= width) label.CopyTo(0, cells, to - label.Length, label.Length);
        }

        return new string(cells);

        int Cell(long position) => (int)Math.Clamp((double)position / Math.Max(1, disk.Info.Length) * width, 0, width - 1);
    }
}
