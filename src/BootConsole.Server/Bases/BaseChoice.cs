// Which imported base a boot image is made from, and that it is still what was imported.
using BootConsole.Core;
using BootConsole.Media.Bases;
using BootConsole.Server.Catalogue;

namespace BootConsole.Server.Bases;

/// <summary>Finds bases in <c>bases/</c>.</summary>
internal static class BaseChoice
{
    /// <summary>Finds a base by the beginning of its name; the one that was imported last when none is named.</summary>
    /// <exception cref="UsageFault">There is none, or several begin so.</exception>
    internal static ImportedBase Find(IReadOnlyList<ImportedBase> bases, string? name)
    {
        if (bases.Count == 0) throw new UsageFault("no base has been imported") { Remedy = "'bootserver base import DIR' takes in what 'make image' wrote." };
        if (name is null) return bases[^1];
        if (bases.FirstOrDefault(known => known.Folder == name) is { } exact) return exact;
        var fitting = bases.Where(known => name.Length > 0 && known.Folder.StartsWith(name, StringComparison.Ordinal)).ToList();
        return fitting.Count == 1 ? fitting[0] : throw new UsageFault(fitting.Count == 0 ? "there is no base of this name" : "several bases begin so") { Which = name, Expected = Known.Of(bases.Select(known => known.Folder)), Remedy = "'bootserver base list' shows all." };
    }

    /// <summary>Opens an imported base and checks every byte of it.</summary>
    /// <exception cref="RefusedFault">Something of it is missing or damaged.</exception>
    internal static BaseFolder Open(ServerTree tree, ImportedBase known)
    {
        var folder = Path.Combine(tree.Bases, known.Folder);
        try
        {
            var opened = BaseFolder.Open(folder);
            return BaseImport.RecordHash(folder) == known.Sha256 ? opened : throw new RefusedFault("its record is not the one that was imported") { Which = folder };
        }
        catch (RefusedFault damage)
        {
            throw new RefusedFault("the imported base is missing or damaged", damage) { Which = known.Folder, Found = FaultSentence.Of(damage), Remedy = "Import the same base once more with 'bootserver base import DIR': that mends it. Or name another by --base." };
        }
    }
}
