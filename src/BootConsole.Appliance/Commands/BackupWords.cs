// A backup's plan and result in words and as a document. Pure.
using System.Globalization;
using BootConsole.Appliance.Output;
using BootConsole.Core;
using BootConsole.Jobs;

namespace BootConsole.Appliance.Commands;

/// <summary>Describes backups.</summary>
internal static class BackupWords
{
    /// <summary>What is safe when a backup does not come to its end.</summary>
    internal const string Safe = "The disks were only read. Earlier images in the store are as they were.";

    internal static IEnumerable<string> Describe(DiskPlan plan)
    {
        var info = plan.Disk.Info;
        yield return $"{info.Path}: {ByteSize.Format(info.Length)}{(info.Model.Length > 0 ? ", " + info.Model : "")}{(info.Serial.Length > 0 ? ", serial " + info.Serial : "")}.";
        yield return $"  {ByteSize.Format(plan.Used.TotalBytes)} are saved, {ByteSize.Format(plan.UnusedBytes)} that nothing uses are padded.";
        for (var i = 0; i < plan.Layout.Partitions.Count; i++)
        {
            var (partition, map) = (plan.Layout.Partitions[i], plan.Maps[i]);
            yield return $"  partition {partition.Number}: {ByteSize.Format(partition.Range.Length)} {(map.FileSystem.Length > 0 ? map.FileSystem : "unknown")}, {ByteSize.Format(map.Used.TotalBytes)} used ({map.Method})";
        }

        foreach (var note in plan.Notes) yield return "  " + note;
    }

    internal static IEnumerable<string> Explain(DiskPlan plan, int? level)
    {
        var budget = MemoryBudget.For(plan.Grid.ChunkBytes, level ?? LevelControl.HighestFor(plan.Grid.ChunkBytes));
        yield return string.Create(CultureInfo.InvariantCulture, $"  {plan.Grid.Count} chunks of {ByteSize.Format(plan.Grid.ChunkBytes)}; {budget.Workers} compression workers; {budget.PoolItems} chunks in memory at once");
        yield return $"  memory: {ByteSize.Format(budget.BufferBytes)} in chunk buffers, at most {ByteSize.Format(MemoryBudget.TotalBytes)} in all";
    }

    internal static IEnumerable<string> Describe(BackupResult result)
    {
        var manifest = result.Manifest;
        yield return $"Image {result.Image} is finished: {ByteSize.Format(manifest.ReadBytes)} read, {ByteSize.Format(manifest.StoredBytes)} stored, in {ProgressView.Duration(result.Elapsed)} ({ByteSize.FormatRate(manifest.ReadBytes / Math.Max(result.Elapsed.TotalSeconds, 0.001))}).";
        if (result.VerifyElapsed is { } verify) yield return $"It was read back and every chunk checked, in {ProgressView.Duration(verify)}.";
        if (!manifest.DurabilityConfirmed) yield return "The store cannot confirm that what it took is on its medium.";
        if (result.UnreadableBytes > 0)
            yield return $"{manifest.Disks.Sum(disk => disk.Unreadable.Count)} ranges, {ByteSize.Format(result.UnreadableBytes)} in all, could not be read and are padded; 'bootconsole show' lists them.";
        foreach (var note in manifest.Notes) yield return note;
    }

    internal static JobDocument Document(BackupResult result, IReadOnlyList<string> plan)
    {
        var (manifest, seconds) = (result.Manifest, Math.Max(result.Elapsed.TotalSeconds, 0.001));
        return new JobDocument
        {
            Outcome = "done",
            Image = result.Image.Text,
            Plan = plan,
            Counts = new CountsDocument
            {
                Data = manifest.Disks.Sum(disk => disk.Counts.Data),
                Same = manifest.Disks.Sum(disk => disk.Counts.Same),
                Zero = manifest.Disks.Sum(disk => disk.Counts.Zero),
                Unused = manifest.Disks.Sum(disk => disk.Counts.Unused),
                Unreadable = manifest.Disks.Sum(disk => disk.Counts.Unreadable),
                UnreadableBytes = result.UnreadableBytes,
                ReadBytes = manifest.ReadBytes,
                StoredBytes = manifest.StoredBytes,
            },
            Rates = new RatesDocument
            {
                Seconds = result.Elapsed.TotalSeconds,
                VerifySeconds = result.VerifyElapsed?.TotalSeconds,
                ReadBytesPerSecond = Math.Round(manifest.ReadBytes / seconds),
                StoredBytesPerSecond = Math.Round(manifest.StoredBytes / seconds),
            },
        };
    }
}
