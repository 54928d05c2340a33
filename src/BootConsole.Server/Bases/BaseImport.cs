// Takes a base into the server's folder: whole, checked, and on the disk before the catalogue knows of it.
using System.Security.Cryptography;
using BootConsole.Core;
using BootConsole.Host;
using BootConsole.Media.Bases;
using BootConsole.Server.Catalogue;

namespace BootConsole.Server.Bases;

/// <summary>What an import did.</summary>
internal enum ImportOutcome
{
    /// <summary>The base is new here.</summary>
    Imported,

    /// <summary>It was here before.</summary>
    WasThere,

    /// <summary>It was here before, damaged, and was replaced.</summary>
    Repaired,
}

/// <summary>Imports bases into <c>bases/</c> (docs/bootserver.md, "base import").</summary>
internal sealed class BaseImport(ServerTree tree, CatalogueFile catalogue, TimeProvider clock)
{
    private const UnixFileMode ForFiles = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead;
    private const UnixFileMode ForFolders = ForFiles | UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;

    /// <summary>SHA-256 of a base's record, in hexadecimal digits: what a base is known by, for the record names the sums of the other files.</summary>
    internal static string RecordHash(string folder) => Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(Path.Combine(folder, BaseFolder.Record))));

    /// <summary>Imports a base; the same one again is no fault, and mends what is here of it.</summary>
    /// <param name="source">A folder with vmlinuz, base.img and base.json.</param>
    /// <exception cref="RefusedFault">Something of it is missing or damaged, or there is too little space.</exception>
    internal (ImportedBase Base, ImportOutcome Outcome) Run(string source)
    {
        var found = BaseFolder.Open(source);
        var hash = RecordHash(source);
        var known = catalogue.Read(rows => rows.Bases()).FirstOrDefault(known => known.Sha256 == hash);
        if (known is not null && IsWhole(known)) return (known, ImportOutcome.WasThere);
        CheckSpace(found.Bytes);
        var staging = Path.Combine(tree.Bases, $".import-{Guid.NewGuid():N}");
        try
        {
            Copy(source, staging);
            // What was copied is held against the sums, not what was read a moment before.
            if (BaseFolder.Open(staging).Hashes != found.Hashes || RecordHash(staging) != hash) throw new RefusedFault("the base changed while it was copied") { Which = source, Remedy = "Wait until it is finished, then import it again." };
            return known is null ? Add(new ImportedBase(0, Name(found, hash), found.Version, found.KernelRelease, found.Made, hash, clock.GetUtcNow()), staging) : (Repair(known, staging), ImportOutcome.Repaired);
        }
        finally
        {
            if (Directory.Exists(staging)) Directory.Delete(staging, recursive: true);
        }
    }

    /// <summary>True when the files of an imported base are what they were.</summary>
    internal bool IsWhole(ImportedBase known)
    {
        try
        {
            var folder = Path.Combine(tree.Bases, known.Folder);
            BaseFolder.Open(folder);
            return RecordHash(folder) == known.Sha256;
        }
        catch (RefusedFault)
        {
            return false;
        }
    }

    private (ImportedBase Base, ImportOutcome Outcome) Add(ImportedBase imported, string staging) => catalogue.Change("base imported", imported.Folder, changes =>
    {
        // Of two imports at once the second finds the first one's.
        if (changes.Bases().FirstOrDefault(other => other.Sha256 == imported.Sha256) is { } other) return (other, ImportOutcome.WasThere);
        var id = changes.AddBase(imported);
        // Renamed before the change is final: a crash between leaves a folder that nobody knows, never an entry without one.
        TakeAway(imported.Folder);
        Publish(staging, imported.Folder);
        return (imported with { Id = id }, ImportOutcome.Imported);
    });

    private ImportedBase Repair(ImportedBase known, string staging) => catalogue.Change("base repaired", known.Folder, _ =>
    {
        TakeAway(known.Folder);
        Publish(staging, known.Folder);
        return known;
    });

    // What an import that was cut off between name and catalogue left, or what is damaged.
    private void TakeAway(string name)
    {
        var folder = Path.Combine(tree.Bases, name);
        if (!Directory.Exists(folder)) return;
        var aside = Path.Combine(tree.Bases, $".old-{Guid.NewGuid():N}");
        LinuxNames.RenameWithoutReplacing(folder, aside);
        Directory.Delete(aside, recursive: true);
    }

    private void Publish(string staging, string name)
    {
        LinuxNames.RenameWithoutReplacing(staging, Path.Combine(tree.Bases, name));
        LinuxNames.FlushFolder(tree.Bases);
    }

    private void CheckSpace(long bytes)
    {
        Directory.CreateDirectory(tree.Bases);
        using var folder = LinuxFolder.Open(tree.Bases);
        var free = folder.FindSpace().Free;
        if (free < bytes) throw new RefusedFault("there is too little space for the base") { Which = tree.Bases, Expected = $"{ByteSize.Format(bytes)} free", Found = ByteSize.Format(free), Remedy = "Make room on the server's file system, then import it again." };
    }

    private static void Copy(string source, string staging)
    {
        LinuxNames.MakePrivateFolder(staging);
        foreach (var name in BaseFolder.Files)
        {
            var target = Path.Combine(staging, name);
            File.Copy(Path.Combine(source, name), target);
            LinuxNames.SetMode(target, ForFiles);
            using var file = LinuxFile.Open(target, OpenFor.Reading);
            file.Flush();
        }

        LinuxNames.SetMode(staging, ForFolders);
        LinuxNames.FlushFolder(staging);
    }

    // The version comes out of a file, and becomes part of a path.
    private static string Name(BaseFolder found, string hash)
    {
        var version = string.Concat(found.Version.Where(letter => char.IsAsciiLetterOrDigit(letter) || letter is '.' or '-' or '+' or '~')).TrimStart('.', '-');
        return $"{(version.Length is > 0 and <= 60 ? version : "base")}-{hash[..12]}";
    }
}
