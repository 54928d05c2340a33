// What screens ask for. Records alone: a test sees what would be done without doing it; the workbench does it.
using BootConsole.Appliance.Setup;
using BootConsole.Core;
using BootConsole.Disks.Finding;
using BootConsole.Images;
using BootConsole.Jobs;
using BootConsole.Settings;

namespace BootConsole.Appliance.Screens;

/// <summary>Something to be done outside the screens.</summary>
internal abstract record Effect;

/// <summary>Switches the PC off or starts it anew: <see cref="PowerTold"/>, and a moment later this program is ended.</summary>
internal sealed record TurnOff(PowerAction Action) : Effect;

/// <summary>Lists the disks of this PC: <see cref="DisksFound"/>.</summary>
internal sealed record FindDisks : Effect;

/// <summary>Looks at a disk or image file by its path, serial or WWN (see <see cref="DiskChoice"/>): <see cref="DiskNamed"/>.</summary>
internal sealed record NameDisk(string Path, DiskPurpose Purpose) : Effect;

/// <summary>Opens a store, and closes the one that was open: <see cref="StoreOpened"/>.</summary>
internal sealed record OpenTheStore(StoreWay Way, bool IsForBackup) : Effect;

/// <summary>Lists the images of the open store: <see cref="ImagesListed"/>.</summary>
internal sealed record ListImages : Effect;

/// <summary>Opens a key set of the open store for a backup: <see cref="KeysReady"/>.</summary>
/// <param name="Password">Its password.</param>
/// <param name="KeyId">The key id of a backup that is gone on with; null for the set that this PC has, or a new one that is made ready to be published.</param>
internal sealed record UseBackupKeys(TypedSecret Password, string? KeyId = null) : Effect;

/// <summary>Opens the key set of an image: <see cref="KeysReady"/>.</summary>
internal sealed record UseImageKeys(ImageListing Image, TypedSecret Password) : Effect;

/// <summary>Opens the key set of an image with the key that the settings name: <see cref="KeysReady"/>.</summary>
internal sealed record UseImageKeyFile(ImageListing Image, RestoreKey Key) : Effect;

/// <summary>Plans a backup: <see cref="PlanMade"/>.</summary>
internal sealed record PlanBackup(BackupOrder Order) : Effect;

/// <summary>Runs the backup that was planned last.</summary>
internal sealed record RunBackup(BackupOrder Order) : Effect;

/// <summary>Plans a restore: <see cref="PlanMade"/>.</summary>
internal sealed record PlanRestore(RestoreOrder Order) : Effect;

/// <summary>Runs the restore that was planned last.</summary>
/// <param name="Order">What was planned.</param>
/// <param name="Tokens">What the person typed for each target, in the order of the targets: it must be what the target says of itself.</param>
internal sealed record RunRestore(RestoreOrder Order, IReadOnlyList<string> Tokens) : Effect;

/// <summary>Checks an image.</summary>
internal sealed record RunVerify(ImageListing Image, bool IsKeyless) : Effect;

/// <summary>Removes an image and what no other image needs.</summary>
internal sealed record RunDelete(ImageId Image) : Effect;

/// <summary>Holds the running job up, or lets it go on.</summary>
internal sealed record PauseWork(bool IsPaused) : Effect;

/// <summary>Stops the running job.</summary>
/// <param name="Choice">What becomes of an unfinished image.</param>
internal sealed record CancelWork(CancelChoice Choice) : Effect;

/// <summary>Zeroes what was typed.</summary>
internal sealed record ForgetSecret(TypedSecret Secret) : Effect;

/// <summary>Writes the event log into a file: <see cref="LogSaved"/>.</summary>
internal sealed record SaveLog(string Path, IReadOnlyList<string> Lines) : Effect;

/// <summary>Looks at the network: <see cref="NetworkSeen"/>.</summary>
internal sealed record LookAtNetwork : Effect;

/// <summary>Sets the network up, until the PC is switched off: <see cref="NetworkApplied"/>.</summary>
internal sealed record ApplyNetwork(PcSettings Pc) : Effect;

/// <summary>Tries the way to a server: <see cref="NetworkTested"/>.</summary>
/// <param name="Server">The server; null when the settings name none.</param>
internal sealed record TestNetwork(SftpAddress? Server) : Effect;

/// <summary>Lists keyboard layouts: <see cref="LayoutsFound"/>.</summary>
internal sealed record ListLayouts : Effect;

/// <summary>Loads a keyboard layout: <see cref="LayoutLoaded"/>.</summary>
internal sealed record LoadLayout(string Layout) : Effect;

/// <summary>Gets this PC its key: <see cref="EnrolmentProgressed"/>, then <see cref="EnrolmentSeen"/>.</summary>
/// <param name="Place">The server.</param>
/// <param name="Code">The code, as it was typed.</param>
internal sealed record EnrolPc(EnrolmentPlace Place, TypedSecret Code) : Effect;

/// <summary>Looks whether this PC has its key by now, and gives up an enrolment that is under way: <see cref="EnrolmentSeen"/>.</summary>
internal sealed record LookForKey(EnrolmentPlace Place) : Effect;

/// <summary>Compares the clocks of this PC and a store: <see cref="ClocksCompared"/>.</summary>
internal sealed record CompareClocks(StoreWay Way) : Effect;

/// <summary>Leaves the console for a shell until it ends.</summary>
internal sealed record RunShell : Effect;

/// <summary>Paints the whole screen anew.</summary>
internal sealed record Repaint : Effect;

/// <summary>Ends the console, and begins the unattended job of the settings anew.</summary>
internal sealed record BeginJob : Effect;

/// <summary>Ends the console.</summary>
internal sealed record Leave : Effect;
