// The stick that a medium is to be written to: found and held against what the administrator said of it, before anything is written anywhere.
using System.CommandLine;
using BootConsole.Core;
using BootConsole.Disks;
using BootConsole.Disks.Access;
using BootConsole.Disks.Finding;
using BootConsole.Host;
using BootConsole.Media.Building;
using BootConsole.Server.Commands;
using BootConsole.Server.Output;

namespace BootConsole.Server.Sticks;

/// <summary>A device that may be overwritten by a medium.</summary>
internal sealed class StickOrder
{
    private readonly DiskInfo _device;

    private StickOrder(DiskInfo device) => _device = device;

    /// <summary>Its path, as the administrator named it.</summary>
    internal string Path => _device.Path;

    /// <summary>The stick of <c>--write</c> and <c>--device-serial</c>; null when the line names none.</summary>
    /// <exception cref="UsageFault">One of the two is missing, or such a medium is for no stick.</exception>
    /// <exception cref="RefusedFault">It is in use, cannot be taken out, or is another one.</exception>
    internal static async Task<StickOrder?> FindAsync(CommandSession session, MediumKind kind)
    {
        var (path, serial) = (session.Line.GetValue(MediumOptions.Write), session.Line.GetValue(MediumOptions.DeviceSerial));
        if (path is null) return serial is null ? null : throw new UsageFault("a device's serial number was given, and no device") { Which = "--device-serial", Remedy = "Name the device too: --write /dev/sdX." };
        if (kind is not (MediumKind.Usb or MediumKind.Iso)) throw new UsageFault("only usb and iso media are written to sticks") { Which = "--write", Found = kind.Name() };
        return await FindAsync(session, path, serial);
    }

    /// <summary>A stick by path and serial number.</summary>
    /// <inheritdoc cref="FindAsync(CommandSession, MediumKind)"/>
    internal static async Task<StickOrder> FindAsync(CommandSession session, string path, string? serial)
    {
        if (!path.StartsWith('/')) throw new UsageFault("the device is named by its path") { Which = "--write", Found = PlainText.Of(path), Expected = "a path such as /dev/sdX" };
        if (string.IsNullOrWhiteSpace(serial)) throw new UsageFault("the device's serial number is missing") { Which = "--device-serial", Remedy = $"'lsblk -d -o PATH,SIZE,MODEL,SERIAL {path}' shows it. It keeps another disk from being overwritten that has this path today." };
        var inventory = await new DiskFinder(session.Services.Programs).FindAsync(new DiskSurroundings(), session.Cancel);
        DiskInfo device;
        try
        {
            device = new DiskSelector(inventory).Resolve(path, DiskPurpose.Restore);
        }
        catch (RefusedFault refusal)
        {
            throw new RefusedFault("the device may not be written", refusal) { Which = path, Found = FaultSentence.Of(refusal), Remedy = "Unmount what is mounted from it; 'lsblk' shows what there is. Nothing but a whole stick that nobody uses is written." };
        }

        if (device.IsImageFile || device.Identity is not { } identity || inventory.Find(identity.Device) is not { } found) throw new RefusedFault("this is no device") { Which = path, Remedy = "--out makes files; --write takes a device such as /dev/sdX." };
        if (!found.IsRemovable && device.Attachment != "usb") throw new RefusedFault("the device cannot be taken out, so it is no stick") { Which = path, Found = Description(device), Remedy = "Look again at 'lsblk -o PATH,SIZE,MODEL,SERIAL,RM,TRAN'; this may be a disk of this machine." };
        if (device.Serial != serial) throw new RefusedFault("the device has another serial number") { Which = path, Expected = PlainText.Of(serial), Found = Description(device), Remedy = "Look again at 'lsblk -o PATH,SIZE,MODEL,SERIAL'." };
        return new StickOrder(device);
    }

    /// <summary>Refuses a medium that does not fit.</summary>
    /// <exception cref="RefusedFault">The stick is smaller.</exception>
    internal void CheckRoom(long bytes)
    {
        if (_device.Length < bytes) throw new RefusedFault("the medium does not fit onto the device") { Which = Path, Expected = $"{ByteSize.Format(bytes)} ({bytes} bytes)", Found = $"{ByteSize.Format(_device.Length)} ({_device.Length} bytes)", Remedy = "Take a larger stick, or less room by --room." };
    }

    /// <summary>Writes a finished medium and reads it back, with progress on standard error.</summary>
    /// <exception cref="HostFault">The device was taken by another program meanwhile: nothing was written to it.</exception>
    /// <exception cref="DiskFault">It cannot be written, or does not hold what was written.</exception>
    internal async Task WriteAsync(string medium, CommandSession session)
    {
        var progress = new JobProgress();
        var again = $"The medium {medium} is made. 'bootserver media write {medium} {Path} --device-serial {_device.Serial}' writes it once more.";
        try
        {
            using var device = OpenDisk.ForWriting(_device);
            await WriteProgress.ShowAsync(session, progress, () => Task.Run(() => new StickWriter(device, progress).Write(medium, session.Cancel), CancellationToken.None));
        }
        catch (RefusedFault refusal)
        {
            // By now the medium is there: this is no refusal with nothing written.
            throw new HostFault("the medium was made, and the device was not written", refusal) { Which = Path, Found = FaultSentence.Of(refusal), Remedy = again };
        }
        catch (DiskFault fault)
        {
            throw new DiskFault(fault.Message, fault) { Which = Path, Expected = fault.Expected, Found = fault.Found, Range = fault.Range, Problem = fault.Problem, Remedy = fault.Remedy.Length > 0 ? fault.Remedy : $"The stick is not whole. {again}" };
        }
    }

    private static string Description(DiskInfo device) => $"{ByteSize.Format(device.Length)}{(device.Model.Length > 0 ? " " + device.Model : "")}, {(device.Serial.Length > 0 ? $"serial {device.Serial}" : "no serial number")}";
}
