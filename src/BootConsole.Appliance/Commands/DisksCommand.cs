// bootconsole disks: what this PC has, and what would be refused and why.
using System.CommandLine;
using BootConsole.Appliance.Output;
using BootConsole.Core;
using BootConsole.Disks;
using BootConsole.Disks.Finding;

namespace BootConsole.Appliance.Commands;

/// <summary>Lists disks with their identity, partitions and refusals.</summary>
internal static class DisksCommand
{
    internal static Command Make(Services services)
    {
        var command = new Command("disks", "List the disks of this PC: identity, partitions, file systems, and what would be refused and why.");
        command.WithExamples("bootconsole disks", "bootconsole disks --json | jq '.disks[].serial'");
        command.Runs(services, "Nothing was changed.", RunAsync);
        return command;
    }

    private static async Task<ExitCode> RunAsync(CommandSession session)
    {
        var inventory = await DiskChoice.FindAsync(session, store: null);
        var documents = new List<DiskDocument>();
        foreach (var disk in inventory.Disks) documents.Add(await DescribeAsync(session, disk));
        session.Answer(new DisksDocument(documents), Documents.Context.DisksDocument);
        if (documents.Count == 0) session.Say("This PC has no disk.");
        foreach (var disk in documents) Show(session, disk);
        return ExitCode.Done;
    }

    private static async Task<DiskDocument> DescribeAsync(CommandSession session, FoundDisk disk)
    {
        var found = await DiskSurvey.LookAsync(session.Services.Programs, disk.Info, session.Cancel);
        IEnumerable<string> trouble = found.Trouble.Length > 0 ? [found.Trouble] : [];
        return new DiskDocument
        {
            Path = disk.Info.CanonicalPath,
            Size = disk.Info.Length,
            SectorBytes = disk.Info.SectorBytes,
            PhysicalSectorBytes = disk.Info.PhysicalSectorBytes,
            Model = disk.Info.Model,
            Serial = disk.Info.Serial,
            Wwn = disk.Info.Wwn,
            Attachment = disk.Info.Attachment,
            OverwriteToken = disk.Info.OverwriteToken,
            Table = found.Table switch { TableKind.Gpt => "gpt", TableKind.Mbr => "mbr", TableKind.None => "none", _ => null },
            Partitions = [.. found.Partitions.Select(part => new PartitionDocument(part.Partition.Number, part.Partition.Range.Start, part.Partition.Range.Length, part.Partition.Type, part.Partition.Name, part.Content.Kind, part.Content.Label))],
            BackupRefusals = [.. disk.Refusals.Where(refusal => refusal.Forbids(DiskPurpose.Backup)).Select(refusal => refusal.Sentence), .. trouble],
            RestoreRefusals = [.. disk.Refusals.Where(refusal => refusal.Forbids(DiskPurpose.Restore)).Select(refusal => refusal.Sentence)],
        };
    }

    private static void Show(CommandSession session, DiskDocument disk)
    {
        session.Say($"{disk.Path}  {ByteSize.Format(disk.Size)}  {disk.Attachment}  {disk.Model}".TrimEnd());
        session.Say($"  serial {(disk.Serial.Length > 0 ? disk.Serial : "none")}, WWN {(disk.Wwn.Length > 0 ? disk.Wwn : "none")}, sectors {disk.SectorBytes}/{disk.PhysicalSectorBytes} bytes, table {disk.Table ?? "unknown"}");
        foreach (var line in PlainTable.Lines([.. disk.Partitions.Select(Row)], indent: 4)) session.Say(line);
        foreach (var refusal in disk.BackupRefusals) session.Say($"  no backup:  {refusal}");
        foreach (var refusal in disk.RestoreRefusals.Except(disk.BackupRefusals)) session.Say($"  no restore: {refusal}");
        if (disk.RestoreRefusals.Count == 0) session.Say($"  to overwrite it: --yes-overwrite {disk.OverwriteToken}");
        session.Say();
    }

    private static string[] Row(PartitionDocument partition) =>
    [
        $"{partition.Number}",
        ByteSize.Format(partition.Length),
        partition.FileSystem.Length > 0 ? partition.FileSystem : "unknown",
        partition.Label.Length > 0 ? partition.Label : partition.Name,
        partition.Type,
    ];
}
