// The fallback loader of a restored disk: what firmware starts from a disk that it has no boot entry for (UEFI 2.10, 3.5.1.1), such as that of another PC.
using BootConsole.Core;
using BootConsole.Disks.Tables;
using BootConsole.Disks.UsedMaps;
using BootConsole.Host;
using BootConsole.Host.Efi;

namespace BootConsole.Disks.Booting;

/// <summary>Makes sure of <c>\EFI\BOOT\BOOTX64.EFI</c>. Never overwrites a file, and nothing that fails here loses what was restored.</summary>
public sealed class EfiFallback(IProgramRunner programs)
{
    /// <summary>Its path as firmware writes it.</summary>
    public const string Loader = EfiLoader.FallbackFolder + "BOOTX64.EFI";

    private const string SystemPartition = "C12A7328-F81F-11D2-BA4B-00A0C93EC93B";

    /// <summary>Copies the installed loader there when the disk is a GPT one with an EFI system partition that holds a loader, and none of these partitions has a fallback.</summary>
    /// <param name="disk">The disk, its tables written and flushed; what is written here, the caller flushes.</param>
    /// <param name="recorded">The boot entries that start from a partition of the disk, in the firmware's order.</param>
    /// <returns>Empty when nothing was to be done; else a sentence: what was written, or why it was not and what to do by hand.</returns>
    public async Task<string> EnsureAsync(IDisk disk, Func<Partition, IReadOnlyList<EfiLoadOption>> recorded)
    {
        using var folder = new PassingFolder();
        try
        {
            var layout = PartitionTables.Read(disk);
            var partitions = layout.Kind == TableKind.Gpt ? layout.Partitions.Where(partition => partition.Type == SystemPartition && IsFat(disk, partition)).ToList() : [];
            List<(Partition Partition, FatFiles Files, IReadOnlySet<string> List)> listed = [];
            foreach (var partition in partitions)
            {
                var files = new FatFiles(programs, disk.Info, partition.Range);
                listed.Add((partition, files, await files.ListAsync()));
            }

            if (listed.Any(place => place.List.Contains(Loader))) return "";
            foreach (var (partition, files, list) in listed)
                foreach (var loader in EfiLoader.Candidates(list, recorded(partition)))
                    if (await IsX64Async(files, loader.Path, folder)) return await CopyAsync((partition, files, list), loader, folder);
            return "";
        }
        catch (Exception trouble) when (IsExpected(trouble))
        {
            return $"Whether the disk has a loader for a PC that does not know it ({Loader}) could not be seen: {Words(trouble)}. What was restored is safe. If a PC does not start from the disk, choose its loader in the firmware's menu.";
        }
    }

    private static async Task<bool> IsX64Async(FatFiles files, string path, PassingFolder folder)
    {
        await files.ReadAsync(path, folder.File);
        return EfiProgram.IsX64(folder.File);
    }

    // The loader last: without it nothing looks at what is beside it.
    private static async Task<string> CopyAsync((Partition Partition, FatFiles Files, IReadOnlySet<string> List) place, EfiLoader loader, PassingFolder folder)
    {
        List<(string From, string To)> copies = [.. loader.Companions.Select(name => (loader.Folder + name, EfiLoader.FallbackFolder + name)).Where(copy => !place.List.Contains(copy.Item2)), (loader.Path, Loader)];
        List<string> made = [];
        try
        {
            if (!place.List.Contains(EfiLoader.FallbackFolder)) await place.Files.MakeFolderAsync(EfiLoader.FallbackFolder.TrimEnd('\\'));
            foreach (var (from, to) in copies)
            {
                await place.Files.ReadAsync(from, folder.File);
                await place.Files.AddAsync(folder.File, to);
                made.Add(to);
            }

            var beside = loader.Companions.Count > 0 ? $", and {string.Join(", ", loader.Companions)} are beside it" : "";
            return $"Partition {place.Partition.Number} had no {Loader}, which a PC starts that does not know the disk; it is a copy of {loader.Path} now{beside}.";
        }
        catch (Exception trouble) when (IsExpected(trouble))
        {
            foreach (var path in made) await place.Files.TryRemoveAsync(path);
            return $"A PC that does not know the disk may not start from it: {Loader} could not be made on partition {place.Partition.Number} ({Words(trouble)}). What was restored is safe. By hand: choose {loader.Path} in the firmware's menu, or copy it to {Loader}.";
        }
    }

    private static bool IsFat(IDisk disk, Partition partition)
    {
        try
        {
            FatBootSector.Read(new PartitionReader(disk, partition.Range, new JobProgress(), CancellationToken.None));
            return true;
        }
        catch (UnprovenMapException)
        {
            return false;
        }
    }

    private static bool IsExpected(Exception trouble) => trouble is IOException or UnauthorizedAccessException or Fault;

    private static string Words(Exception trouble) => (trouble is Fault { Which.Length: > 0 } fault ? $"{fault.Message}: {fault.Which}" : trouble.Message).TrimEnd('.');

    // One file at a time: in the boot environment it lies in memory.
    private sealed class PassingFolder : IDisposable
    {
        private readonly string _folder = Directory.CreateTempSubdirectory("bootconsole-efi-").FullName;

        internal string File => Path.Combine(_folder, "file");

        public void Dispose() => Directory.Delete(_folder, recursive: true);
    }
}
