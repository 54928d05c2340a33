// A restore plan in words for the person who confirms it.
using BootConsole.Core;
using BootConsole.Disks;
using BootConsole.Disks.Tables;

namespace BootConsole.Jobs;

/// <summary>Says what a plan would do, every choice included.</summary>
internal static class RestoreSentences
{
    internal static IEnumerable<string> Of(RestorePlan plan)
    {
        yield return $"Image {plan.Image.Id}, disk {plan.Record.Path} ({ByteSize.Format(plan.Record.Size)}, {plan.Layout.Partitions.Count} partitions).";
        foreach (var sentence in What(plan)) yield return sentence;
        foreach (var sentence in Data(plan)) yield return sentence;
        yield return plan.Partitions.Count > 0
            ? "The first and last MiB of each of these partitions are zeroed first and written last, after everything else was read back."
            : "The old partition tables are zeroed first; the new ones are written last, after everything else was read back.";
        foreach (var sentence in Size(plan)) yield return sentence;
        foreach (var sentence in Growth(plan)) yield return sentence;
        foreach (var sentence in Ids(plan)) yield return sentence;
        foreach (var sentence in Unreadable(plan)) yield return sentence;
        if (plan.Image.Manifest.KeyId is null) yield return "The image is not encrypted and carries no signature: it is checked against damage, not against forgery.";
        foreach (var note in plan.Record.Notes) yield return note;
    }

    private static string Name(RestorePlan plan)
    {
        var target = plan.Target;
        return $"{target.CanonicalPath} ({ByteSize.Format(target.Length)}{(target.Model.Length > 0 ? ", " + target.Model : "")}{(target.Serial.Length > 0 ? ", serial " + target.Serial : "")})";
    }

    private static IEnumerable<string> What(RestorePlan plan)
    {
        if (plan.Partitions.Count == 0)
        {
            yield return $"Target {Name(plan)}: everything on it is lost.";
            yield break;
        }

        yield return $"Target {Name(plan)}: everything in the partitions that are named here is lost; nothing outside them is touched, the partition table included.";
        foreach (var partition in plan.Partitions)
            yield return $"Partition {partition.Number} ({ByteSize.Format(partition.Range.Length)}) is restored; image and target have it at byte {partition.Range.Start}.";
    }

    private static IEnumerable<string> Data(RestorePlan plan)
    {
        var (content, zero, skipped) = (ByteSize.Format(plan.ContentBytes), ByteSize.Format(plan.ZeroBytes), ByteSize.Format(plan.SkippedBytes));
        yield return plan.Options.OnlyDifferences
            ? $"The target is read first: {content} of content and {zero} of zeros are compared with the image, and only chunks that differ are fetched and written."
            : $"{content} are written, {zero} are zeroed.";
        if (plan.Options.OnlyDifferences)
            yield return "What is equal is not written and not read again; what is written is read back. If an earlier restore of this image was cut, this one writes what is missing.";
        yield return plan.Options.Unused switch
        {
            UnusedSpace.Discard => $"{ByteSize.Format(plan.SkippedBytes + plan.Shape.Beyond.TotalBytes)} that nothing uses are discarded after that: what was there may be lost or stay, as the device likes.",
            UnusedSpace.Wipe => "What nothing uses is zeroed too; old data does not stay there.",
            _ => $"{skipped} that nothing uses are left as they are.",
        };
    }

    private static IEnumerable<string> Size(RestorePlan plan)
    {
        if (plan.Partitions.Count > 0) yield break;
        var more = plan.Target.Length - plan.Record.Size;
        var rest = plan.Growth is null ? ", the rest stays unpartitioned" : "";
        if (more > 0 && plan.Layout.Gpt is not null && plan.Tables.Count > 0) yield return $"The target is larger by {ByteSize.Format(more)}: both partition tables are rebuilt for it{rest}.";
        else if (more > 0 && plan.Growth is null) yield return $"The target is larger by {ByteSize.Format(more)}, which stays unused.";
        else if (more < 0) yield return $"The target is smaller by {ByteSize.Format(-more)}: only unpartitioned space at the end is dropped.";
    }

    private static IEnumerable<string> Growth(RestorePlan plan)
    {
        if (plan.Growth is not { } growth) yield break;
        yield return $"Partition {growth.Partition.Number} grows from {ByteSize.Format(growth.Partition.Range.Length)} to {ByteSize.Format(growth.Grown.Length)}; its {growth.FileSystem} file system is grown when the tables are written, and then checked.";
        if (growth.IsNtfs) yield return "Windows checks the grown volume at its next start.";
        var limit = PartitionGrowth.MbrLimit(plan.Record.SectorBytes);
        if (plan.Layout.Kind == TableKind.Mbr && plan.Target.Length > limit) yield return $"An MBR reaches no farther than {ByteSize.Format(limit)}: what lies behind that stays unused.";
    }

    private static IEnumerable<string> Ids(RestorePlan plan)
    {
        if (!plan.Options.NewIds) yield break;
        var isGpt = plan.Layout.Gpt is not null;
        yield return isGpt ? "The disk and each of its partitions get new random GUIDs." : "The disk gets a new random signature.";
        yield return $"What names the old ids finds nothing any more: {(isGpt ? "boot entries of the firmware" : "the boot configuration of Windows")}, fstab and kernel lines with PARTUUID. BitLocker may ask for its recovery key, Windows may ask for activation.";
        yield return "The UUIDs and serial numbers of the file systems stay as in the image: beside the original disk in one PC they still clash.";
    }

    private static IEnumerable<string> Unreadable(RestorePlan plan)
    {
        if (plan.Lost.Count == 0) yield break;
        var lost = $"{plan.Lost.Count} ranges ({ByteSize.Format(plan.Lost.Sum(range => range.Length))}) could not be read when the image was made and are";
        yield return plan.Options.OnlyDifferences ? $"{lost} left as the target has them." : $"{lost} written as padding.";
    }
}
