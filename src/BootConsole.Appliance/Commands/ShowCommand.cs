// bootconsole show: one image in full.
using System.CommandLine;
using BootConsole.Appliance.Output;
using BootConsole.Core;
using BootConsole.Images;
using BootConsole.Jobs;
using BootConsole.Stores;

namespace BootConsole.Appliance.Commands;

/// <summary>Shows one image: PC, disks, partitions, counts, notes, files.</summary>
internal static class ShowCommand
{
    internal static Command Make(Services services)
    {
        var command = new Command("show", "Show one image in full.") { CommonOptions.ImageArgument, CommonOptions.ImageOption };
        KeyOptions.AddReading(command);
        StoreOptions.AddTo(command);
        command.WithExamples("bootconsole show --store /mnt/backup latest", "bootconsole show --store /mnt/backup 2026-11-21T060400Z_office-pc_before-update --json");
        command.Runs(services, "Nothing was changed.", RunAsync);
        return command;
    }

    private static async Task<ExitCode> RunAsync(CommandSession session)
    {
        await using var store = await StoreOptions.OpenForReadingAsync(session);
        var (source, id, _) = await ImageChoice.FindAsync(session, store);
        var image = await ImageReader.OpenAsync(source, id, session.Cancel);
        var layouts = new List<LayoutRecord>();
        using var keys = await KeyOptions.UnlockAsync(session, source, image);
        for (var disk = 0; disk < image.Manifest.Disks.Count; disk++) layouts.Add(await image.ReadLayoutAsync(disk, session.Cancel));
        session.Answer(new ShowDocument(image.Manifest, layouts), Documents.Context.ShowDocument);
        foreach (var line in Describe(image.Manifest, layouts)) session.Say(line);
        return ExitCode.Done;
    }

    private static IEnumerable<string> Describe(Manifest manifest, List<LayoutRecord> layouts)
    {
        yield return $"Image      {manifest.Id}";
        yield return $"Kind       {Names.Of(manifest.Kind)}{(manifest.Parent is null ? "" : $", against {manifest.Parent}")}";
        yield return $"Made       {manifest.Created:yyyy-MM-dd HH:mm:ss} UTC by {manifest.Program}, in {ProgressView.Duration(TimeSpan.FromSeconds(manifest.DurationSeconds))}{(manifest.ClockTrusted ? "" : " (the PC's clock was wrong)")}";
        yield return $"PC         {manifest.Pc.Name} {manifest.Pc.Product} ({manifest.Pc.Firmware}) {manifest.Pc.Uuid}".TrimEnd();
        yield return $"Encrypted  {(manifest.KeyId is null ? "no, and not signed" : $"yes, key set {manifest.KeyId[..16]}…")}";
        yield return $"Read       {ByteSize.Format(manifest.ReadBytes)}, stored {ByteSize.Format(manifest.StoredBytes)}{(manifest.DurabilityConfirmed ? "" : ", durability not confirmed by the store")}";
        foreach (var note in manifest.Notes) yield return $"Note       {note}";
        for (var number = 0; number < manifest.Disks.Count; number++)
            foreach (var line in DescribeDisk(number, manifest.Disks[number], layouts[number])) yield return line;
    }

    private static IEnumerable<string> DescribeDisk(int number, ManifestDisk disk, LayoutRecord layout)
    {
        yield return "";
        yield return $"Disk {number}     {disk.Path} {disk.Model} {(disk.Serial.Length > 0 ? "serial " + disk.Serial : "")}".TrimEnd();
        yield return $"  Size     {disk.Size} bytes ({ByteSize.Format(disk.Size)}), sectors {disk.SectorBytes}/{disk.PhysicalSectorBytes} bytes, table {layout.Table} {layout.DiskId}".TrimEnd();
        if ((disk.MinimumBytes ?? TargetMinimum.Of(layout, disk)) is { } minimum) yield return $"  Needs    a disk of at least {minimum} bytes ({ByteSize.Format(minimum)})";
        yield return $"  Chunks   {disk.Counts.Data} data, {disk.Counts.Same} same, {disk.Counts.Zero} zero, {disk.Counts.Unused} unused, {disk.Counts.Unreadable} unreadable of {ByteSize.Format(disk.ChunkBytes)} each";
        yield return $"  Files    {disk.Segments.Count} segments ({ByteSize.Format(disk.Segments.Sum(segment => segment.Length))}), {disk.Tables.Count} tables";
        foreach (var partition in layout.Partitions)
            yield return $"  Part {partition.Number,-3} {ByteSize.Format(partition.Length),-9} {partition.FileSystem,-10} {ByteSize.Format(partition.UsedBytes),-9} used  {(partition.Label.Length > 0 ? partition.Label : partition.Name)}";
        foreach (var range in disk.Unreadable.Take(20)) yield return $"  Unreadable  bytes {range.Start} to {range.Start + range.Length - 1}";
        if (disk.Unreadable.Count > 20) yield return $"  Unreadable  and {disk.Unreadable.Count - 20} ranges more (--json lists all)";
        foreach (var note in disk.Notes) yield return $"  Note     {note}";
    }
}
