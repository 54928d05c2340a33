// From what a person or a script wrote to exactly one disk, or a refusal that says why.
using BootConsole.Core;
using BootConsole.Disks.Access;
using BootConsole.Host;

namespace BootConsole.Disks.Finding;

/// <summary>
/// Resolves disk names: the path of a device or of a link to one, the path of a disk-image file, <c>serial:…</c>, <c>wwn:…</c>, <c>only</c>. Never guesses:
/// what is unknown or fits several disks is refused, and the refusal lists what there is. Nothing was written when it throws.
/// </summary>
/// <param name="inventory">The disks of this PC.</param>
public sealed class DiskSelector(DiskInventory inventory)
{
    private const string SerialPrefix = "serial:";
    private const string WwnPrefix = "wwn:";
    private const int MostListed = 8;

    /// <summary>Finds the disk that is meant, free for the purpose.</summary>
    /// <param name="text">What was written.</param>
    /// <param name="purpose">What it is wanted for.</param>
    /// <param name="sectorBytes">Sector size of an image file where a person said it; null otherwise.</param>
    /// <exception cref="RefusedFault">No disk or more than one fits, or it must not be used so.</exception>
    /// <exception cref="UsageFault">Nothing, or a prefix with nothing behind it, was written.</exception>
    public DiskInfo Resolve(string text, DiskPurpose purpose, int? sectorBytes = null)
    {
        if (text == "only") return Only(purpose).Info;
        if (NameAfter(SerialPrefix, text) is { } serial) return Named(text, purpose, disk => disk.Info.Serial == serial);
        if (NameAfter(WwnPrefix, text) is { } wwn) return Named(text, purpose, disk => string.Equals(disk.Info.Wwn, wwn, StringComparison.OrdinalIgnoreCase));
        if (string.IsNullOrWhiteSpace(text)) throw NamesNothing(text);
        return ByPath(text, purpose, sectorBytes);
    }

    /// <summary>Every disk that may be used for the purpose, loop devices left out.</summary>
    /// <exception cref="RefusedFault">There is none.</exception>
    public IReadOnlyList<DiskInfo> ResolveAll(DiskPurpose purpose)
    {
        var candidates = inventory.Candidates(purpose).Select(disk => disk.Info).ToArray();
        return candidates.Length > 0 ? candidates : throw Refused("there is no disk that may be used", "all");
    }

    /// <summary>Refuses a target that is the source under another name, or two targets that are one disk.</summary>
    /// <exception cref="RefusedFault">They hold the same bytes.</exception>
    public void RequireDifferent(DiskInfo source, DiskInfo target)
    {
        if (inventory.AreSame(source, target))
            throw new RefusedFault("two names mean the same disk") { Which = target.Path, Found = $"{source.Path} and {target.Path} hold the same bytes" };
    }

    // An empty name would fit every disk that has none.
    private static string? NameAfter(string prefix, string text)
    {
        if (!text.StartsWith(prefix, StringComparison.Ordinal)) return null;
        var name = Printable.Of(text[prefix.Length..]);
        return name.Length > 0 ? name : throw NamesNothing(text);
    }

    private static UsageFault NamesNothing(string text) => new("a disk is named by nothing") { Which = text, Expected = "a path, serial:…, wwn:… or only" };

    private FoundDisk Only(DiskPurpose purpose)
    {
        var candidates = inventory.Candidates(purpose).ToArray();
        return candidates switch
        {
            [var single] => single,
            [] => throw Refused("there is no disk that may be used", "only"),
            _ => throw new RefusedFault("more than one disk may be meant") { Which = "only", Found = List(candidates), Remedy = "Name one of them." },
        };
    }

    private DiskInfo Named(string text, DiskPurpose purpose, Func<FoundDisk, bool> isMeant)
    {
        var fitting = inventory.Disks.Where(isMeant).ToArray();
        return fitting switch
        {
            [var single] => Usable(single, text, purpose),
            [] => throw Refused("there is no such disk", text),
            _ => throw new RefusedFault("more than one disk goes by this name") { Which = text, Found = List(fitting), Remedy = "Name it by its path." },
        };
    }

    private DiskInfo ByPath(string text, DiskPurpose purpose, int? sectorBytes)
    {
        try
        {
            var path = LinuxNames.Resolve(text);
            var identity = path is null ? null : FileIdentity.Of(path);
            return identity?.Kind switch
            {
                null => throw Refused("there is no such disk", text),
                FileKind.BlockDevice => Usable(inventory.Find(identity.Device) ?? throw NoDisk(text, identity.Device), text, purpose),
                FileKind.Regular => new ImageFileRules(inventory).Require(ImageFileProbe.Describe(text, sectorBytes), purpose),
                _ => throw Refused("this is neither a disk nor a disk-image file", text),
            };
        }
        catch (SystemCallException cause)
        {
            throw OpenErrors.Fault(cause);
        }
    }

    private static DiskInfo Usable(FoundDisk disk, string text, DiskPurpose purpose)
    {
        var refusal = disk.Refusals.FirstOrDefault(refusal => refusal.Forbids(purpose));
        return refusal is null
            ? disk.Info with { Path = text.StartsWith('/') ? text : disk.Info.Path }
            : throw new RefusedFault(purpose == DiskPurpose.Backup ? "the disk may not be backed up now" : "the disk may not be overwritten")
            {
                Which = disk.Info.CanonicalPath,
                Found = refusal.Sentence,
            };
    }

    private RefusedFault NoDisk(string text, DeviceNumber device) =>
        inventory.Others.FirstOrDefault(other => other.Device == device) is { } other
            ? new RefusedFault("this is not a whole disk") { Which = text, Found = other.Sentence, Expected = "a whole disk" }
            : Refused("this device is not in the list of disks", text);

    private RefusedFault Refused(string what, string text) => new(what)
    {
        Which = text,
        Found = inventory.Disks.Count > 0 ? List(inventory.Disks) : "no disk at all",
        Remedy = "See 'bootconsole disks' for what there is.",
    };

    // Loop devices come last, and a system can have dozens of them.
    private static string List(IReadOnlyList<FoundDisk> disks)
    {
        var shown = string.Join("; ", disks.OrderBy(disk => disk.IsLoop).Take(MostListed).Select(Describe));
        return disks.Count > MostListed ? $"{shown}; and {disks.Count - MostListed} more" : shown;
    }

    private static string Describe(FoundDisk disk)
    {
        var info = disk.Info;
        var names = new[] { info.Model, info.Serial.Length > 0 ? SerialPrefix + info.Serial : "", info.Wwn.Length > 0 ? WwnPrefix + info.Wwn : "" };
        return string.Join(' ', names.Where(name => name.Length > 0).Prepend(ByteSize.Format(info.Length)).Prepend(info.CanonicalPath));
    }
}
