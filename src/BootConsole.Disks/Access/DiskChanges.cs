// Is this still the disk that was chosen? Paths are given anew when disks come and go.
using BootConsole.Core;
using BootConsole.Host;

namespace BootConsole.Disks.Access;

/// <summary>Compares an open disk with what was known of it when a person or a script chose it.</summary>
internal static class DiskChanges
{
    /// <summary>Refuses a disk whose identity, sequence number or length is not the one it was chosen by.</summary>
    /// <exception cref="RefusedFault">It is another disk, or not the same size.</exception>
    internal static void Require(DiskInfo chosen, LinuxFile opened)
    {
        if (chosen.Identity is { } identity && !identity.IsSameAs(opened.Identity)) throw Other(chosen, identity.ToString(), opened.Identity.ToString());
        if (chosen.Sequence is { } sequence && opened.DiskSequence is { } found && found != sequence)
            throw Other(chosen, $"disk sequence number {sequence}", $"{found}");
        if (opened.Length != chosen.Length) throw Other(chosen, $"{chosen.Length} bytes", $"{opened.Length} bytes");
    }

    private static RefusedFault Other(DiskInfo chosen, string expected, string found) => new("the disk is not the one that was chosen")
    {
        Which = chosen.Path,
        Expected = expected,
        Found = found,
        Remedy = "Look at the list of disks again and choose anew.",
    };
}
