// Which disks a person means, and whether they may be used so.
using System.Globalization;
using BootConsole.Core;
using BootConsole.Disks;
using BootConsole.Disks.Access;
using BootConsole.Disks.Finding;
using BootConsole.Host;
using BootConsole.Images;
using BootConsole.Stores;
using BootConsole.Stores.Directories;

namespace BootConsole.Appliance.Commands;

/// <summary>A disk to restore to, chosen and checked, not opened yet.</summary>
/// <param name="Number">Disk number in the image.</param>
/// <param name="Info">The target. For a file that is not there yet: as it will be.</param>
/// <param name="IsNew">True when a new image file is made, so that nothing is overwritten.</param>
internal sealed record RestoreTarget(int Number, DiskInfo Info, bool IsNew)
{
    /// <summary>Opens it for writing; makes a new file.</summary>
    internal IWritableDisk OpenForWriting() => IsNew ? WritableDiskFile.Create(Info.Path, Info.Length, Info.SectorBytes) : OpenDisk.ForWriting(Info);

    /// <summary>Opens it anew for reading.</summary>
    internal IDisk OpenAgain() => OpenDisk.ForReading(IsNew ? ImageFileProbe.Describe(Info.Path, Info.SectorBytes) : Info);
}

/// <summary>Reads <c>--disk</c>.</summary>
internal static class DiskChoice
{
    /// <summary>Takes stock of this PC's disks.</summary>
    internal static Task<DiskInventory> FindAsync(CommandSession session, IReadStore? store) =>
        new DiskFinder(session.Services.Programs).FindAsync(DiskSurvey.Surroundings(store?.LocalFolder), session.Cancel);

    /// <summary>The disks to back up, each once.</summary>
    internal static async Task<IReadOnlyList<DiskInfo>> ForBackupAsync(CommandSession session, string[] texts, IReadStore store)
    {
        var inventory = await FindAsync(session, store);
        var selector = new DiskSelector(inventory);
        var disks = texts.SelectMany(text => text == "all" ? selector.ResolveAll(DiskPurpose.Backup) : [selector.Resolve(text, DiskPurpose.Backup, SectorSize(session))]).ToList();
        RequireDifferent(inventory, disks);
        return disks;
    }

    /// <summary>The targets of a restore, one for each disk that was named.</summary>
    internal static async Task<IReadOnlyList<RestoreTarget>> ForRestoreAsync(CommandSession session, ImageReader image, string[] texts, IReadStore store)
    {
        var inventory = await FindAsync(session, store);
        var targets = new List<RestoreTarget>();
        foreach (var (number, text) in Numbered(image, texts))
        {
            targets.Add(IsNewFile(text)
                ? new RestoreTarget(number, NewFile(text, SectorSize(session) ?? image.Manifest.Disks[number].SectorBytes, image.Manifest.Disks[number].Size, inventory), IsNew: true)
                : new RestoreTarget(number, new DiskSelector(inventory).Resolve(text, DiskPurpose.Restore, SectorSize(session) ?? BlankFileSectors(text, image.Manifest.Disks[number])), IsNew: false));
        }

        RequireDifferent(inventory, [.. targets.Select(target => target.Info)]);
        return targets;
    }

    /// <summary>The disks to hold against an image.</summary>
    internal static async Task<IReadOnlyList<(int Number, DiskInfo Info)>> ForImageAsync(CommandSession session, ImageReader image, string[] texts, IReadStore store)
    {
        var selector = new DiskSelector(await FindAsync(session, store));
        return [.. Numbered(image, texts).Select(choice => (choice.Number, selector.Resolve(choice.Text, DiskPurpose.Backup, SectorSize(session))))];
    }

    /// <summary>Takes <c>1=D</c> apart; a bare D means disk 0 of an image with one disk.</summary>
    internal static IReadOnlyList<(int Number, string Text)> Numbered(ImageReader image, string[] texts)
    {
        var choices = new List<(int Number, string Text)>();
        foreach (var text in texts)
        {
            var equals = text.IndexOf('=', StringComparison.Ordinal);
            if (equals > 0 && int.TryParse(text.AsSpan(0, equals), NumberStyles.None, CultureInfo.InvariantCulture, out var number)) choices.Add((number, text[(equals + 1)..]));
            else if (image.Manifest.Disks.Count == 1) choices.Add((0, text));
            else throw new UsageFault("the image has several disks: say which goes where") { Which = "--disk", Found = text, Expected = "0=D, 1=D …", Remedy = "'bootconsole show' lists the disks of the image." };
        }

        foreach (var (number, text) in choices)
            if (number >= image.Manifest.Disks.Count) throw new UsageFault("the image has no such disk") { Which = text, Expected = $"0 to {image.Manifest.Disks.Count - 1}", Found = $"{number}" };
        if (choices.GroupBy(choice => choice.Number).FirstOrDefault(group => group.Count() > 1) is { } twice)
            throw new UsageFault("a disk of the image is named twice") { Which = "--disk", Found = $"{twice.Key}" };
        return choices;
    }

    private static int? SectorSize(CommandSession session) => session.Arguments.GetValue(CommonOptions.SectorSize);

    private static bool IsNewFile(string text) =>
        text is not ("only" or "all") && !text.StartsWith("serial:", StringComparison.Ordinal) && !text.StartsWith("wwn:", StringComparison.Ordinal)
        && !text.StartsWith("/dev/", StringComparison.Ordinal) && !Path.Exists(text) && Directory.Exists(Path.GetDirectoryName(Path.GetFullPath(text)));

    // A blank file says nothing about its sectors; it is then taken for what the image needs. One with a table of its own is not.
    internal static int? BlankFileSectors(string text, ManifestDisk disk)
    {
        if (disk.SectorBytes == 512 || LinuxNames.Resolve(text) is not { } path || FileIdentity.Of(path)?.Kind != FileKind.Regular || new FileInfo(path).Length % disk.SectorBytes != 0) return null;
        using var file = DiskFile.Open(ImageFileProbe.Describe(text, 512));
        var head = new byte[Math.Min(file.Info.Length, 64 << 10)];
        file.Read(0, head);
        return head.AsSpan().ContainsAnyExcept((byte)0) ? null : disk.SectorBytes;
    }

    private static DiskInfo NewFile(string text, int sectorBytes, long bytes, DiskInventory inventory)
    {
        var path = Path.GetFullPath(text);
        var folder = Path.GetDirectoryName(path)!;
        if (inventory.StoreFolder is { } store && ((LinuxNames.Resolve(folder) ?? folder) + "/").StartsWith(store + "/", StringComparison.Ordinal))
            throw new RefusedFault("the target lies in the store") { Which = text, Found = $"the store is {store}", Remedy = "Choose a folder outside the store." };
        return new DiskInfo
        {
            Path = text,
            CanonicalPath = path,
            Length = bytes,
            SectorBytes = sectorBytes,
            PhysicalSectorBytes = sectorBytes,
            IsImageFile = true,
            Attachment = "file",
        };
    }

    /// <summary>Refuses a disk that is named twice, under whatever names.</summary>
    internal static void RequireDifferent(DiskInventory inventory, IReadOnlyList<DiskInfo> disks)
    {
        for (var i = 0; i < disks.Count; i++)
            for (var j = 0; j < i; j++)
                if (inventory.AreSame(disks[i], disks[j]) || disks[i].CanonicalPath == disks[j].CanonicalPath)
                    throw new RefusedFault("the same disk is named twice") { Which = disks[i].Path, Found = $"{disks[j].Path} and {disks[i].Path} are one disk" };
    }
}
