// Makes a boot medium: parts, image, final name. Everything that can be refused was refused before.
using BootConsole.Core;
using BootConsole.Host;

namespace BootConsole.Media.Building;

/// <summary>Makes boot media. The same order makes the same bytes.</summary>
public sealed class MediaBuilder
{
    // What a medium takes besides kernel, root and settings: boot loaders, file system, alignment.
    private const long LoaderBytes = 40L << 20;

    private readonly IProgramRunner _runner;
    private readonly BootLoaders _loaders;

    /// <summary>Builds with the boot loaders of this machine.</summary>
    /// <param name="runner">Runs the programs that make file systems and images.</param>
    public MediaBuilder(IProgramRunner runner) : this(runner, new BootLoaders("/")) { }

    internal MediaBuilder(IProgramRunner runner, BootLoaders loaders) => (_runner, _loaders) = (runner, loaders);

    /// <summary>Refuses what can be refused before anything is written; making the medium asks the same again.</summary>
    /// <exception cref="UsageFault">An option cannot be.</exception>
    /// <exception cref="RefusedFault">The medium cannot be made there.</exception>
    public static void Check(MediumOrder order)
    {
        order = Checked(order);
        Workplace.Check(order.Target, NeedBytes(order));
    }

    /// <summary>Makes a medium and gives it its name.</summary>
    /// <returns>Bytes of the medium.</returns>
    /// <exception cref="UsageFault">An option cannot be.</exception>
    /// <exception cref="RefusedFault">It cannot be made there; nothing was written.</exception>
    /// <exception cref="HostFault">A program or a boot loader is missing or failed; nothing has the final name.</exception>
    public async Task<long> BuildAsync(MediumOrder order, CancellationToken cancel)
    {
        using var made = await MakeAsync(order, cancel);
        made.Publish();
        return made.Bytes;
    }

    /// <summary>Makes a medium that has no name yet.</summary>
    /// <exception cref="UsageFault">An option cannot be.</exception>
    /// <exception cref="RefusedFault">It cannot be made there; nothing was written.</exception>
    /// <exception cref="HostFault">A program or a boot loader is missing or failed.</exception>
    public async Task<MadeMedium> MakeAsync(MediumOrder order, CancellationToken cancel)
    {
        order = Checked(order);
        var place = Workplace.Make(order.Target, NeedBytes(order));
        try
        {
            await FillAsync(order, place, cancel);
            var medium = place[Workplace.Medium];
            // An image holds the PC's keys: whoever made it hands it on.
            if (!Directory.Exists(medium)) LinuxNames.SetMode(medium, UnixFileMode.UserRead | UnixFileMode.UserWrite);
            cancel.ThrowIfCancellationRequested();
            place.Flush();
            return new MadeMedium(place);
        }
        catch
        {
            place.Dispose();
            throw;
        }
    }

    private async Task FillAsync(MediumOrder order, Workplace place, CancellationToken cancel)
    {
        var programs = new MediaPrograms(_runner, place.Folder, order.Base.Made, cancel);
        var parts = MediumParts.Lay(order, place);
        await (order.Kind switch
        {
            MediumKind.Iso => IsoMedium.MakeAsync(order, parts, place, programs, _loaders),
            MediumKind.Usb => UsbMedium.MakeAsync(order, parts, place, programs, _loaders),
            MediumKind.Uki => UkiMedium.MakeAsync(order, place, programs, _loaders),
            _ => PxeTree.MakeAsync(place, programs, _loaders),
        });
    }

    // The parts of a unified kernel image are there a second time, joined, while it is made.
    private static long NeedBytes(MediumOrder order) => (order.Kind == MediumKind.Uki ? 2 : 1) * (order.Base.Bytes + order.Pc.Bytes.Length) + LoaderBytes;

    private static MediumOrder Checked(MediumOrder order)
    {
        const long least = 16L << 20, step = 1 << 20;
        foreach (var word in order.KernelOptions) BootMenu.KernelOption(word);
        if (order.RoomBytes > 0 && order.Kind != MediumKind.Usb) throw new UsageFault("only a USB medium has room for backups") { Which = "--room" };
        if (order.RoomBytes is not 0 and (< least or > UsbMedium.MaxRoomBytes))
            throw new UsageFault("the room for backups is too small or too large") { Which = "--room", Found = ByteSize.Format(order.RoomBytes), Expected = $"{ByteSize.Format(least)} to {ByteSize.Format(UsbMedium.MaxRoomBytes)}" };
        return order with { Serial = order.Serial.Length > 0 ? BootMenu.SerialPort(order.Serial) : "", RoomBytes = order.RoomBytes / step * step };
    }
}
