// A medium that the kernel holds read-only while it is being mounted for reading.
using BootConsole.Core;
using BootConsole.Host;

namespace BootConsole.Stores.Mounts;

/// <summary>
/// Write protection of a device, taken off on dispose. <c>ro</c> is not enough: ext4 removes files that were deleted while they were open (its orphans) also when it is mounted read-only. Together with
/// <c>noload</c> it would do that on a state that the journal has not brought up to date, and the journal, played back later, would then damage the file system.
/// </summary>
internal sealed class MediumProtection : IDisposable
{
    private readonly LinuxFile? _device;

    private MediumProtection(LinuxFile? device) => _device = device;

    /// <summary>Protects a device, unless it is protected already or in use: where it is mounted, the kernel has done what it does at a first mount.</summary>
    /// <param name="device">Its path.</param>
    /// <exception cref="HostFault">The system refuses.</exception>
    internal static MediumProtection Of(string device)
    {
        try
        {
            return IsInUse(device) ? new MediumProtection(null) : Take(LinuxFile.Open(device, OpenFor.Reading));
        }
        catch (SystemCallException refusal)
        {
            throw new HostFault("the medium cannot be held read-only", refusal) { Which = device, Found = refusal.Message, Remedy = "Mount it first, and give the folder." };
        }
    }

    /// <summary>The device can be written again.</summary>
    public void Dispose()
    {
        using var device = _device;
        try
        {
            device?.SetReadOnlyDevice(false);
        }
        catch (SystemCallException)
        {
            // It was unplugged.
        }
    }

    private static MediumProtection Take(LinuxFile device)
    {
        var isOurs = false;
        try
        {
            if (device.IsReadOnlyDevice) return new MediumProtection(null);
            device.SetReadOnlyDevice(true);
            isOurs = true;
            return new MediumProtection(device);
        }
        finally
        {
            if (!isOurs) device.Dispose();
        }
    }

    // Opened for itself and closed again: mount wants the device for itself, too.
    private static bool IsInUse(string device)
    {
        try
        {
            LinuxFile.Open(device, OpenFor.Reading | OpenFor.Exclusive).Dispose();
            return false;
        }
        catch (SystemCallException refusal) when (refusal.Error == Errno.EBUSY)
        {
            return true;
        }
    }
}
