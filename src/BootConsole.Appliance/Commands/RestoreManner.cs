// What is different about a restore when nobody is there to look.
using BootConsole.Core;
using BootConsole.Disks;

namespace BootConsole.Appliance.Commands;

/// <summary>How a restore is run. As it stands: as the command line says.</summary>
internal sealed record RestoreManner
{
    /// <summary>The PC whose newest image <c>latest</c> is; null for that of any PC in the store.</summary>
    public string? LatestOf { get; init; }

    /// <summary>False where a target file that is not there is a disk that is absent, and not a file to be made.</summary>
    public bool MayMakeFiles { get; init; } = true;

    /// <summary>True to check everything that can be refused, and to end there.</summary>
    public bool IsRehearsal { get; init; }

    /// <summary>Called when everything was checked and nothing was written: the image, and the disks that it goes onto. Null for nothing.</summary>
    public Func<ImageId, IReadOnlyList<DiskInfo>, Task>? BeforeWriting { get; init; }
}
